"""Runs of numbers in a sentence: groups in a row, with what people and recognisers put between them. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from guichet.core.language import Language
from guichet.core.text import words
from guichet.transcripts.redaction.numerals import ALIKE, ARTICLES, Group, lexicon, longest_group, usual
from guichet.transcripts.redaction.sentence import Piece, Sentence

_BETWEEN = {
    Language.FR: frozenset(
        words("euh heu hum et puis ensuite alors tiret point virgule slash barre espace cle non pardon attendez plus")
    ),
    Language.EN: frozenset(words("um uh er erm and then dash hyphen point dot slash space key sorry no wait plus")),
}
"""Words that may stand inside a number."""
_TIGHT_SIGNS = frozenset(".-/()_–‑")
_MOST_BETWEEN = 3
"""Pieces that may stand between two groups."""
LIST_SIGNS = frozenset({",", "et", "and"})
"""What may be in a number, but more often is between two."""


class _Part(Enum):
    """What a piece is in a run."""

    NUMBER = auto()
    ARTICLE = auto()
    ALIKE = auto()
    BETWEEN = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of pieces that may be one number, and the groups a listener hears in it."""

    sentence: Sentence
    start: int
    end: int
    language: Language

    @property
    def words(self) -> tuple[str, ...]:
        """The pieces as number words and digits."""
        return tuple(
            piece.text if piece.is_digits else usual(piece.plain, self.language) if piece.is_word else piece.plain
            for piece in self.sentence.pieces[self.start : self.end]
        )

    @property
    def groups(self) -> tuple[Group, ...]:
        """The numbers as one hears them, the longest first; ends count from the start of the run."""
        return groups(self.words, self.language)

    @property
    def is_written(self) -> bool:
        """Whether it is in digits throughout."""
        return not any(piece.is_word for piece in self.sentence.pieces[self.start : self.end])

    def without_lists(self, signs: frozenset[str] = LIST_SIGNS) -> tuple["Run", ...]:
        """Cut it where two numbers may be listed rather than one said, and at words that only sound like numbers."""
        parts, start = list[Run](), self.start
        inside = self._inside() if not signs.isdisjoint(self.sentence.plains(self.start, self.end)) else frozenset()
        for place in range(self.start, self.end + 1):
            plain = self.sentence.plain(place)
            is_cut = plain in signs and place not in inside
            if place == self.end or is_cut or plain in ALIKE[self.language]:
                parts.append(Run(self.sentence, start, place, self.language))
                start = place + 1
        trimmed = (_trimmed(part.sentence, part.start, part.end, part.language) for part in parts)
        return tuple(part for part in trimmed if part is not None)

    def _inside(self) -> frozenset[int]:
        """Return the places that are inside one number, such as `et`, `and` and a comma: `vingt et un`, `4,50`."""
        sentence, starts = self.sentence, [0, *(group.end for group in self.groups)]
        grouped = {self.start + at for start, end in pairwise(starts) for at in range(start + 1, end)}
        commas = {place for place in range(self.start, self.end) if sentence.plain(place) == ","}
        tight = {place for place in commas if sentence.is_tight(place) and sentence.is_tight(place + 1)}
        return frozenset((grouped - commas) | tight)


def groups(said: Sequence[str], language: Language) -> tuple[Group, ...]:
    """Return the numbers in some words as one hears them; what is no number is passed over."""
    found, place = list[Group](), 0
    while place < len(said):
        group = longest_group(said, place, language)
        if group is not None:
            found.append(group)
        place = group.end if group else place + 1
    return tuple(found)


def runs(sentence: Sentence, language: Language, is_free: Callable[[int], bool]) -> Iterator[Run]:
    """Yield the runs of numbers, left to right; pieces that are not free break them."""
    parts = [
        _part(sentence, place, language) if is_free(place) else _Part.NONE for place in range(len(sentence.pieces))
    ]
    start = 0
    while start < len(parts):
        if parts[start] not in (_Part.NUMBER, _Part.ARTICLE):
            start += 1
            continue
        end = _end(parts, start)
        run = _trimmed(sentence, start, end, language)
        if run is not None:
            yield run
        start = end


def _part(sentence: Sentence, place: int, language: Language) -> _Part:
    """Tell what a piece is in a run."""
    piece = sentence.pieces[place]
    if piece.is_digits:
        return _Part.NUMBER
    if not piece.is_word:
        return _sign(sentence, place, piece)
    if _is_elided(sentence, place):
        return _Part.NONE
    part = _part_of_word(piece.plain, language)
    has_digits = any(near.is_digits for near in sentence.pieces[max(0, place - 1) : place + 2])
    return _Part.NONE if part is _Part.ALIKE and has_digits else part


def _part_of_word(plain: str, language: Language) -> _Part:
    """Tell what a word is in a run."""
    if plain in ARTICLES[language]:
        return _Part.ARTICLE
    if plain in lexicon(language):
        return _Part.NUMBER
    if plain in ALIKE[language]:
        return _Part.ALIKE
    return _Part.BETWEEN if plain in _BETWEEN[language] else _Part.NONE


def _sign(sentence: Sentence, place: int, piece: Piece) -> _Part:
    """Tell whether a sign may stand between groups: tight to one of them; a comma, a plus, a bracket in any case."""
    is_tight = sentence.is_tight(place) + 2 * sentence.is_tight(place + 1)
    if piece.text in _TIGHT_SIGNS:
        is_end = piece.text == "." and is_tight < 2
        return _Part.NONE if is_end else _Part.BETWEEN
    if piece.text == ",":
        return _Part.BETWEEN if _is_comma_inside(sentence, place) else _Part.NONE
    return _Part.BETWEEN if piece.text == "+" else _Part.NONE


def _is_comma_inside(sentence: Sentence, place: int) -> bool:
    """Tell whether a comma may be inside a number: `4,50`, `06, 12, 34`, but not `… 4521, 2 parts`."""
    if place == 0 or place + 1 >= len(sentence.pieces):
        return False
    before, after = sentence.pieces[place - 1], sentence.pieces[place + 1]
    is_between_digits = before.is_digits and after.is_digits
    return not is_between_digits or sentence.is_tight(place + 1) or len(before.text) == len(after.text)


def _is_elided(sentence: Sentence, place: int) -> bool:
    """Tell whether an apostrophe follows or stands before: `l'un`, `o'clock`, `d'une`."""
    after, before = sentence.plain(place + 1), sentence.plain(place - 1)
    return (after in "'’" and after != "" and sentence.is_tight(place + 1)) or (
        before != "" and before in "'’" and sentence.is_tight(place) and sentence.is_tight(place - 1)
    )


def _end(parts: Sequence[_Part], start: int) -> int:
    """Return the place after the last number that belongs to the run."""
    end, place = start + 1, start + 1
    while place < len(parts) and parts[place] is not _Part.NONE and place - end < _MOST_BETWEEN + 1:
        if parts[place] in (_Part.NUMBER, _Part.ARTICLE):
            end = place + 1
        elif parts[place] is _Part.ALIKE and place != end:
            break
        place += 1
    return end


def _trimmed(sentence: Sentence, start: int, end: int, language: Language) -> Run | None:
    """Take away what is no number at the ends: signs, words between, articles; None if nothing is left."""
    while start < end and not _begins(sentence, start, end, language):
        start += 1
    while start < end and not _ends(sentence, start, end, language):
        end -= 1
    return Run(sentence, start, end, language) if start < end else None


def _is_number(sentence: Sentence, place: int, language: Language) -> bool:
    """Tell whether a piece is digits or a number word."""
    return sentence.pieces[place].is_digits or sentence.plain(place) in lexicon(language)


def _begins(sentence: Sentence, start: int, end: int, language: Language) -> bool:
    """Tell whether a run may begin here: an article begins one only right before another number."""
    if not _is_number(sentence, start, language):
        return False
    if sentence.plain(start) not in ARTICLES[language]:
        return True
    if sentence.plain(start) == "une":
        return False
    return end - start > 1 and _is_number(sentence, start + 1, language)


def _ends(sentence: Sentence, start: int, end: int, language: Language) -> bool:
    """Tell whether a run may end here: an article ends one only right after another number, or in `vingt et un`."""
    last = end - 1
    if not _is_number(sentence, last, language):
        return False
    if sentence.plain(last) not in ARTICLES[language]:
        return True
    if last == start or sentence.plain(last) == "une":
        return False
    before = sentence.plain(last - 1)
    return _is_number(sentence, last - 1, language) or (before == "et" and last - start > 1)
