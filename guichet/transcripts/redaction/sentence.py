"""A text cut into words, runs of digits and signs, each with its place; labels stand as walls. Pure."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from guichet.core.language import Language
from guichet.core.text import fold
from guichet.transcripts.redaction.kinds import label_pattern

_start_of, _end_of = attrgetter("start"), attrgetter("end")
_PIECE = re.compile(r"\d+|[^\W\d_]+|(?!(?<=[^\W\d_])[-‐‑](?=[^\W\d_]))[^\s\w]|_")
"""A hyphen between two words is no piece: `quatre-vingt-dix` reads as `quatre vingt dix`."""
WALL = "[]"
"""The plain form of a label: nothing reaches over it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a run of digits or a sign: as it stands, folded to plain letters (signs stay), and its place."""

    text: str
    plain: str
    start: int
    end: int

    @property
    def is_digits(self) -> bool:
        """Whether it is a run of digits."""
        return self.text.isdecimal()

    @property
    def is_word(self) -> bool:
        """Whether it is a word."""
        return self.text[0].isalpha()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text of one language and its pieces in order."""

    text: str
    language: Language
    pieces: tuple[Piece, ...]

    def plain(self, place: int) -> str:
        """Return the plain form of a piece, empty beyond the ends."""
        return self.pieces[place].plain if 0 <= place < len(self.pieces) else ""

    def plains(self, start: int, end: int) -> tuple[str, ...]:
        """Return the plain forms of some pieces."""
        return tuple(piece.plain for piece in self.pieces[max(0, start) : end])

    def is_tight(self, place: int) -> bool:
        """Tell whether nothing stands between a piece and the one before it."""
        return 0 < place < len(self.pieces) and self.pieces[place - 1].end == self.pieces[place].start

    def places_in(self, start: int, end: int) -> range:
        """Return the places of the pieces between two characters."""
        first = bisect_right(self.pieces, start, key=_end_of)
        return range(first, bisect_left(self.pieces, end, key=_start_of))


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    """Fold a word; signs are left."""
    return fold(text).replace(" ", "") or text


def cut(text: str, language: Language) -> Sentence:
    """Cut a text."""
    pieces: list[Piece] = []
    last = 0
    walls = label_pattern().finditer(text) if "[" in text else ()
    for wall in walls:
        pieces += _pieces(text, last, wall.start())
        pieces.append(Piece("]", WALL, wall.start(), wall.end()))
        last = wall.end()
    pieces += _pieces(text, last, len(text))
    return Sentence(text, language, tuple(pieces))


def _pieces(text: str, start: int, end: int) -> list[Piece]:
    """Cut a stretch without labels."""
    return [
        Piece(found.group(), _plain(found.group()), found.start(), found.end())
        for found in _PIECE.finditer(text, start, end)
    ]
