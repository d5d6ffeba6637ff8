"""Named drafts of the rule book in SQL: SQLite and PostgreSQL."""

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.tables import by_name
from guichet.routing.draft_shelf import NamedDraft, changed
from guichet.routing.tables import rule_drafts


class SqlDraftShelf:
    """Named drafts, on one connection and in its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def all(self) -> tuple[NamedDraft, ...]:
        """Return all, latest change first."""
        query = sa.select(rule_drafts).order_by(rule_drafts.c.changed_at.desc(), rule_drafts.c.name.desc())
        return tuple(NamedDraft(**by_name(row)) for row in await self._connection.execute(query))

    async def find(self, name: str) -> NamedDraft | None:
        """Return a draft."""
        row = (await self._connection.execute(sa.select(rule_drafts).where(rule_drafts.c.name == name))).first()
        return None if row is None else NamedDraft(**by_name(row))

    async def put(self, draft: NamedDraft) -> None:
        """Keep a draft. Raises Conflict."""
        if draft.revision == 1:
            try:
                async with self._connection.begin_nested():
                    await self._connection.execute(rule_drafts.insert(), asdict(draft))
            except IntegrityError as error:
                raise changed(draft.name) from error
            return
        own = rule_drafts.c
        before = rule_drafts.update().where(own.name == draft.name, own.revision == draft.revision - 1)
        if (await self._connection.execute(before.values(asdict(draft)))).rowcount == 0:
            raise changed(draft.name)

    async def delete(self, name: str) -> bool:
        """Forget a draft."""
        gone = await self._connection.execute(rule_drafts.delete().where(rule_drafts.c.name == name))
        return gone.rowcount > 0
