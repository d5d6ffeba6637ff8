"""Figures for pages: put together from the days that are kept, or counted where not all of them are.

What is read so is as old as the job that counts makes it: a minute for today, yesterday and the days whose requests
have changed, a day for the others (`counting_days`). Reports say so.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.gateway.sql_measured_days import BYS, SqlMeasuredDays
from guichet.gateway.sql_measures import SqlMeasures
from guichet.routing.measured_day import together
from guichet.routing.measures import By, Key, Measures, Period, Report

_Days = Sequence[tuple[date, datetime, bytes]]
_DAY = timedelta(days=1)


class KeptMeasures:
    """Reads figures on one connection, for one question: it holds the days of the longest period it was asked for."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._days = SqlMeasuredDays(connection)
        self._direct = SqlMeasures(connection)
        self._held: dict[By, tuple[Period, _Days | None]] = {}

    async def report(self, period: Period, by: By, now: datetime) -> Report:
        """Return the figures of a period; its `now` and `oldest` say when they were counted."""
        days = await self._kept(period, By.ALL, now)
        if days is None:
            return await self._direct.report(period, by, now)
        whole = await self.of(period, By.ALL, now)
        channels = await self.of(period, By.CHANNEL, now)
        rows = channels if by is By.CHANNEL else whole if by is By.ALL else await self.of(period, by, now)
        months = {}
        for part in period.months() if by is By.MONTH else ():
            months[f"{part.first:%Y-%m}"] = await self.of(part, By.CHANNEL, now)
        moments = [at for _, at, _ in days] or [now]
        whole_of_all = whole.get("", Measures())
        return Report(period, max(moments), by, whole_of_all, channels, rows, months, min(moments))

    async def of(self, period: Period, by: By, now: datetime, *, ranked: bool = True) -> dict[Key, Measures]:
        """Return the figures of each group, in the order of their keys; medians may be missing where not `ranked`."""
        days = await self._kept(period, by if by in BYS else By.ALL, now)
        if days is None:
            return await self._direct.of(period, by, now)
        if by in BYS:
            return together((counts for _, _, counts in days), ranked=ranked)
        slices: defaultdict[Key, list[bytes]] = defaultdict(list)
        for day, _, counts in days:
            slices[day if by is By.DAY else f"{day:%Y-%m}"].append(counts)
        found = {key: together(some, ranked=ranked) for key, some in slices.items()}
        return {key: values[""] for key, values in found.items() if values}

    async def count(self, day: date, zone: ZoneInfo, now: datetime) -> dict[By, dict[Key, Measures]]:
        """Count a day now, by everything that days are told apart by."""
        return {by: together([counts]) for by, counts in (await self._days.count(day, zone, now)).items()}

    async def _kept(self, period: Period, by: By, now: datetime) -> _Days | None:
        """Return the days of a period; None where one is missing."""
        held, days = self._held.get(by, (None, None))
        if held is None or held.zone != period.zone or not held.first <= period.first <= period.last <= held.last:
            days = await self._whole(period, by, now)
            self._held[by] = period, days
        return None if days is None else [one for one in days if period.first <= one[0] <= period.last]

    async def _whole(self, period: Period, by: By, now: datetime) -> _Days | None:
        earliest = await self._days.earliest()
        if earliest is None:
            return ()
        first = max(period.first, earliest.astimezone(period.zone).date())
        last = min(period.last, now.astimezone(period.zone).date())
        days = await self._days.read(first, last, period.zone, by)
        return days if len(days) == max(0, (last - first) // _DAY + 1) else None
