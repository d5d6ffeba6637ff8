"""One INSERT of many rows, for SQLite. Pure.

Python's SQLite runs `executemany` row by row, giving up and asking back the interpreter's lock for each: beside a busy
event loop every row waits for its turn. One statement waits once. The rows travel as one JSON text, which SQLite takes
apart without that lock, so that the statement is the same for any number of them and is prepared once
(https://sqlite.org/json1.html#jeach). PostgreSQL's driver sends many rows in one go: it needs nothing of this.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from guichet.core.tables import UtcDateTime

MOST_VALUES = 30_000
"""Values in one statement: some megabytes of memory, and a fraction of a second for those who wait to write."""

_DIALECT = sqlite.dialect()
_Writer = Callable[[Any], Any]
_encode = msgspec.json.Encoder().encode


def insert_new(table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> tuple[str, tuple[str]]:
    """Return an INSERT of rows (each with every column of the first) and its value; known rows are left alone.

    Columns are texts, numbers, booleans, times or JSON; not bytes. Raises ValueError beyond MOST_VALUES.
    """
    names = tuple(rows[0])
    if len(names) * len(rows) > MOST_VALUES:
        raise ValueError("too many rows for one statement")
    writers = _writers(table, names)
    values = [list(map(row.__getitem__, names)) for row in rows]
    for at, write in writers:
        for value in values:
            value[at] = write(value[at])
    return _statement(table, names), (_encode(values).decode(),)


@lru_cache(maxsize=64)
def _writers(table: sa.Table, names: tuple[str, ...]) -> tuple[tuple[int, _Writer], ...]:
    """Return what makes values fit for SQLite, by place, where they do not fit as they are."""
    kinds = [(at, table.c[name].type) for at, name in enumerate(names)]
    writers = [
        (at, _utc if isinstance(kind, UtcDateTime) else kind.dialect_impl(_DIALECT).bind_processor(_DIALECT))
        for at, kind in kinds
    ]
    return tuple((at, write) for at, write in writers if write is not None)


def _utc(value: datetime | None) -> str | None:
    """Write a time as SQLAlchemy does on SQLite, several times faster."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a stored datetime must be aware")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=64)
def _statement(table: sa.Table, names: tuple[str, ...]) -> str:
    """Return the statement, for any number of rows; `WHERE true` tells the conflict's ON from that of a join."""
    quote = _DIALECT.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    values = ", ".join(f"json_extract(value, '$[{at}]')" for at in range(len(names)))
    return f"INSERT INTO {quote(table.name)} ({columns}) SELECT {values} FROM json_each(?) WHERE true ON CONFLICT DO NOTHING"  # noqa: S608, E501 - names of our own tables, quoted; every value is bound
