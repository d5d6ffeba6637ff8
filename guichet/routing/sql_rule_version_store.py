"""Versions of a book in SQL: SQLite and PostgreSQL."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.errors import Conflict, NotFound
from guichet.core.tables import by_name
from guichet.routing.rule_version import RuleVersion
from guichet.routing.tables import rule_versions


def _version(row: sa.Row[Any]) -> RuleVersion:
    return RuleVersion(**by_name(row))


class SqlRuleVersionStore:
    """The versions of a book, on one connection and in its transaction; the rule book's where no `table` is given."""

    def __init__(self, connection: AsyncConnection, table: sa.Table = rule_versions) -> None:
        self._connection = connection
        self._table = table
        self._columns = [column for column in table.c if column.name != "text"]

    async def add(self, version: RuleVersion, text: str) -> None:
        """Keep a new version. Raises Conflict when its number is taken."""
        row = {column.name: getattr(version, column.name) for column in self._columns}
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(self._table.insert(), {**row, "text": text})
        except IntegrityError as error:
            raise Conflict("somebody else has published meanwhile") from error

    async def all(self) -> tuple[RuleVersion, ...]:
        """Return every version, latest publication first."""
        rows = await self._connection.execute(sa.select(*self._columns).order_by(self._table.c.number.desc()))
        return tuple(map(_version, rows))

    async def text(self, number: int) -> str:
        """Return the text of a version. Raises NotFound."""
        query = sa.select(self._table.c.text).where(self._table.c.number == number)
        text = (await self._connection.execute(query)).scalar_one_or_none()
        if text is None:
            raise NotFound(f"the book has no version {number}")
        return str(text)

    async def in_force(self, now: datetime) -> RuleVersion | None:
        """Return the version in force at a moment."""
        query = (
            sa.select(*self._columns)
            .where(self._table.c.withdrawn_at.is_(None), self._table.c.in_force_at <= now)
            .order_by(self._table.c.in_force_at.desc(), self._table.c.number.desc())
            .limit(1)
        )
        row = (await self._connection.execute(query)).first()
        return None if row is None else _version(row)

    async def withdraw(self, number: int, now: datetime) -> bool:
        """Note that a version whose moment is to come never comes into force."""
        coming = (
            self._table.update()
            .where(self._table.c.number == number, self._table.c.in_force_at > now)
            .where(self._table.c.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )
        return (await self._connection.execute(coming)).rowcount == 1
