"""Supervisors by telephone in SQL."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.ids import CallSid
from guichet.core.language import Language
from guichet.core.tables import by_name
from guichet.ivr.supervisor import At, SupervisorCall
from guichet.ivr.supervisor_store import Done, Supervisor
from guichet.ivr.tables import supervisor_calls, supervisor_deeds, supervisors


class SqlSupervisorStore:
    """The supervisors on one connection (one transaction)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, supervisor: Supervisor) -> None:
        """Keep, new or changed."""
        values = asdict(supervisor)
        changed = sa.update(supervisors).where(supervisors.c.number == supervisor.number).values(values)
        if (await self._connection.execute(changed)).rowcount == 0:
            await self._connection.execute(sa.insert(supervisors), values)

    async def find(self, number: str) -> Supervisor | None:
        """Return, the row locked (SQLite has one writer at a time anyway)."""
        query = sa.select(supervisors).where(supervisors.c.number == number).with_for_update()
        row = (await self._connection.execute(query)).first()
        return None if row is None else Supervisor(**_values(row, Supervisor))

    async def everybody(self) -> Sequence[Supervisor]:
        """Return all."""
        rows = await self._connection.execute(sa.select(supervisors).order_by(supervisors.c.number))
        return [Supervisor(**_values(row, Supervisor)) for row in rows]

    async def call(self, call: CallSid) -> SupervisorCall | None:
        """Return a call, the row locked."""
        query = sa.select(supervisor_calls).where(supervisor_calls.c.id == call).with_for_update()
        row = (await self._connection.execute(query)).first()
        if row is None:
            return None
        known = _values(row, SupervisorCall)
        return SupervisorCall(**{**known, "at": At(row.at), "language": Language(row.language)})

    async def save(self, call: SupervisorCall, now: datetime) -> None:
        """Keep a call, new or changed."""
        values = {**asdict(call), "at": call.at.value, "language": call.language.value, "changed_at": now}
        changed = sa.update(supervisor_calls).where(supervisor_calls.c.id == call.id).values(values)
        if (await self._connection.execute(changed)).rowcount == 0:
            await self._connection.execute(sa.insert(supervisor_calls), values)

    async def note(self, done: Done) -> None:
        """Append."""
        await self._connection.execute(sa.insert(supervisor_deeds), asdict(done))

    async def done(self, limit: int = 100) -> Sequence[Done]:
        """Return the latest."""
        rows = await self._connection.execute(
            sa.select(supervisor_deeds).order_by(supervisor_deeds.c.id.desc()).limit(limit)
        )
        return [Done(**_values(row, Done)) for row in rows]


def _values(row: sa.Row[Any], kind: type) -> dict[str, Any]:
    return by_name(row, (one.name for one in fields(kind)))
