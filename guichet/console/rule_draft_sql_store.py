"""Drafts of the rule book and their replays in SQL, the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.console.account import AccountId
from guichet.console.cockpit_tables import rule_desk_drafts as drafts
from guichet.console.cockpit_tables import rule_replays as replays
from guichet.console.rule_draft import KEPT, Draft, Run, State
from guichet.core.tables import by_name

_WITHOUT_RESULT = [column for column in replays.c if column.name != "result"]


class SqlDraftStore:
    """A DraftStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def draft(self, account: AccountId) -> Draft | None:
        """Return an account's draft."""
        row = (await self._connection.execute(sa.select(drafts).where(drafts.c.account == account))).first()
        return None if row is None else Draft(**by_name(row))

    async def save(self, draft: Draft) -> None:
        """Keep an account's draft."""
        values = {column.name: getattr(draft, column.name) for column in drafts.c if column.name != "account"}
        await self._put(drafts, {"account": draft.account}, values)

    async def discard(self, account: AccountId) -> None:
        """Forget an account's draft."""
        await self._connection.execute(drafts.delete().where(drafts.c.account == account))

    async def save_run(self, run: Run) -> None:
        """Keep a replay as it stands."""
        values = {column.name: getattr(run, column.name) for column in replays.c if column.name not in {"id", "state"}}
        await self._put(replays, {"id": run.id}, {**values, "state": run.state.value})

    async def run(self, run_id: str) -> Run | None:
        """Return a replay."""
        row = (await self._connection.execute(sa.select(replays).where(replays.c.id == run_id))).first()
        return None if row is None else _run(row)

    async def runs(self, account: AccountId) -> Sequence[Run]:
        """Return an account's replays, latest first."""
        query = sa.select(*_WITHOUT_RESULT).where(replays.c.account == account)
        rows = await self._connection.execute(query.order_by(replays.c.id.desc()).limit(KEPT))
        return [_run(row) for row in rows]

    async def _put(self, table: sa.Table, key: dict[str, Any], values: dict[str, Any]) -> None:
        """Insert a row, or change the one that is there."""
        is_postgresql = self._connection.dialect.name == "postgresql"
        insert = postgresql.insert(table) if is_postgresql else sqlite.insert(table)
        row = insert.values(**key, **values)
        await self._connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))


def _run(row: sa.Row[Any]) -> Run:
    values = by_name(row)
    return Run(**{**values, "state": State(values["state"])})
