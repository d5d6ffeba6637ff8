"""A text as the matcher reads it: plain words, shorthand spelled out, fillers gone. Pure."""

import re
from functools import lru_cache
from typing import Final

from guichet.core.text import without_accents
from guichet.routing.intent_shorthand import FILLERS, SHORTHAND

_RUN: Final = re.compile(r"[\w']+")
_POLITE: Final = re.compile(
    r"\bs[' ]?il (?:vous|te|vs) pl[aâe][iî]?[ts]\b|\bexcuse[zr]?[ -]moi(?: de (?:vous|te) d[ée]ranger)?\b"
)
_ENGLISH_ENDINGS: Final = "ations ation ments ment ings ing edly ies es ed ly s e y"
_FRENCH_ENDINGS: Final = (
    "issements issement ances ance ences ence ables able iques ique ites ite ives ive ifs if iers ier ieres iere ees ee"
    " er ez ait aient ais ant ants ante antes x ion ions iez rais rait erais erait eront era erai aux al ales ale ir it"
    " is ent"
)
_ENDINGS: Final = tuple(sorted(f"{_ENGLISH_ENDINGS} {_FRENCH_ENDINGS}".split(), key=len, reverse=True))
_DOUBLED: Final = re.compile(r"(?<=.)([fglmnprt])\1")
_SHORTEST_STEM: Final = 3


def plain_words(text: str) -> list[str]:
    """Return the words that may tell the matter: folded, spelled out, numbers of three digits and more as `000`."""
    words = without_accents(" ".join(_spelled(text))).replace("'", " ").split()
    return ["000" if len(word) > 2 and word.isdigit() else word for word in words if word not in FILLERS]


def sentence(text: str) -> str:
    """Return the text as a sentence encoder reads it best: accents kept, shorthand spelled out, fillers gone."""
    return " ".join(run for run in _spelled(text) if run not in FILLERS)


def _spelled(text: str) -> list[str]:
    lowered = text.lower().replace("’", "'").replace("_", " ")
    # Accents are still there: "mé" is "mais", "me" is not.
    return [SHORTHAND.get(run, run) for run in _RUN.findall(_POLITE.sub(" ", lowered))]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Drop a French or English ending and doubled letters: `frape`, `frappé` and `frapper` have one stem."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word[: -len(ending)]
            break
    return _DOUBLED.sub(r"\1", word)
