"""Words as they were said, folded and cut so that the grammars of this package can read them. Pure."""

import re
from dataclasses import dataclass

from guichet.core.language import Language
from guichet.core.text import without_accents

_PIECE = re.compile(r"\d+|[^\W\d_]+")
_SAME = {
    Language.FR: {
        "vingts": "vingt",
        "cents": "cent",
        "milles": "mille",
        "mil": "mille",
        "une": "un",
        "quatres": "quatre",
    },
    Language.EN: {"fourty": "forty", "ninty": "ninety", "hundreds": "hundred", "thousands": "thousand"},
}
"""Spellings of one number word."""


@dataclass(frozen=True, slots=True)
class Said:
    """Folded words and runs of digits; `glued` holds the places of those that a hyphen ties to the one before."""

    words: tuple[str, ...]
    glued: frozenset[int] = frozenset()


def said(text: str, language: Language) -> Said:
    """Cut a text: `quatre-vingts` is `quatre`, `vingt` (glued); `14h30` is `14`, `h`, `30`; `[unk]` is `unk`."""
    words: list[str] = []
    glued: set[int] = set()
    last_end, plain = 0, without_accents(text)
    for piece in _PIECE.finditer(plain):
        if plain[last_end : piece.start()] == "-" and words:
            glued.add(len(words))
        words.append(_SAME[language].get(piece.group(), piece.group()))
        last_end = piece.end()
    return Said(tuple(words), frozenset(glued))
