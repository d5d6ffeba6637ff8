"""Coaching notes and planned presence in SQL, the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.console.account import AccountId
from guichet.console.cockpit_tables import coaching_notes as notes
from guichet.console.cockpit_tables import planned_presences as planned
from guichet.console.team import MOST, Note, Shift


class SqlTeamStore:
    """A TeamStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_note(self, note: Note) -> None:
        """Keep a note."""
        row = {column.name: getattr(note, column.name) for column in notes.c}
        await self._connection.execute(notes.insert(), row)

    async def notes_of(self, account: AccountId) -> Sequence[Note]:
        """Return the notes about an account, latest first."""
        query = sa.select(notes).where(notes.c.account == account).order_by(notes.c.id.desc()).limit(MOST)
        rows = await self._connection.execute(query)
        return [Note(row.id, AccountId(row.account), row.author, row.at, row.text, row.read_at) for row in rows]

    async def unread(self, account: AccountId) -> int:
        """Count the notes that an account has not seen."""
        query = sa.select(sa.func.count()).where(notes.c.account == account, notes.c.read_at.is_(None))
        return int((await self._connection.execute(query)).scalar_one())

    async def mark_read(self, account: AccountId, now: datetime) -> None:
        """Note that an account has seen all its notes."""
        own = notes.update().where(notes.c.account == account, notes.c.read_at.is_(None))
        await self._connection.execute(own.values(read_at=now))

    async def plan(self, shift: Shift) -> None:
        """Keep a planned presence."""
        row = {column.name: getattr(shift, column.name) for column in planned.c}
        await self._connection.execute(planned.insert(), row)

    async def unplan(self, shift: str) -> None:
        """Forget a planned presence."""
        await self._connection.execute(planned.delete().where(planned.c.id == shift))

    async def shifts(self, since: datetime, until: datetime) -> Sequence[Shift]:
        """Return the presences planned that touch a stretch of time, by their beginnings."""
        query = sa.select(planned).where(planned.c.starts_at < until, planned.c.ends_at > since)
        rows = await self._connection.execute(query.order_by(planned.c.starts_at, planned.c.id))
        return [Shift(row.id, AccountId(row.account), row.starts_at, row.ends_at) for row in rows]
