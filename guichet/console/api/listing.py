"""Pages of rows, straight from the tables: only what is shown is read. By key, never by offset: see `cursor`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.tables import IS_OPEN, attempts, requests
from guichet.citizens.tables import citizens, contacts
from guichet.console.api.cursor import read_cursor, write_cursor
from guichet.core.tables import UtcDateTime
from guichet.sms.tables import messages

TABLES: dict[str, sa.Table] = {table.name: table for table in (requests, contacts, citizens, messages)}
Row = sa.RowMapping


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is read: columns, each with whether it goes down; the last is the key, so that no two are equal."""

    name: str
    columns: tuple[tuple[str, bool], ...]
    open_only: bool = False


BY_ID = Order("id", (("id", False),))
NEWEST_REQUESTS = Order("newest", (("opened_at", True), ("id", True)))
OLDEST_REQUESTS = Order("oldest", (("opened_at", False), ("id", False)))
PLACE = Order("place", (("priority", True), ("target_at", False), ("id", False)), open_only=True)
NEWEST_CONTACTS = Order("newest", (("started_at", True), ("id", True)))
NEWEST_MESSAGES = Order("newest", (("created_at", True), ("id", True)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: values that columns have, and moments between which one lies (the last not included)."""

    table: str
    columns: tuple[str, ...]
    order: Order
    limit: int
    cursor: str | None = None
    equal: Mapping[str, object] | None = None
    since: tuple[str, Any] | None = None
    until: tuple[str, Any] | None = None
    is_open: bool | None = None


class SqlListing:
    """Reads pages on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def page(self, wanted: Wanted) -> tuple[list[Row], str | None]:
        """Return a page, and the cursor of the next; None at the end. Raises BadInput for a cursor of another order."""
        table, order = TABLES[wanted.table], wanted.order
        query = sa.select(*(table.c[name] for name in wanted.columns)).where(*_conditions(table, wanted))
        keys = [table.c[name] for name, _ in order.columns]
        query = query.add_columns(*(key.label(f"key_{at}") for at, key in enumerate(keys)))
        if wanted.cursor is not None:
            last = read_cursor(wanted.cursor, order.name, [_kind(key) for key in keys])
            query = query.where(_after(keys, order, last))
        query = query.order_by(
            *(key.desc() if down else key.asc() for key, (_, down) in zip(keys, order.columns, strict=True))
        )
        rows = (await self._connection.execute(query.limit(wanted.limit + 1))).mappings().all()
        shown = rows[: wanted.limit]
        if len(rows) <= wanted.limit:
            return list(shown), None
        return list(shown), write_cursor(order.name, [shown[-1][f"key_{at}"] for at in range(len(keys))])

    async def row(self, table: str, row_id: str, columns: Sequence[str]) -> Row | None:
        """Return one row."""
        found = TABLES[table]
        query = sa.select(*(found.c[name] for name in columns)).where(found.c.id == row_id)
        return (await self._connection.execute(query)).mappings().first()

    async def lock(self, table: str, row_id: str) -> None:
        """Have nobody else change a row before the transaction ends (SQLite has one writer at a time anyway)."""
        found = TABLES[table]
        await self._connection.execute(sa.select(found.c.id).where(found.c.id == row_id).with_for_update())

    async def attempts_of(self, request_id: str) -> list[Row]:
        """Return the attempts of a request, first to last."""
        own = attempts.c
        columns = (own.id, own.agent, own.state, own.started_at, own.ended_at, own.result)
        query = sa.select(*columns).where(own.request == request_id).order_by(own.started_at, own.id)
        return list((await self._connection.execute(query)).mappings())


def _conditions(table: sa.Table, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = [table.c[name] == value for name, value in (wanted.equal or {}).items()]
    if wanted.since is not None:
        found.append(table.c[wanted.since[0]] >= wanted.since[1])
    if wanted.until is not None:
        found.append(table.c[wanted.until[0]] < wanted.until[1])
    if wanted.is_open is not None or wanted.order.open_only:
        found.append(IS_OPEN if wanted.is_open or wanted.order.open_only else sa.not_(IS_OPEN))
    return found


def _kind(key: sa.Column[Any]) -> type:
    """Return what the values of a column are."""
    if isinstance(key.type, UtcDateTime):
        return datetime
    return int if isinstance(key.type, sa.Integer) else str


def _after(keys: Sequence[sa.Column[Any]], order: Order, last: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Select what comes after a row: further in the first key, or the same in it and further in the next, and so on."""
    found: sa.ColumnElement[bool] = sa.false()
    for at in range(len(keys) - 1, -1, -1):
        key, (_, down) = keys[at], order.columns[at]
        further = key < last[at] if down else key > last[at]
        found = sa.or_(further, sa.and_(key == last[at], found))
    first, (_, down) = keys[0], order.columns[0]
    # Said once more for the index.
    return sa.and_(first <= last[0] if down else first >= last[0], found)
