"""Versions of the rule book in SQL: SQLite and PostgreSQL."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.errors import Conflict, NotFound
from guichet.routing.rule_version import RuleVersion
from guichet.routing.tables import rule_versions

_COLUMNS = [column for column in rule_versions.c if column.name != "text"]


def _version(row: sa.Row[Any]) -> RuleVersion:
    return RuleVersion(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


class SqlRuleVersionStore:
    """The versions, on one connection and in its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, version: RuleVersion, text: str) -> None:
        """Keep a new version. Raises Conflict when its number is taken."""
        row = {column.name: getattr(version, column.name) for column in _COLUMNS}
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(rule_versions.insert(), {**row, "text": text})
        except IntegrityError as error:
            raise Conflict("somebody else has published meanwhile") from error

    async def all(self) -> tuple[RuleVersion, ...]:
        """Return every version, latest publication first."""
        rows = await self._connection.execute(sa.select(*_COLUMNS).order_by(rule_versions.c.number.desc()))
        return tuple(map(_version, rows))

    async def text(self, number: int) -> str:
        """Return the text of a version. Raises NotFound."""
        query = sa.select(rule_versions.c.text).where(rule_versions.c.number == number)
        text = (await self._connection.execute(query)).scalar_one_or_none()
        if text is None:
            raise NotFound(f"the rule book has no version {number}")
        return str(text)

    async def in_force(self, now: datetime) -> RuleVersion | None:
        """Return the version in force at a moment."""
        query = (
            sa.select(*_COLUMNS)
            .where(rule_versions.c.withdrawn_at.is_(None), rule_versions.c.in_force_at <= now)
            .order_by(rule_versions.c.in_force_at.desc(), rule_versions.c.number.desc())
            .limit(1)
        )
        row = (await self._connection.execute(query)).first()
        return None if row is None else _version(row)

    async def withdraw(self, number: int, now: datetime) -> bool:
        """Note that a version whose moment is to come never comes into force."""
        coming = (
            rule_versions.update()
            .where(rule_versions.c.number == number, rule_versions.c.in_force_at > now)
            .where(rule_versions.c.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )
        return (await self._connection.execute(coming)).rowcount == 1
