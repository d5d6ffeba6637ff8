"""Days that were measured, kept in SQL: what each counted, told apart by what pages ask for, and when it was counted.

They hold counts and durations, and nobody's name, number or words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.tables import request_contacts, requests
from guichet.citizens.tables import contacts
from guichet.core.tables import UtcDateTime, metadata
from guichet.gateway.sql_contact_measures import contacts_told
from guichet.gateway.sql_demand_measures import demands
from guichet.gateway.sql_text_measures import surveys_told, texts_told
from guichet.routing.measured_day import COUNTS, TIMES, Tally, packed
from guichet.routing.measures import By, Key, Period
from guichet.sms.tables import messages, surveys

BYS = (By.ALL, By.LINE, By.QUEUE, By.MATTER, By.CHANNEL, By.HOUR)
"""What a day is told apart by; days and months are made of days."""

measured_days = sa.Table(
    "measured_days",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("by", sa.String(8), primary_key=True),
    # Where the day begins and ends at midnight.
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("counted_at", UtcDateTime, nullable=False),
    # As `routing.measured_day` writes it.
    sa.Column("counts", sa.LargeBinary, nullable=False),
)
_CLOCKS_DIFFER = timedelta(minutes=1)
"""A day counted so much later than now was counted by a clock that has gone back since."""
_KEYS = {one.value: one for one in BYS}
_MOMENTS = (contacts.c.started_at, requests.c.opened_at, messages.c.created_at, surveys.c.asked_at)


@dataclass(slots=True)
class _Group:
    """What is being counted of a group."""

    counts: dict[str, int] = field(default_factory=dict)
    times: dict[str, list[int]] = field(default_factory=dict)

    @property
    def tally(self) -> Tally:
        """What was counted."""
        return Tally(self.counts, self.times)

    def add(self, told: Mapping[str, Any]) -> None:
        """Count a row: a contact, a demand, a text or a survey."""
        for name in COUNTS:
            if value := told.get(name):
                self.counts[name] = self.counts.get(name, 0) + value
        for name in TIMES:
            if (value := told.get(name)) is not None:
                self.times.setdefault(name, []).append(value)


class SqlMeasuredDays:
    """Counts, keeps and reads days on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def counted(self, first: date, last: date, zone: ZoneInfo) -> dict[date, datetime]:
        """Return the days that are kept, each with when it was counted."""
        own = measured_days.c
        query = sa.select(own.day, own.counted_at).where(own.by == By.ALL.value, own.zone == zone.key)
        rows = await self._connection.execute(query.where(own.day >= first, own.day <= last))
        return {row.day: row.counted_at for row in rows}

    async def read(self, first: date, last: date, zone: ZoneInfo, by: By) -> Sequence[tuple[date, datetime, bytes]]:
        """Return the days that are kept, in order: when each was counted, and what."""
        own = measured_days.c
        query = sa.select(own.day, own.counted_at, own.counts).where(own.by == by.value, own.zone == zone.key)
        rows = await self._connection.execute(query.where(own.day >= first, own.day <= last).order_by(own.day))
        return [(row.day, row.counted_at, row.counts) for row in rows]

    async def count(self, day: date, zone: ZoneInfo, now: datetime) -> dict[By, bytes]:
        """Count a day as it is known now, by everything at once; the definitions are those of reports."""
        period = Period(day, day, zone)
        found: dict[By, dict[Key, _Group]] = {by: {} for by in BYS}
        queries = (
            contacts_told(period, _KEYS, now),
            demands(period, _KEYS, now),
            texts_told(period, _KEYS),
            surveys_told(period, _KEYS),
        )
        for query in queries:
            for row in (await self._connection.execute(query)).mappings():
                told = _with_sums(row)
                for name, by in _KEYS.items():
                    found[by].setdefault(row[name], _Group()).add(told)
        return {by: packed({key: one.tally for key, one in some.items()}) for by, some in found.items()}

    async def keep(self, day: date, zone: ZoneInfo, now: datetime, counts: Mapping[By, bytes]) -> None:
        """Keep what was counted; what was counted later stays."""
        same = {"day": day, "zone": zone.key, "counted_at": now}
        rows = [{**same, "by": by.value, "counts": one} for by, one in counts.items()]
        put = (sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert)(measured_days)
        new = {name: put.excluded[name] for name in ("zone", "counted_at", "counts")}
        older = sa.or_(measured_days.c.counted_at <= now, measured_days.c.counted_at > now + _CLOCKS_DIFFER)
        put = put.on_conflict_do_update(index_elements=["day", "by"], set_=new, where=older)
        await self._connection.execute(put, rows)

    async def forget_before(self, day: date) -> None:
        """Forget the days before one: nothing is left of them."""
        await self._connection.execute(measured_days.delete().where(measured_days.c.day < day))

    async def earliest(self) -> datetime | None:
        """Return when the first thing happened that counts; None for nothing."""
        found = [await self._connection.scalar(sa.select(sa.func.min(one, type_=one.type))) for one in _MOMENTS]
        return min((one for one in found if one is not None), default=None)

    async def changed(self, since: datetime) -> Iterable[datetime]:
        """Return the moments of requests that have changed since, and of their contacts."""
        opened = sa.select(requests.c.opened_at).where(requests.c.changed_at >= since)
        asked = (
            sa.select(contacts.c.started_at)
            .join_from(requests, request_contacts, request_contacts.c.request == requests.c.id)
            .join(contacts, contacts.c.id == request_contacts.c.contact)
            .where(requests.c.changed_at >= since)
        )
        return {row[0] for query in (opened, asked) for row in await self._connection.execute(query)}


def _with_sums(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row with what reports sum of its times besides: how many there are, and their sums."""
    told = dict(row)
    if "wait" in told:
        told["waited"], told["talked"], told["written_up"] = told["wait"], told["talk"], told["write_up"]
        for name, time in (("held_through", "hold"), ("talks", "talk"), ("write_ups", "write_up")):
            told[name] = told[time] is not None
    return {name: int(value) for name, value in told.items() if value is not None and name not in _KEYS}
