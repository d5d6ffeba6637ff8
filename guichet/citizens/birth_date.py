"""A birth date as it was heard against the dates on record, tolerant of what recognisers do to dates. Pure.

Nothing is parsed for good: a reading becomes strings of digits it may stand for (`27th of the 9th 1979` is `2791979`;
with a month named, the month and `271979`), and each date on record is compared in the orders people say them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Indel
from text_to_num import alpha2digit

from guichet.core.text import without_accents

Scores = npt.NDArray[np.float64]

_MONTHS = (
    ("january", "janvier", "jan", "janv"),
    ("february", "fevrier", "feb", "fev"),
    ("march", "mars", "mar"),
    ("april", "avril", "apr", "avr"),
    ("may", "mai", "mei"),
    ("june", "juin", "jun"),
    ("july", "juillet", "jul", "juil"),
    ("august", "aout", "aug"),
    ("september", "septembre", "sep", "sept"),
    ("october", "octobre", "oct"),
    ("november", "novembre", "nov"),
    ("december", "decembre", "dec"),
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_SMALL = {
    **dict.fromkeys(("o", "oh", "ol", "zero"), "0"),
    **dict.fromkeys(("premier", "first", "won"), "1"),
    **dict.fromkeys(("to", "too", "second", "ii"), "2"),
    **dict.fromkeys(("free", "third"), "3"),
    **dict.fromkeys(("for", "force", "fourth", "iv"), "4"),
    **dict.fromkeys(("fifth",), "5"),
    **dict.fromkeys(("ate", "age", "hate", "eighth"), "8"),
}
"""Words that are heard for a number inside a date."""
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th|er|e|eme|ieme|s|r|a)\b")
LONE_PART = 0.86
"""What a right day or month alone is worth as a similarity; a wrong one leaves NO_PART, which weighs nothing."""
NO_PART = 0.8
DAY_AND_MONTH = 0.93
"""What a right day with its month is worth where no year was heard."""
_TENS_APART = re.compile(r"\b((?:18|19|20)\d)0 (?:and |et )?(\d)\b")
_PIECE = re.compile(r"\d+|[a-z]+")
_O_FOR_ZERO = re.compile(r"(?<=\d)o|\bo(?=\d)")


@dataclass(frozen=True, slots=True)
class DateReading:
    """One thing a reading may stand for: a named month (0 if none) and the other digits."""

    month: int
    digits: str


def _numbers(text: str) -> set[str]:
    """Write number words as digits, as a Frenchman and as an Englishman would."""
    plain = without_accents(text).replace("-", " ")
    return {plain, alpha2digit(text.lower(), "fr"), alpha2digit(text.lower(), "en")}


@lru_cache(maxsize=4096)
def date_readings(text: str) -> tuple[DateReading, ...]:
    """Return what a reading may stand for, in no order; nothing if no digit or month is in it."""
    found: set[DateReading] = set()
    for written in _numbers(text):
        plain = _ORDINAL.sub(r"\1", _O_FOR_ZERO.sub("0", without_accents(written)))
        for joined in {plain, _TENS_APART.sub(r"\1\2", plain)}:
            found.update(_pieces(joined))
    return tuple(sorted(found, key=lambda reading: (reading.month, reading.digits)))


def _pieces(written: str) -> set[DateReading]:
    """Read one writing, with its named month and without."""
    months, digits = [], []
    for piece in _PIECE.findall(written):
        if piece in MONTHS:
            months.append(MONTHS[piece])
        elif piece.isdigit():
            digits.append(piece)
        elif piece in _SMALL:
            digits.append(_SMALL[piece])
    run = "".join(digits)
    found = {DateReading(month, run) for month in months if run}
    if len(run) >= (5 if months else 3):
        found.add(DateReading(0, run))
    return found


def _valid(day: int, month: int, year: int) -> date | None:
    """Return the date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def years(digits: str) -> list[int]:
    """Return the years that two or four digits may mean."""
    if len(digits) == 4:
        return [int(digits)] if "1880" <= digits <= "2099" else []
    return [1900 + int(digits), 2000 + int(digits)] if len(digits) == 2 else []


def possible_dates(reading: DateReading) -> set[date]:
    """Return the dates a reading may mean, in full: day first, or month first for a slip."""
    found: set[date | None] = set()
    for size in (4, 2):
        head, tail = reading.digits[:-size], reading.digits[-size:]
        for year in years(tail) if head else []:
            if reading.month:
                found.add(_valid(int(head), reading.month, year) if len(head) <= 2 else None)
                continue
            for at in (1, 2):
                left, right = head[:at], head[at:]
                if left and right and len(right) <= 2:
                    found |= {_valid(int(left), int(right), year), _valid(int(right), int(left), year)}
    return {born for born in found if born is not None}


@lru_cache(maxsize=65536)
def _spoken_orders(born: date) -> tuple[str, ...]:
    """Write a date as digits in the orders it is said without a month's name; the usual one first."""
    day, month, year = born.day, born.month, f"{born.year:04}"
    return (
        f"{day:02}{month:02}{year}",
        f"{day}{month}{year}",
        f"{day}{month:02}{year}",
        f"{day:02}{month:02}{year[2:]}",
        f"{day}{month}{year[2:]}",
        f"{month:02}{day:02}{year}",
        f"{month}{day}{year}",
        f"{year}{month:02}{day:02}",
    )


_ORDER_WORTH = np.array((1.0, 1.0, 1.0, 0.97, 0.97, 0.93, 0.93, 0.97))
"""How much a full agreement in each order is worth: two-digit years leave the century open, swaps are slips."""


def _numbered(runs: Sequence[str], dates: Sequence[date]) -> Scores:
    """Compare runs of digits with whole dates: one row a run, one column a date."""
    return _best(runs, [_spoken_orders(born) for born in dates], _ORDER_WORTH)


def _best(runs: Sequence[str], writings: Sequence[Sequence[str]], worth: Scores) -> Scores:
    """Return how alike each run is to the best of each date's writings, times what that writing is worth."""
    flat = [writing for own in writings for writing in own]
    alike = process.cdist(runs, flat, scorer=Indel.normalized_similarity).reshape(len(runs), len(writings), len(worth))
    best: Scores = (alike * worth).max(axis=2)
    return best


@lru_cache(maxsize=65536)
def _beside_month(born: date) -> tuple[str, ...]:
    """Write day and year as they are said beside a month's name."""
    day, year = born.day, f"{born.year:04}"
    return f"{day}{year}", f"{day:02}{year}", f"{day}{year[2:]}", f"{year}{day}", year


_BESIDE_WORTH = np.array((1.0, 1.0, 0.97, 0.97, 0.85))
"""How much a full agreement with each of these is worth."""


def _named(readings: Sequence[DateReading], dates: Sequence[date]) -> Scores:
    """Compare a named month and the other digits with dates."""
    rows = _best([reading.digits for reading in readings], [_beside_month(born) for born in dates], _BESIDE_WORTH)
    months = np.array([born.month for born in dates])
    same = np.array([reading.month for reading in readings])[:, None] == months[None, :]
    both: Scores = 0.72 * rows + 0.28 * same
    return both


def _lacks_year(reading: DateReading) -> bool:
    """Tell whether a reading is a day and a month's name, no more; beside fuller readings it is one cut short."""
    return reading.month > 0 and len(reading.digits) <= 2


@lru_cache(maxsize=4096)
def _lone_parts(text: str) -> tuple[frozenset[int], frozenset[int]]:
    """Return the days and months named in a reading that holds no whole date."""
    said = {
        word for written in _numbers(text) for word in _PIECE.findall(_ORDINAL.sub(r"\1", without_accents(written)))
    }
    days = {int(_SMALL.get(word, word)) for word in said if word.isdigit() or word in _SMALL}
    return frozenset(day for day in days if 1 <= day <= 31), frozenset(MONTHS[word] for word in said & MONTHS.keys())


def _partly(parts: tuple[frozenset[int], frozenset[int]], dates: Sequence[date]) -> Scores:
    """Compare a day, a month or both with dates: right, it helps a little; wrong, it says nothing."""
    days, months = parts
    fits = np.array([(born.day in days) + (born.month in months) for born in dates])
    worth: Scores = np.array([NO_PART, LONE_PART, DAY_AND_MONTH])[fits]
    return worth


def date_similarity(heard: Sequence[str], dates: Sequence[date]) -> Scores | None:
    """Return for each date on record the best similarity, 0 to 1, of any reading; None if nothing could be read."""
    readings = [reading for text in heard for reading in date_readings(text) if not _lacks_year(reading)]
    named = [reading for reading in readings if reading.month]
    numbered = sorted({reading.digits for reading in readings if not reading.month})
    if not readings:
        lone = [part for text in heard if (part := _lone_parts(text)) != (frozenset(), frozenset())]
        return np.max([_partly(parts, dates) for parts in lone], axis=0) if lone else None
    best = np.zeros(len(dates))
    if named:
        best = np.maximum(best, _named(named, dates).max(axis=0))
    if numbered:
        best = np.maximum(best, _numbered(numbered, dates).max(axis=0))
    return best
