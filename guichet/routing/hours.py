"""Opening hours: whether a counter is open, when it opens next, when a target runs out. Pure.

Hours are written in local wall-clock time and turned into instants day by day, so that a day of 23 or 25 hours comes
out right: an hour that the clock skips opens when the clock has jumped over it; in an hour that comes twice, the
counter opens at the first and closes at the last. A range belongs to the day on which it starts: on a public holiday
nothing starts but the ranges for holidays, while the night before still ends after midnight.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from guichet.core.language import Bilingual
from guichet.routing.holidays_of import METROPOLITAN, Territory, holidays_of

DAY_MINUTES = 24 * 60
HORIZON_DAYS = 400
"""How far ahead an opening is looked for: a year and a long closure."""


class Range(NamedTuple):
    """Minutes from local midnight: 0 ≤ start < 1440, start < end ≤ start + 1440; past 1440 is the next day."""

    start: int
    end: int


class Span(NamedTuple):
    """A stretch of time in UTC; its end is outside."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """The ranges of each weekday, Monday first, and those of public holidays (none: closed)."""

    name: str
    week: tuple[tuple[Range, ...], ...]
    on_holidays: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class Closure:
    """An exceptional closure: local wall-clock times, the end outside."""

    start: datetime
    end: datetime
    reason: Bilingual | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """What all hours share: time zone, territory of the public holidays, exceptional closures."""

    zone: ZoneInfo
    territory: Territory = METROPOLITAN
    closures: tuple[Closure, ...] = ()


def instant(zone: ZoneInfo, day: date, minutes: int, *, last: bool = False) -> datetime:
    """Return when the wall clock reaches minutes after a day's midnight; `last`: for the last time that night."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - the zone comes next
    return _instant_of(zone, wall, last=last)


def _instant_of(zone: ZoneInfo, wall: datetime, *, last: bool) -> datetime:
    first, second = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before >= after:  # an ordinary time, or one that comes twice
        return (second if last else first).astimezone(UTC)
    # The clock jumps over this time: find the jump, which lies between the two readings, to the second.
    low, high = second.astimezone(UTC), first.astimezone(UTC)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _without(span: Span, closed: Span) -> Iterator[Span]:
    """Yield what a closure leaves of a span."""
    if closed.end <= span.start or span.end <= closed.start:
        yield span
        return
    if span.start < closed.start:
        yield Span(span.start, closed.start)
    if closed.end < span.end:
        yield Span(closed.end, span.end)


@lru_cache(maxsize=4096)
def spans(hours: Hours, calendar: Calendar, day: date) -> tuple[Span, ...]:
    """Return when a counter is open in ranges that start on that local day, in order, closures taken out."""
    holiday = day in holidays_of(calendar.territory, day.year)
    ranges = hours.on_holidays if holiday else hours.week[day.weekday()]
    opened = [Span(instant(calendar.zone, day, r.start), instant(calendar.zone, day, r.end, last=True)) for r in ranges]
    opened = [span for span in opened if span.start < span.end]  # a range wholly inside a jump of the clock
    for closure in calendar.closures if opened else ():
        closed = Span(
            _instant_of(calendar.zone, closure.start, last=False), _instant_of(calendar.zone, closure.end, last=False)
        )
        opened = [left for span in opened for left in _without(span, closed)]
    return tuple(sorted(opened))


def closure_at(calendar: Calendar, moment: datetime) -> Closure | None:
    """Return the exceptional closure that a moment falls into, if any; of several the one that says why."""
    local = moment.astimezone(calendar.zone).replace(tzinfo=None)
    here = [closure for closure in calendar.closures if closure.start <= local < closure.end]
    return next((closure for closure in here if closure.reason is not None), here[0] if here else None)


def _spans_after(hours: Hours, calendar: Calendar, moment: datetime) -> Iterator[Span]:
    """Yield the spans that end after a moment, by the day they start on, within the horizon."""
    today = moment.astimezone(calendar.zone).date()
    for ahead in range(-1, HORIZON_DAYS):
        for span in spans(hours, calendar, today + timedelta(days=ahead)):
            if span.end > moment:
                yield span


def is_open(hours: Hours, calendar: Calendar, moment: datetime) -> bool:
    """Say whether the counter is open at an aware moment."""
    today = moment.astimezone(calendar.zone).date()
    for day in (today, today - timedelta(days=1)):
        for start, end in spans(hours, calendar, day):
            if start <= moment < end:
                return True
    return False


def next_opening(hours: Hours, calendar: Calendar, moment: datetime) -> datetime | None:
    """Return the first open moment at or after that one, in UTC; None when nothing opens within the horizon."""
    if is_open(hours, calendar, moment):
        return moment.astimezone(UTC)
    return next((span.start for span in _spans_after(hours, calendar, moment)), None)


def after_open_time(hours: Hours, calendar: Calendar, moment: datetime, minutes: int) -> datetime | None:
    """Return when so many minutes of open time have passed since a moment, in UTC; None beyond the horizon.

    So « within two hours », asked at 17:00 with a counter that closes at 17:30, ends at 10:00 the next working day.
    """
    left = timedelta(minutes=minutes)
    reached = moment.astimezone(UTC)
    for start, end in _spans_after(hours, calendar, moment):
        begins = max(start, reached)
        if begins >= end:
            continue  # this time is counted already: ranges past midnight may overlap the next day's
        if end - begins >= left:
            return begins + left
        left -= end - begins
        reached = end
    return None
