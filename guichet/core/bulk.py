"""One INSERT of many rows, for SQLite. Pure.

Python's SQLite runs `executemany` row by row, giving up and asking back the interpreter's lock for each: beside a busy
event loop every row waits for its turn. One statement waits once. (PostgreSQL's driver sends many rows in one go.)
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

MOST_VALUES = 30_000
"""Values in one statement; SQLite takes 32766."""

_DIALECT = sqlite.dialect()
_Writer = Callable[[Any], Any]


def insert_new(table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> tuple[str, tuple[Any, ...]]:
    """Return an INSERT of rows (each with every column of the first) and its values; known rows are left alone."""
    names = tuple(rows[0])
    if len(names) * len(rows) > MOST_VALUES:
        raise ValueError("too many rows for one statement")
    writers = _writers(table, names)
    values = tuple(
        row[name] if write is None else write(row[name])
        for row in rows
        for name, write in zip(names, writers, strict=True)
    )
    return _statement(table, names, len(rows)), values


@lru_cache(maxsize=64)
def _writers(table: sa.Table, names: tuple[str, ...]) -> tuple[_Writer | None, ...]:
    """Return what makes values of each column fit for SQLite."""
    return tuple(table.c[name].type.dialect_impl(_DIALECT).bind_processor(_DIALECT) for name in names)


@lru_cache(maxsize=512)
def _statement(table: sa.Table, names: tuple[str, ...], count: int) -> str:
    """Return the statement for that many rows."""
    quote = _DIALECT.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    marks = f"({', '.join('?' * len(names))})"
    return f"INSERT INTO {quote(table.name)} ({columns}) VALUES {', '.join([marks] * count)} ON CONFLICT DO NOTHING"  # noqa: S608 - names of our own tables, quoted; every value is bound
