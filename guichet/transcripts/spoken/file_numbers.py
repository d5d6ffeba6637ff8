"""The number of a file as it is read out: digits, and letters plain or spelt (`L O G`, `B comme Berthe`). Pure."""

from collections.abc import Iterator
from itertools import groupby
from string import ascii_lowercase

from guichet.core.language import Language
from guichet.transcripts.spoken.cardinals import number_words
from guichet.transcripts.spoken.digits import digit_readings
from guichet.transcripts.spoken.fillers import FILLERS
from guichet.transcripts.spoken.lattice import Bounds
from guichet.transcripts.spoken.letters import joined_words, letter_of, without_examples

SHORTEST, LONGEST = 4, 20
"""Signs of a file number."""
MOST = 6
"""Readings kept of one text."""


def file_numbers(text: str, language: Language) -> tuple[str, ...]:
    """Return the ways to write a file number down, most natural first, letters in lower case: `2024log00123`."""
    bounds = Bounds(SHORTEST, LONGEST, MOST)
    spelt = " ".join(_signs(text, language))
    found = digit_readings(spelt, language, bounds, letters=frozenset(ascii_lowercase))
    return tuple(dict.fromkeys(reading.written for reading in found))


def _signs(text: str, language: Language) -> Iterator[str]:
    """Yield numbers and other words as they stand, and the letter of a word that names one.

    Numbers part the words: in `twenty four dash` the `four` introduces no example of a letter.
    """
    for is_number, words in groupby(joined_words(text, language), lambda word: _is_number(word, language)):
        if is_number:
            yield from words
            continue
        for word in without_examples(tuple(words), language):
            letter = None if word in FILLERS[language] else letter_of(word, language)
            yield word if letter is None else letter.lower()


def _is_number(word: str, language: Language) -> bool:
    """Tell whether a word is a number, in digits or in words."""
    return word in number_words(language) or any(map(str.isdigit, word))
