"""The number of a file as it was said or typed, against those on record. Pure.

Numbers are compared by their digits: a keypad has no letters, and letters are what is misheard. Letters that were heard
decide between numbers of the same digits. A run of digits is a file number only where one was asked for, or announced.
"""

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import Levenshtein
from text_to_num import alpha2digit

from guichet.citizens.spelling import code
from guichet.core.text import fold

SHORTEST = 4
"""Digits from which a number tells anything."""
LONGEST = 40
NEAR_FROM = 6
"""Digits from which a number that differs by one of them may be the same, misheard."""
_LEAD_IN = re.compile(r"\b(?:my|mon|the|le|number|numero|de|file|case|dossier|is|est|c est|it s|c)\b")


class Agreement(IntEnum):
    """How a file number that was heard agrees with those of a record."""

    NOTHING_HELD = 0
    DIFFERENT = 1
    NEAR = 2
    DIGITS = 3
    WHOLE = 4


def plain(number: str) -> str:
    """Write a file number without signs between, in lower case: `2024-LOG/00123` is `2024log00123`."""
    return fold(number).replace(" ", "")


def digits(number: str) -> str:
    """Return the digits of a file number; empty where they are too few to tell anything."""
    found = "".join(sign for sign in plain(number) if sign in "0123456789")
    return found if SHORTEST <= len(found) <= LONGEST else ""


@lru_cache(maxsize=1024)
def file_readings(text: str) -> tuple[str, ...]:
    """Return the numbers that a text may stand for, plain: as it is written, and as it sounds in either language."""
    without = _LEAD_IN.sub(" ", fold(text))
    said = (alpha2digit(without, language) for language in ("fr", "en"))
    found = dict.fromkeys([plain(without), code(without), *map(code, said)])
    return tuple(reading for reading in found if digits(reading))


def heard_digits(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the digits of all readings, each once: what to look up."""
    return tuple(dict.fromkeys(digits(reading) for text in texts for reading in file_readings(text)))


def agreement(heard: Sequence[str], held: Sequence[str]) -> Agreement:
    """Say how the best of some readings agrees with the best of a record's numbers."""
    readings = [reading for text in heard for reading in file_readings(text)]
    numbers = [number for number in held if digits(number)]
    if not readings or not numbers:
        return Agreement.NOTHING_HELD
    return max(_agreement(reading, number) for reading in readings for number in numbers)


def _agreement(reading: str, number: str) -> Agreement:
    """Compare one reading with one number."""
    said, known = digits(reading), digits(number)
    if reading == plain(number):
        return Agreement.WHOLE
    if said == known:
        return Agreement.DIGITS
    is_near = len(known) >= NEAR_FROM and Levenshtein.distance(said, known, score_cutoff=1) <= 1
    return Agreement.NEAR if is_near else Agreement.DIFFERENT
