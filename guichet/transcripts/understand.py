"""From what was heard to the value that was asked for: of all readings, the best one that makes sense. Pure."""

from typing import assert_never

from rapidfuzz import fuzz

from guichet.core.language import Language
from guichet.core.text import fold
from guichet.transcripts.heard import Digits, Expectation, FreeSpeech, Heard, Letters, OneOf, SpokenDate, YesNo
from guichet.transcripts.plain_values import day, digits, stray_groups, letters, yes_or_no

NEAR = 85.0
"""Likeness, of 100, from which a word is taken for a choice that was offered."""


def understand(heard: Heard, expects: Expectation) -> str | None:
    """Return the value (see each expectation), or None when no reading has one."""
    language = heard.language
    match expects:
        case FreeSpeech():
            return heard.text or None
        case YesNo():
            return _first([yes_or_no(reading) for reading in heard.readings])
        case Digits(shortest, longest):
            return _number(heard.readings, language, shortest, longest)
        case SpokenDate():
            return _first([day(reading, language) for reading in heard.readings])
        case Letters():
            return _first([letters(reading, language) for reading in heard.readings])
        case OneOf(choices):
            return _first([_choice(reading, choices) for reading in heard.readings])
        case _:
            assert_never(expects)


def _first(values: list[str | None]) -> str | None:
    """Return the first value there is."""
    return next((value for value in values if value), None)


def _number(readings: tuple[str, ...], language: Language, shortest: int, longest: int) -> str | None:
    """Return the digits of the first reading of a fitting length; those with stray groups come last."""
    fitting = [reading for reading in readings if shortest <= len(digits(reading, language) or "") <= longest]
    fitting.sort(key=lambda reading: stray_groups(reading, language))
    return digits(fitting[0], language) if fitting else None


def _choice(reading: str, choices: tuple[str, ...]) -> str | None:
    """Return the choice that was said, or the one choice that is near to it."""
    said = fold(reading)
    scores = sorted(((fuzz.ratio(said, fold(choice)), choice) for choice in choices), reverse=True)
    if not said or not scores or scores[0][0] < NEAR:
        return None
    return None if len(scores) > 1 and scores[1][0] == scores[0][0] else scores[0][1]
