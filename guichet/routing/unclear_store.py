"""Where texts that were not understood are kept until somebody has looked at them: the port, its twin, and SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.ids import ContactId
from guichet.core.language import Language
from guichet.routing.tables import unclear_texts as table
from guichet.routing.unclear import Unclear

MOST = 2000
"""Texts that are returned at most: the latest."""


class UnclearStore(Protocol):
    """Keeps what was not understood, one text a turn of a contact."""

    async def add(self, text: Unclear) -> None:
        """Keep a text; a repeat of the same turn changes nothing."""
        ...

    async def since(self, moment: datetime) -> Sequence[Unclear]:
        """Return those since a moment that nobody has settled, latest first, at most MOST."""
        ...

    async def settle(self, contact: ContactId, turn: int, at: datetime) -> bool:
        """Mark a text as dealt with: it has become an example, or is none. False if there is none."""
        ...

    async def remove(self, contact: ContactId) -> int:
        """Remove a contact's texts; return how many there were."""
        ...


class MemoryUnclearStore:
    """An UnclearStore in a dictionary: the twin for tests."""

    def __init__(self) -> None:
        self._texts: dict[tuple[ContactId, int], Unclear] = {}
        self._settled: set[tuple[ContactId, int]] = set()

    async def add(self, text: Unclear) -> None:
        """Keep a text."""
        self._texts.setdefault((text.contact, text.turn), text)

    async def since(self, moment: datetime) -> Sequence[Unclear]:
        """Return those that nobody has settled."""
        found = [text for key, text in self._texts.items() if text.at >= moment and key not in self._settled]
        return sorted(found, key=lambda text: (text.at, text.contact, text.turn), reverse=True)[:MOST]

    async def settle(self, contact: ContactId, turn: int, at: datetime) -> bool:  # noqa: ARG002 - the port's signature
        """Mark a text as dealt with."""
        self._settled.add((contact, turn))
        return (contact, turn) in self._texts

    async def remove(self, contact: ContactId) -> int:
        """Remove a contact's texts."""
        gone = [key for key in self._texts if key[0] == contact]
        for key in gone:
            del self._texts[key]
        return len(gone)


class SqlUnclearStore:
    """An UnclearStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, text: Unclear) -> None:
        """Keep a text."""
        is_postgresql = self._connection.dialect.name == "postgresql"
        insert = postgresql.insert(table) if is_postgresql else sqlite.insert(table)
        values = insert.values(
            contact=text.contact,
            turn=text.turn,
            channel=text.channel,
            language=text.language.value,
            at=text.at,
            text=text.text,
        )
        await self._connection.execute(values.on_conflict_do_nothing())

    async def since(self, moment: datetime) -> Sequence[Unclear]:
        """Return those that nobody has settled."""
        query = sa.select(table).where(table.c.at >= moment, table.c.settled_at.is_(None))
        latest = query.order_by(table.c.at.desc(), table.c.contact.desc(), table.c.turn.desc()).limit(MOST)
        return [
            Unclear(ContactId(row.contact), row.turn, row.channel, Language(row.language), row.at, row.text)
            for row in await self._connection.execute(latest)
        ]

    async def settle(self, contact: ContactId, turn: int, at: datetime) -> bool:
        """Mark a text as dealt with."""
        one = sa.and_(table.c.contact == contact, table.c.turn == turn)
        return (await self._connection.execute(sa.update(table).where(one).values(settled_at=at))).rowcount > 0

    async def remove(self, contact: ContactId) -> int:
        """Remove a contact's texts."""
        return (await self._connection.execute(sa.delete(table).where(table.c.contact == contact))).rowcount
