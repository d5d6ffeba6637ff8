"""Birth dates as they are said or written, in French and English. Pure.

A date is a day, a month and a year, in three runs of words; every way to cut the text in three is tried, and what each
run may write comes from the readings of digits. Read are `le 3 mars 85`, `the third of March nineteen eighty five`,
`March 3rd 1985`, `oh three oh three eighty five`, `3/3/85`, `03031985`, `1985-03-03`; day first unless that is
impossible. A year of two digits is in the latest century that is not in the future, then in the one before.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import product

from guichet.core.language import Language
from guichet.transcripts.spoken.calendar_words import ORDINAL_ENDINGS, days_of_month, months, weekdays
from guichet.transcripts.spoken.digits import UNKNOWN, digit_readings
from guichet.transcripts.spoken.fillers import FILLERS
from guichet.transcripts.spoken.lattice import Bounds, Reading
from guichet.transcripts.spoken.said import said

OLDEST = 120
"""Years that a person may have lived."""
_Part = tuple[int, float]
"""A day, a month or a year, and what it costs to read it so."""
_Dated = tuple[float, date]
_MONTH_FIRST, _OLD_CENTURY = 4.0, 2.0
"""Costs of the American order and of the earlier of two centuries."""
_LONGEST_TEXT = 14
"""Words that a date has at most: longer ones are sentences."""


def birth_dates(text: str, language: Language, today: date) -> tuple[date, ...]:
    """Return the birth dates that may have been said, most natural first; none unless day, month and year were said."""
    words = _words(text, language)
    if not 1 <= len(words) <= _LONGEST_TEXT:
        return ()
    named = [place for place, word in enumerate(words) if word in months(language)]
    if len(named) > 1:
        return ()
    found = _named(words, named[0], language) if named else _numbered(words, language)
    cheapest: dict[date, float] = {}
    for parts in found:
        for cost, born in _dates(parts, today):
            cheapest[born] = min(cost, cheapest.get(born, cost))
    return tuple(sorted(cheapest, key=lambda born: (cheapest[born], born)))


def birth_date(text: str, language: Language, today: date) -> date | None:
    """Return the most natural of them."""
    return next(iter(birth_dates(text, language, today)), None)


def _words(text: str, language: Language) -> tuple[str, ...]:
    """Return the words without what stands around a date, runs of digits cut where a date is."""
    passing = (FILLERS[language] | weekdays(language).keys()) - {"et", "and", "o"}
    heard = said(text, language).words
    kept: list[str] = []
    for place, word in enumerate(heard):
        is_ending = word in ORDINAL_ENDINGS and place > 0 and heard[place - 1].isdigit()
        if word not in passing and not is_ending:
            kept.extend(_cut(word, is_alone=len(heard) == 1))
    return tuple(kept)


def _cut(word: str, *, is_alone: bool) -> tuple[str, ...]:
    """Cut `03031985` and `030385`; `0303` is a day and a month unless it is a year."""
    if not word.isdigit():
        return (word,)
    if len(word) == 8 or (len(word) == 6 and is_alone):
        return word[:2], word[2:4], word[4:]
    if len(word) == 4 and word[:2] not in ("18", "19", "20"):
        return word[:2], word[2:]
    return (word,)


_Parts = tuple[_Part, _Part, _Part]
"""Year, month, day."""


def _named(words: tuple[str, ...], place: int, language: Language) -> Iterator[_Parts]:
    """Read a date whose month is named: the day before it or after it, the year last."""
    month = (months(language)[words[place]], 0.0)
    before, after = words[:place], words[place + 1 :]
    for day in _days(before, language):
        for year in _years(after, language):
            yield year, month, day
    if before or language is Language.FR or _is_a_year(after, language):
        return
    for cut in range(1, len(after)):
        for day in _days(after[:cut], language):
            for year in _years(after[cut:], language):
                yield year, month, day


def _is_a_year(words: tuple[str, ...], language: Language) -> bool:
    """Tell whether these words are a year by themselves: in `march nineteen eighty five` the day was not said."""
    first = next(iter(_digits(words, language, 4)), None)
    if first is None:
        return False
    return first.written[:2] in ("19", "20") if len(first.written) == 4 else first.cost <= 1.0


def _numbered(words: tuple[str, ...], language: Language) -> Iterator[_Parts]:
    """Read a date in numbers only: day, month, year; in English month, day, year if need be; or year, month, day."""
    size = len(words)
    for one in range(1, size - 1):
        for two in range(one + 1, size):
            yield from _in_orders(words[:one], words[one:two], words[two:], language)


def _in_orders(
    first: tuple[str, ...], second: tuple[str, ...], third: tuple[str, ...], language: Language
) -> Iterator[_Parts]:
    """Read three runs of words in the orders in which dates are said."""
    for year, left, right in product(_years(third, language), _days(first, language), _days(second, language)):
        yield year, right, left
        if language is Language.EN:
            yield year, left, (right[0], right[1] + _MONTH_FIRST)
    for year, left, right in product(_years(first, language), _days(second, language), _days(third, language)):
        if year[0] >= 100:
            yield year, left, right


@lru_cache(maxsize=1024)
def _days(words: tuple[str, ...], language: Language) -> tuple[_Part, ...]:
    """Read a number of one or two digits, or an ordinal: a day or a month."""
    if not 1 <= len(words) <= 3:
        return ()
    ordinal = days_of_month(language).get(words)
    if ordinal is not None:
        return ((ordinal, 1.0),)
    return tuple((int(reading.written), reading.cost) for reading in _digits(words, language, 2))


@lru_cache(maxsize=1024)
def _years(words: tuple[str, ...], language: Language) -> tuple[_Part, ...]:
    """Read a year of four digits or of two; a lone `five` is none, `oh five` is (its value stays below 100)."""
    return tuple(
        (int(reading.written), reading.cost)
        for reading in _digits(words, language, 4)
        if len(reading.written) == 2 or (len(reading.written) == 4 and not reading.written.startswith("0"))
    )


def _digits(words: tuple[str, ...], language: Language, longest: int) -> tuple[Reading, ...]:
    """Return the ways to write some words down as digits, all of them, if they are few enough for a part of a date."""
    if not 1 <= len(words) <= 8:
        return ()
    found = digit_readings(" ".join(words), language, Bounds(1, longest, 8))
    return tuple(reading for reading in found if reading.cost < UNKNOWN)


def _dates(parts: _Parts, today: date) -> Iterator[_Dated]:
    """Yield the dates that exist, not in the future and not beyond a life, with their costs."""
    (year, year_cost), (month, month_cost), (day, day_cost) = parts
    cost = year_cost + month_cost + day_cost
    centuries = [year] if year >= 100 else [today.year // 100 * 100 + year, today.year // 100 * 100 - 100 + year]
    is_latest = True
    for full_year in centuries:
        try:
            born = date(full_year, month, day)
        except ValueError:
            continue
        if born <= today and today.year - full_year <= OLDEST:
            yield cost if is_latest else cost + _OLD_CENTURY, born
            is_latest = False
