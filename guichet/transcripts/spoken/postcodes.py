"""Postcodes as they are said: five French digits, or a British code of letters and digits. Pure."""

import re
from collections.abc import Iterable, Iterator

from guichet.core.language import Language
from guichet.core.text import words as folded_words
from guichet.transcripts.spoken.cardinals import cardinals_at
from guichet.transcripts.spoken.digits import digit_strings
from guichet.transcripts.spoken.lattice import Bounds, Edge, readings
from guichet.transcripts.spoken.letters import joined_words, letter_of, without_examples

_FRENCH = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-5]|97[1-8]|98[4-8])\d+")
"""The département comes first (INSEE): 01 to 95, 97x and 98x overseas; 96 and 99 are none."""
_BRITISH = re.compile(r"[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?\d[ABD-HJLNP-UW-Z]{2}")
"""Royal Mail's format, without the space."""
_HOMOPHONES = {
    "to": "2",
    "too": "2",
    "for": "4",
    "ate": "8",
    "won": "1",
    "free": "3",
    "be": "B",
    "you": "U",
    "are": "R",
    "and": "N",
    "okay": "K",
    "said": "Z",
}
_LEAD_INS = frozenset(folded_words("my the post postcode code zip is it um uh well ok okay yes"))


def postcodes(text: str, language: Language) -> tuple[str, ...]:
    """Return the postcodes that may have been said, most natural first: `75012`, `SW1A 2AA`."""
    whole = digit_strings(text, language, 5, 5)
    # `six mille deux cents` is 06200: nobody says the zero of a number.
    written = (*whole, *(f"0{short}" for short in digit_strings(text, language, 4, 4)))
    french = tuple(dict.fromkeys(code for code in written if _FRENCH.fullmatch(code)))
    return french if language is Language.FR or french else _british(text)


def postcode(heard: Iterable[str], language: Language) -> str | None:
    """Return the most natural postcode of what may have been heard, best first."""
    return next((found for text in heard for found in postcodes(text, language)), None)


def _british(text: str) -> tuple[str, ...]:
    """Read a British postcode."""
    words = tuple(without_examples(joined_words(text, Language.EN), Language.EN))
    found = readings(len(words), lambda place: _edges(words, place), Bounds(5, 7))
    return tuple(
        f"{reading.written[:-3]} {reading.written[-3:]}" for reading in found if _BRITISH.fullmatch(reading.written)
    )


def _edges(words: tuple[str, ...], place: int) -> Iterator[Edge]:
    """Return the steps over letters, digits and short runs of both that a recogniser wrote together."""
    letter = letter_of(words[place], Language.EN)
    if letter is not None:
        yield Edge(place + 1, letter, 1.0)
    for end, value in cardinals_at(words, place, Language.EN):
        if value < 100:
            yield Edge(end, str(value), 1.0)
    yield from _others(words[place], place, is_letter=letter is not None)
    if words[place] == "double" and place + 1 < len(words):
        twice = letter_of(words[place + 1], Language.EN)
        if twice is not None:
            yield Edge(place + 2, twice * 2, 1.0)


def _others(word: str, place: int, *, is_letter: bool) -> Iterator[Edge]:
    """Return the steps over what is no plain letter or number."""
    if word in _HOMOPHONES:
        yield Edge(place + 1, _HOMOPHONES[word], 2.0)
    if word in _LEAD_INS:
        yield Edge(place + 1, "", 0.0)
    elif word.isdigit() or (not is_letter and len(word) <= 3):
        yield Edge(place + 1, word.upper(), 1.0 if word.isdigit() else 2.0)
