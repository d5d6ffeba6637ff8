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
_ENDINGS: Final = tuple(
    sorted(
        (
            # English
            "ations ation ments ment ings ing edly ies es ed ly s e y"
            # French
            " issements issement atrices ateurs ateur ances ance ences ence ables able iques ique euses euse eurs eur"
            " ites ite ives ive ifs if iers ier ieres iere ees ee er ez ait aient ais ant ants ante antes x ions iez"
            " rais rait erais erait eront era erai aux al ales ale elles elle els el ir it is ent"
        ).split(),
        key=len,
        reverse=True,
    )
)
_SHORTEST_STEM: Final = 3


def plain_words(text: str) -> list[str]:
    """Return the words that may tell the matter: folded, spelled out, numbers of three digits and more as `000`."""
    found: list[str] = []
    lowered = text.lower().replace("’", "'").replace("_", " ")
    for run in _RUN.findall(_POLITE.sub(" ", lowered)):
        spelled = SHORTHAND.get(run, run)  # before accents go: "mé" is "mais", "me" is not
        for word in without_accents(spelled).replace("'", " ").split():
            if word not in FILLERS:
                found.append("000" if len(word) > 2 and word.isdigit() else word)
    return found


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Drop the ending of a French or English word: `inscriptions`, `inscription` and `inscrire` come close."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
