"""Answers kept for a day under the client's key, so that asking again does nothing twice.

The key is taken, and the answer written, in the transaction of what it answers. Who comes with the same key meanwhile
waits for that transaction, and gets its answer; what has failed has left nothing, and may be tried again.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.console.api.tables import api_answers as answers

KEPT = timedelta(hours=24)
_SWEPT = 100
"""Old answers removed whenever a new one is kept."""


@dataclass(frozen=True, slots=True)
class Key:
    """A client's key for one demand; `fingerprint` is that of what was asked."""

    token: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer given before, and the fingerprint of what it was given to."""

    fingerprint: str
    status: int
    headers: dict[str, str]
    body: str


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Return what tells one demand from another."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), body))).hexdigest()


class SqlAnswerStore:
    """The answers on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, key: Key, now: datetime) -> Kept | None:
        """Take a key; None if it is ours now, else the answer that was given under it."""
        own = sa.and_(answers.c.token == key.token, answers.c.key == key.key)
        await self._sweep(now)
        await self._connection.execute(sa.delete(answers).where(own, answers.c.created_at <= now - KEPT))
        insert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        row = {"token": key.token, "key": key.key, "fingerprint": key.fingerprint, "created_at": now}
        taking = insert(answers).values(**row, headers={}, body="").on_conflict_do_nothing().returning(answers.c.key)
        if (await self._connection.execute(taking)).first() is not None:
            return None
        found = (await self._connection.execute(sa.select(answers).where(own))).one()
        return Kept(found.fingerprint, found.status, found.headers, found.body)

    async def keep(self, key: Key, status: int, headers: dict[str, str], body: str) -> None:
        """Write the answer under a key that was taken in this transaction."""
        own = sa.and_(answers.c.token == key.token, answers.c.key == key.key)
        await self._connection.execute(sa.update(answers).where(own).values(status=status, headers=headers, body=body))

    async def _sweep(self, now: datetime) -> None:
        """Remove some answers that are over; those that another transaction removes are passed."""
        over = sa.select(answers.c.token, answers.c.key).where(answers.c.created_at <= now - KEPT).limit(_SWEPT)
        rows = (await self._connection.execute(over.with_for_update(skip_locked=True))).all()
        if rows:
            pairs = [tuple(row) for row in rows]
            await self._connection.execute(
                sa.delete(answers).where(sa.tuple_(answers.c.token, answers.c.key).in_(pairs))
            )
