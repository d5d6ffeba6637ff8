"""From what was heard to the value that was asked for: of all readings, the best one that makes sense. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never

from rapidfuzz import fuzz

from guichet.core.language import Language
from guichet.core.text import fold
from guichet.transcripts.heard import (
    Digits,
    Expectation,
    FileNumber,
    FreeSpeech,
    Heard,
    Letters,
    OneOf,
    Postcode,
    SpokenDate,
    SpokenTime,
    Telephone,
    YesNo,
)
from guichet.transcripts.spoken.dates import birth_date
from guichet.transcripts.spoken.digits import digit_strings, stray_groups
from guichet.transcripts.spoken.file_numbers import file_numbers
from guichet.transcripts.spoken.letters import letters
from guichet.transcripts.spoken.phones import phone
from guichet.transcripts.spoken.postcodes import postcodes
from guichet.transcripts.spoken.yes_no import yes_no

NEAR = 85.0
"""Likeness, of 100, from which a word is taken for a choice that was offered."""
MOST_READINGS = 12
"""Readings of a file number or a postcode that are kept: a longer list would be guessing for the caller."""
LATEST = date(2030, 12, 31)
"""The last day a date may be of, where today is not told: `30` is 2030, `31` is 1931."""


def understand(heard: Heard, expects: Expectation, *, today: date = LATEST) -> str | None:
    """Return the value (see each expectation), or None when no reading has one. Dates are not after `today`."""
    language = heard.language
    match expects:
        case FreeSpeech() | SpokenTime():
            return _words(heard, expects)
        case YesNo():
            return _first(_answer(reading, language) for reading in heard.readings)
        case Digits() | FileNumber() | Telephone() | Postcode():
            return _number(heard, expects)
        case SpokenDate():
            born = (birth_date(reading, language, today) for reading in heard.readings)
            return _first(None if day is None else day.isoformat() for day in born)
        case Letters():
            return _first(letters(reading, language) for reading in heard.readings)
        case OneOf(choices):
            return _first(_choice(reading, choices) for reading in heard.readings)
        case _:
            assert_never(expects)


def _words(heard: Heard, expects: FreeSpeech | SpokenTime) -> str | None:
    """Return what was said; for a time every reading, which is understood where it is known who is called."""
    return ("\n".join(heard.readings) if isinstance(expects, SpokenTime) else heard.text) or None


def _first(values: Iterable[str | None]) -> str | None:
    """Return the first value there is."""
    return next((value for value in values if value), None)


def _answer(reading: str, language: Language) -> str | None:
    """Return `yes` or `no`, or None for neither or both."""
    answer = yes_no(reading, language)
    return None if answer is None else "yes" if answer else "no"


def _number(heard: Heard, expects: Digits | FileNumber | Telephone | Postcode) -> str | None:
    """Return the number of the first reading that makes one, or all where only the record tells which is meant."""
    language, readings = heard.language, _whole_first(heard)
    match expects:
        case FileNumber():
            return _lines(number for reading in readings for number in file_numbers(reading, language))
        case Postcode():
            return _lines(code for reading in readings for code in postcodes(reading, language))
        case Telephone():
            number = phone(readings, language)
            return None if number is None else number.e164
        case Digits(shortest, longest):
            return _first(next(iter(digit_strings(reading, language, shortest, longest)), None) for reading in readings)


def _whole_first(heard: Heard) -> list[str]:
    """Return the readings of a number, those with stray groups last."""
    return sorted(heard.readings, key=lambda reading: stray_groups(reading, heard.language))


def _lines(found: Iterable[str]) -> str | None:
    """Return the different ones, one a line; None for none."""
    return "\n".join(list(dict.fromkeys(found))[:MOST_READINGS]) or None


def _choice(reading: str, choices: tuple[str, ...]) -> str | None:
    """Return the choice that was said, or the one choice that is near to it."""
    said = fold(reading)
    scores = sorted(((fuzz.ratio(said, fold(choice)), choice) for choice in choices), reverse=True)
    if not said or not scores or scores[0][0] < NEAR:
        return None
    return None if len(scores) > 1 and scores[1][0] == scores[0][0] else scores[0][1]
