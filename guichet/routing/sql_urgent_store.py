"""Urgent messages in SQL: SQLite and PostgreSQL."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.routing.tables import urgent_messages
from guichet.routing.urgent import Urgent


def _message(row: sa.Row[Any]) -> Urgent:
    return Urgent(
        id=row.id,
        text=Bilingual(row.fr, row.en),
        closes=row.closes,
        line=None if row.line is None else PhoneNumber(row.line),
        author=row.author,
        put_up_at=row.put_up_at,
        expires_at=row.expires_at,
        taken_down_at=row.taken_down_at,
    )


def _is_up(now: datetime) -> sa.ColumnElement[bool]:
    column = urgent_messages.c
    return sa.and_(column.taken_down_at.is_(None), column.put_up_at <= now, column.expires_at > now)


class SqlUrgentStore:
    """The messages, on one connection and in its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, message: Urgent) -> None:
        """Keep a new message."""
        row = {
            "id": message.id,
            "fr": message.text.fr,
            "en": message.text.en,
            "closes": message.closes,
            "line": None if message.line is None else message.line.e164,
            "author": message.author,
            "put_up_at": message.put_up_at,
            "expires_at": message.expires_at,
            "taken_down_at": message.taken_down_at,
        }
        await self._connection.execute(urgent_messages.insert(), row)

    async def up(self, now: datetime) -> tuple[Urgent, ...]:
        """Return the messages that are up at a moment, latest first."""
        return await self._latest(sa.select(urgent_messages).where(_is_up(now)))

    async def all(self, limit: int = 100) -> tuple[Urgent, ...]:
        """Return the latest messages, latest first."""
        return await self._latest(sa.select(urgent_messages).limit(limit))

    async def take_down(self, message_id: str, now: datetime) -> bool:
        """Take a message down; say whether it was up."""
        up = urgent_messages.update().where(urgent_messages.c.id == message_id, _is_up(now)).values(taken_down_at=now)
        return (await self._connection.execute(up)).rowcount == 1

    async def _latest(self, query: sa.Select[Any]) -> tuple[Urgent, ...]:
        ordered = query.order_by(urgent_messages.c.put_up_at.desc(), urgent_messages.c.id.desc())
        return tuple(_message(row) for row in await self._connection.execute(ordered))
