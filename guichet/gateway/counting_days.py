"""Counting days for the pages of measures, beside everything else: what is kept is never older than it says.

Today, yesterday and the days whose requests have changed are counted every minute; every other day once a day, so that
whatever was put right since, by whatever way, is in its figures by the next day.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from guichet.core.clock import Clock
from guichet.core.errors import GuichetError
from guichet.core.jobs import CountDays
from guichet.gateway.database import Database

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=60)
FARTHEST = timedelta(days=3 * 366)
"""Days before are counted when somebody asks."""
MOST = 30
"""Days that a job counts: it is over in seconds, on a busy machine too."""
_OVERLAP = timedelta(minutes=1)
"""What was being written while the last job counted is looked at again."""
_DAY = timedelta(days=1)


class DayCounting:
    """Counts days. `zone` says where they begin."""

    def __init__(self, database: Database, clock: Clock, zone: Callable[[], ZoneInfo]) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone

    async def ask(self) -> None:
        """Have the days counted soon."""
        now = self._clock.now()
        async with self._database.begin() as unit:
            await unit.jobs.put(CountDays(), key="count_days", not_before=now)

    async def count(self) -> None:
        """Count what is due. Each day is read at once, and kept by a short transaction of its own."""
        now, zone = self._clock.now(), self._zone()
        today = now.astimezone(zone).date()
        async with self._database.read() as unit:
            earliest = await unit.measured_days.earliest()
            if earliest is None:
                return
            first = min(today, max(earliest.astimezone(zone).date(), today - FARTHEST))
            known = await unit.measured_days.counted(first, today, zone)
            # The last day is counted last: before that, the job that had begun was broken off.
            since = min(known[max(known)] if known else now, now) - _OVERLAP
            changed = {at.astimezone(zone).date() for at in await unit.measured_days.changed(since)}
        if today not in known:
            async with self._database.begin() as unit:
                await unit.measured_days.forget_before(first)
        for day in due(first, today, known, changed, zone):
            await self._count(day, zone, now)

    async def _count(self, day: date, zone: ZoneInfo, now: datetime) -> None:
        async with self._database.read() as unit:
            counts = await unit.measured_days.count(day, zone, now)
        async with self._database.begin() as unit:
            await unit.measured_days.keep(day, zone, now, counts)


def due(
    first: date, today: date, known: Mapping[date, datetime], changed: Collection[date], zone: ZoneInfo
) -> list[date]:
    """Return the days to be counted now, in their order: pages count themselves where one is missing."""
    every = [first + n * _DAY for n in range((today - first) // _DAY + 1)]
    fresh = {today, today - _DAY, *changed}
    missing = [day for day in every if day not in known]
    old = sorted(
        (day for day in every if day in known and known[day].astimezone(zone).date() != today),
        key=lambda day: (known[day], day),
    )
    wanted = {*(day for day in every if day in fresh), *[*missing, *old][:MOST]}
    return sorted(wanted)


async def keep_counted(counting: DayCounting) -> None:
    """Ask for it every minute; an away database is asked again."""
    while True:
        try:
            await counting.ask()
        except GuichetError as error:
            log.warning("days_not_counted", reason=type(error).__name__)
        await asyncio.sleep(EVERY.total_seconds())
