"""The audit trail in SQL, the same on SQLite and PostgreSQL."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.console.audit import MOST, Entry, Look
from guichet.console.tables import audit


class SqlAuditStore:
    """An AuditStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(self, entry: Entry) -> None:
        """Add an entry."""
        row = {
            "id": entry.id,
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "detail": entry.detail,
        }
        await self._connection.execute(audit.insert(), row)

    async def find(self, look: Look) -> Sequence[Entry]:
        """Return the entries wanted, latest first."""
        query = sa.select(audit).order_by(audit.c.id.desc()).limit(min(look.limit, MOST))
        for condition in _conditions(look):
            query = query.where(condition)
        rows = await self._connection.execute(query)
        return [Entry(row.at, row.actor, row.action, row.subject, row.detail, row.id) for row in rows]


def _conditions(look: Look) -> Iterator[sa.ColumnElement[bool]]:
    """Return what each wish that is there asks for."""
    if look.actor:
        yield audit.c.actor == look.actor
    if look.action.endswith("."):
        yield audit.c.action.startswith(look.action, autoescape=True)
    elif look.action:
        yield audit.c.action == look.action
    if look.subject:
        yield audit.c.subject == look.subject
    if look.since is not None:
        yield audit.c.at >= look.since
    if look.until is not None:
        yield audit.c.at < look.until
    if look.before:
        yield audit.c.id < look.before
