"""A month of opening hours as a calendar shows it: open, closed, public holiday, exceptional closure. Pure."""

from calendar import Calendar as Weeks
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from guichet.core.language import Bilingual
from guichet.routing.holidays_of import holidays_of
from guichet.routing.hours import Calendar, Closure, Hours, spans
from guichet.routing.rule_book import RuleBook


@dataclass(frozen=True, slots=True)
class Day:
    """A day: when it is open by the local clock (`8:30–12:00`), and why it is not as other days.

    `closure` is an exceptional closure that touches the day; its reason may not be known.
    """

    day: date
    ranges: tuple[str, ...]
    holiday: Bilingual | None = None
    closure: Closure | None = None
    is_of_month: bool = True


@dataclass(frozen=True, slots=True)
class Counter:
    """What has hours: a line, or a queue that keeps hours of its own. `key` names it in an address."""

    key: str
    name: str
    is_line: bool
    hours: Hours


def counters(book: RuleBook) -> tuple[Counter, ...]:
    """Return the lines, and the queues that keep other hours than the line."""
    lines = [Counter(f"line-{at}", line.name, is_line=True, hours=line.hours) for at, line in enumerate(book.lines)]
    queues = [
        Counter(f"queue-{name}", name, is_line=False, hours=queue.hours)
        for name, queue in book.queues.items()
        if queue.hours is not None
    ]
    return (*lines, *queues)


def month_of(hours: Hours, calendar: Calendar, first: date) -> Sequence[Sequence[Day]]:
    """Return the weeks of a month, Monday first, with the days before and after that fill them."""
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    return [[_day(hours, calendar, day, first.month) for day in week] for week in weeks]


def around(first: date) -> tuple[date, date]:
    """Return the first day of the month before and of the one after."""
    return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)


def _day(hours: Hours, calendar: Calendar, day: date, month: int) -> Day:
    ranges = tuple(
        f"{span.start.astimezone(calendar.zone):%H:%M}–{span.end.astimezone(calendar.zone):%H:%M}"
        for span in spans(hours, calendar, day)
    )
    holiday = holidays_of(calendar.territory, day.year).get(day)
    return Day(day, ranges, holiday, _closure(calendar, day), is_of_month=day.month == month)


def _closure(calendar: Calendar, day: date) -> Closure | None:
    """Return the exceptional closure that touches a day; of several, one that says why."""
    begins = datetime.combine(day, time())
    ends = begins + timedelta(days=1)
    here = [one for one in calendar.closures if one.start < ends and begins < one.end]
    return next((one for one in here if one.reason is not None), here[0] if here else None)
