"""What an administration masks besides: shapes of codes, written or dictated, and words, from its rule book. Pure.

A shape is written as the code is: `9` stands for any digit, `A` for any letter, other letters and digits for
themselves; spaces and hyphens do not count. `B 9999` finds `B4521`, `b-45 21` and `bé quarante-cinq vingt et un` alike.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from guichet.core.language import Bilingual, Language
from guichet.core.text import fold
from guichet.transcripts.redaction.found import Found, IsFree
from guichet.transcripts.redaction.kinds import Kind
from guichet.transcripts.redaction.numerals import lexicon, small_groups, usual
from guichet.transcripts.redaction.sentence import WALL, Piece, Sentence
from guichet.transcripts.spoken.cardinals import cardinals_at

REACH = 7
"""Pieces before a code in which a word that announces it is looked for."""
_DIGIT, _LETTER = "9", "A"
_BETWEEN = frozenset({"tiret", "espace", "slash", "barre", "euh", "hum", "dash", "hyphen", "space", "um", "uh"})
_SIGNS = frozenset("-‐‑.–/ ")
_MOST_BETWEEN = 2
_EXAMPLE = {Language.FR: ("comme",), Language.EN: ("for", "as", "like")}
_CAPITALS = 4
"""Letters in a row that may be a part of a code, where they are capitals."""
_LETTER_NAMES = {
    Language.FR: {"be": "B", "ce": "C", "de": "D", "pe": "P", "te": "T", "ve": "V", "ge": "G", "ka": "K", "cu": "Q"},
    Language.EN: {"bee": "B", "see": "C", "dee": "D", "pea": "P", "tea": "T", "jay": "J", "kay": "K", "zed": "Z"},
}
"""What recognisers write for a letter: believed only where the shape has that very letter."""


@dataclass(frozen=True, slots=True)
class OwnPattern:
    """Something to be masked: `shapes` (without spaces and hyphens), `said` words, only after a word of `after`."""

    name: Bilingual
    shapes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    after: frozenset[str] = frozenset()

    @property
    def label(self) -> Bilingual:
        """What stands instead; recognised in any text by how it begins (`kinds.label_pattern`)."""
        return Bilingual(f"[masqué : {self.name.fr}]", f"[masked: {self.name.en}]")


def plain_shape(text: str) -> str:
    """Return a shape without what does not count."""
    return re.sub(r"[\s\-‐‑./–]+", "", text)


def own_patterns(sentence: Sentence, is_free: IsFree, patterns: Sequence[OwnPattern]) -> Iterator[Found]:
    """Yield what the patterns find, the longest at each place."""
    said = _words(sentence)
    for pattern in patterns:
        place = 0
        while place < len(sentence.pieces):
            end = _end(sentence, said, place, pattern)
            if end > place and all(map(is_free, range(place, end))) and _is_announced(sentence, place, pattern):
                yield Found(place, end, Kind.OWN, pattern.label)
            place = max(end, place + 1)


def _words(sentence: Sentence) -> tuple[str, ...]:
    """Return the pieces as number words and digits."""
    return tuple(
        piece.text if piece.is_digits else usual(piece.plain, sentence.language) if piece.is_word else piece.plain
        for piece in sentence.pieces
    )


def _is_announced(sentence: Sentence, place: int, pattern: OwnPattern) -> bool:
    """Tell whether a word that must stand before it does."""
    return not pattern.after or not pattern.after.isdisjoint(sentence.plains(place - REACH, place))


def _end(sentence: Sentence, said: Sequence[str], place: int, pattern: OwnPattern) -> int:
    """Return the end of what begins at a place, or the place."""
    ends = [_end_of_words(sentence, place, words) for words in pattern.said]
    if _begins(sentence, place):
        for shape in pattern.shapes:
            ends += (end for end in _walk(_Walk(sentence, said, shape), place, 0, 0) if _stops(sentence, end))
    return max(ends, default=place)


def _begins(sentence: Sentence, place: int) -> bool:
    """Tell whether a code may begin here: not in the middle of a number or a word."""
    return place == 0 or not (_is_number(sentence, place - 1) or _is_glued(sentence, place))


def _stops(sentence: Sentence, end: int) -> bool:
    """Tell whether a code may end before this piece."""
    return end >= len(sentence.pieces) or not (_is_number(sentence, end) or _is_glued(sentence, end))


def _is_number(sentence: Sentence, place: int) -> bool:
    piece = sentence.pieces[place]
    return piece.is_digits or (piece.plain in lexicon(sentence.language) and len(piece.plain) > 2)


def _is_glued(sentence: Sentence, place: int) -> bool:
    """Tell whether a piece and the one before it are letters or digits without a space between."""
    both = sentence.pieces[place - 1 : place + 1]
    return sentence.is_tight(place) and all(piece.is_word or piece.is_digits for piece in both)


@dataclass(frozen=True)
class _Walk:
    """A search for one shape in a sentence."""

    sentence: Sentence
    said: Sequence[str]
    shape: str


def _walk(walk: _Walk, place: int, at: int, between: int) -> Iterator[int]:
    """Yield where the shape, from its sign `at` on, may end when it goes on at a place."""
    if at == len(walk.shape):
        yield place
        return
    if place >= len(walk.sentence.pieces) or walk.sentence.plain(place) == WALL:
        return
    for end, text in _readings(walk, place, at):
        if _fits(walk.shape, at, text):
            yield from _walk(walk, end, at + len(text), 0)
    piece = walk.sentence.pieces[place]
    if at > 0 and between < _MOST_BETWEEN and (piece.plain in _BETWEEN or piece.text in _SIGNS):
        yield from _walk(walk, place + 1, at, between + 1)


def _readings(walk: _Walk, place: int, at: int) -> Iterator[tuple[int, str]]:
    """Yield what may be written from a place on, with its end."""
    piece = walk.sentence.pieces[place]
    if piece.is_digits:
        yield place + 1, piece.text
    elif piece.is_word:
        yield from _numbers(walk, place)
        yield from _letters(walk, place, at)


def _numbers(walk: _Walk, place: int) -> Iterator[tuple[int, str]]:
    """Yield the numbers that the words from a place on may be."""
    language = walk.sentence.language
    for group in small_groups(walk.said, place, language):
        yield group.end, group.digits
    for end, value in cardinals_at(walk.said, place, language):
        if value >= 100:
            yield end, str(value)


def _letters(walk: _Walk, place: int, at: int) -> Iterator[tuple[int, str]]:
    """Yield the letters that a word may be: as it stands, with its `comme berthe`, or as recognisers write a letter."""
    sentence, piece = walk.sentence, walk.sentence.pieces[place]
    if _is_letters(sentence, place, piece, walk.shape[at : at + len(piece.plain)]):
        yield place + 1, piece.plain.upper()
        if len(piece.plain) == 1 and sentence.plain(place + 1) in _EXAMPLE[sentence.language]:
            yield place + 3, piece.plain.upper()
    if _LETTER_NAMES[sentence.language].get(piece.plain) == walk.shape[at]:
        yield place + 1, walk.shape[at]


def _is_letters(sentence: Sentence, place: int, piece: Piece, wanted: str) -> bool:
    """Tell whether a word may be letters of a code: one, capitals, tied to digits, or the very letters of the shape."""
    tied = _is_glued(sentence, place) if place else False
    tied = tied or (place + 1 < len(sentence.pieces) and _is_glued(sentence, place + 1))
    is_code = len(piece.plain) == 1 or tied or (piece.text.isupper() and len(piece.text) <= _CAPITALS)
    return is_code or (_LETTER not in wanted and piece.plain.upper() == wanted)


def _fits(shape: str, at: int, text: str) -> bool:
    """Tell whether a text is what the shape has there."""
    part = shape[at : at + len(text)]
    return len(part) == len(text) and all(map(_fits_sign, part, text))


def _fits_sign(wanted: str, sign: str) -> bool:
    if wanted == _DIGIT:
        return sign.isdecimal()
    return sign.isalpha() if wanted == _LETTER else sign == wanted


@lru_cache(maxsize=512)
def _plain_words(text: str) -> tuple[str, ...]:
    """Fold words to plain letters, without signs."""
    return tuple(fold(text).split())


def _end_of_words(sentence: Sentence, place: int, text: str) -> int:
    """Return the end of words that begin at a place, signs between them passed over; or the place."""
    at = place
    for word in _plain_words(text):
        while at > place and at < len(sentence.pieces) and sentence.pieces[at].text in "'’-‐‑":
            at += 1
        if sentence.plain(at) != word:
            return place
        at += 1
    return at
