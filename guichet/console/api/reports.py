"""The measures over the API: the same figures as `guichet report` (docs/measures.md)."""

from datetime import date, datetime, timedelta

import msgspec
from msgspec import UNSET

from guichet.console.api.kinds import MaybeDay
from guichet.console.api.operation import Answer, Asked, Operation
from guichet.console.api.token import Scope
from guichet.core.errors import BadInput
from guichet.routing.measures import By, Period
from guichet.routing.measures_in_words import report_as_json

_USUAL = timedelta(days=30)
_FARTHEST = timedelta(days=3700)
_FIRST_YEAR, _LAST_YEAR = 1971, 8999


class ReportWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """Which days, both included (the last thirty if left out), and what the rows are."""

    first: MaybeDay = UNSET
    last: MaybeDay = UNSET
    by: By = By.QUEUE


Figures = dict[str, int | float | None]


class RowShown(msgspec.Struct, frozen=True):
    """The figures of one group; hours are numbers, days are written `2026-03-31`."""

    key: str | int
    figures: Figures


class ReportShown(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """Counts, rates between 0 and 1, and times in seconds; null where there is nothing to measure."""

    first: date
    last: date
    zone: str
    as_of: datetime
    by: By
    all: Figures
    channels: dict[str, Figures]
    rows: tuple[RowShown, ...]


async def _report(asked: Asked) -> Answer:
    wanted: ReportWanted = asked.query
    zone = asked.tools.book().calendar.zone
    last = wanted.last if isinstance(wanted.last, date) else asked.now.astimezone(zone).date()
    _check(last)
    first = wanted.first if isinstance(wanted.first, date) else last - _USUAL
    _check(first)
    if not timedelta() <= last - first <= _FARTHEST:
        raise BadInput("`from` comes before `to`, by ten years at most")
    found = await asked.unit.measures.report(Period(first, last, zone), wanted.by, asked.now)
    told = report_as_json(found)
    told["rows"] = [{"key": row.pop("key"), "figures": row} for row in told["rows"]]
    return Answer(msgspec.convert(told, ReportShown))


def _check(day: date) -> None:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadInput(f"a day lies between the years {_FIRST_YEAR} and {_LAST_YEAR}")


def operations() -> tuple[Operation, ...]:
    """Return the operations on measures."""
    return (
        Operation(
            name="read_report",
            method="GET",
            path="/reports",
            scope=Scope.REPORTS_READ,
            summary="Read how well citizens were served",
            description="What each figure counts is in docs/measures.md; times are seconds.",
            query=ReportWanted,
            answers=ReportShown,
            perform=_report,
        ),
    )
