"""Measures over time: a period cut into slices, one figure of each group in each of them. Pure, but for `Measuring`.

Two weeks or less are cut into days, three months into weeks, the rest into months.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from guichet.core.errors import BadInput
from guichet.routing.measures import By, Key, Measures, Period, Report

MOST_DAYS = 3 * 366
_DAYS, _WEEKS = 14, 98
_TOP = 3
"""Groups that the chart shows besides all together: more lines tell nothing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that can be followed: how it is read off, and whether it is a rate, a count or a wait."""

    name: str
    kind: str
    read: Callable[[Measures], float | None]

    @property
    def is_ranked(self) -> bool:
        """Whether it is the wait of somebody in the middle, and no sum or share."""
        return self.kind == "wait" and not self.name.endswith("_mean")


FIGURES: tuple[Figure, ...] = (
    Figure("contacts", "count", lambda one: float(one.contacts)),
    Figure("overall_rate", "rate", lambda one: one.overall_rate),
    Figure("needing", "count", lambda one: float(one.needing)),
    Figure("answer_rate", "rate", lambda one: one.answer_rate),
    Figure("service_level", "rate", lambda one: one.service_level),
    Figure("wait_median", "wait", lambda one: one.wait_median),
    Figure("wait_of_9_in_10", "wait", lambda one: one.wait_of_9_in_10),
    Figure("hold_median", "wait", lambda one: one.hold_median),
    Figure("abandonment", "rate", lambda one: one.abandonment),
    Figure("callbacks_kept", "rate", lambda one: one.callbacks_kept),
    Figure("talk_mean", "wait", lambda one: one.talk_mean),
    Figure("first_contact", "rate", lambda one: one.first_contact),
    Figure("satisfaction", "rate", lambda one: one.satisfaction),
    Figure("survey_answers", "rate", lambda one: one.survey_answers),
)


class MeasureUnit(Protocol):
    """What measures are read through."""

    @property
    def kept_measures(self) -> "MeasureReader":
        """The measures, as old as they say."""
        ...


class MeasureReader(Protocol):
    """Reads measures."""

    async def report(self, period: Period, by: By, now: datetime) -> Report:
        """Return the figures of a period."""
        ...

    async def of(self, period: Period, by: By, now: datetime, *, ranked: bool) -> dict[Key, Measures]:
        """Return the figures of each group; medians may be missing where not `ranked`."""
        ...


ReadMeasures = Callable[[], AbstractAsyncContextManager[MeasureUnit]]


@dataclass(frozen=True, slots=True)
class OverTime:
    """One figure over time: `groups` are the busiest, each with a value a slice; `all` is everything together."""

    slices: tuple[Period, ...]
    all: tuple[float | None, ...]
    groups: Mapping[Key, tuple[float | None, ...]]


def figure_of(name: str) -> Figure:
    """Return a figure by its name. Raises BadInput."""
    found = next((one for one in FIGURES if one.name == name), None)
    if found is None:
        raise BadInput(f"the figures are {', '.join(one.name for one in FIGURES)}")
    return found


def cut(period: Period) -> tuple[Period, ...]:
    """Cut a period into days, weeks or months."""
    days = (period.last - period.first).days + 1
    slices: list[Period] = []
    first = period.first
    while first <= period.last:
        last = min(_end_of(first, days), period.last)
        slices.append(Period(first, last, period.zone))
        first = last + timedelta(days=1)
    return tuple(slices)


def _end_of(first: date, days: int) -> date:
    if days <= _DAYS:
        return first
    if days <= _WEEKS:
        return first + timedelta(days=6 - first.weekday())
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


class Measuring:
    """Reads reports, and figures over time."""

    def __init__(self, read: ReadMeasures) -> None:
        self._read = read

    async def report(self, period: Period, by: By, now: datetime) -> Report:
        """Return the figures of a period."""
        async with self._read() as unit:
            return await unit.kept_measures.report(period, by, now)

    async def look(self, period: Period, by: By, figure: Figure, now: datetime) -> tuple[Report, OverTime]:
        """Return the figures of a period, and one of them over time: of its busiest groups, and of all together."""
        async with self._read() as unit:
            report = await unit.kept_measures.report(period, by, now)
            return report, await _over_time(unit.kept_measures, report, figure, now)


async def _over_time(measures: MeasureReader, report: Report, figure: Figure, now: datetime) -> OverTime:
    slices = cut(report.period)
    wanted = _busiest(report)
    every: list[float | None] = []
    groups: dict[Key, list[float | None]] = {key: [] for key in wanted}
    for one in slices:
        whole = await measures.of(one, By.ALL, now, ranked=figure.is_ranked)
        every.append(figure.read(whole.get("", Measures())))
        rows = await measures.of(one, report.by, now, ranked=figure.is_ranked) if wanted else {}
        for key, values in groups.items():
            values.append(figure.read(rows.get(key, Measures())))
    return OverTime(slices, tuple(every), {key: tuple(values) for key, values in groups.items()})


def _busiest(report: Report) -> Sequence[Key]:
    """Return the keys of the busiest groups; days and hours are time themselves."""
    if report.by in {By.ALL, By.DAY, By.HOUR, By.MONTH}:
        return ()
    rows = sorted(report.rows.items(), key=lambda row: (-row[1].contacts - row[1].needing, str(row[0])))
    return [key for key, _ in rows[:_TOP]]
