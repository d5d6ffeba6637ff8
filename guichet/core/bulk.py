"""One INSERT of many rows, for SQLite. Pure.

Python's SQLite runs `executemany` row by row, giving up and asking back the interpreter's lock for each: beside a busy
event loop every row waits for its turn. One statement waits once. The rows travel as one JSON text, which SQLite takes
apart without that lock, so that the statement is the same for any number of them and is prepared once
(https://sqlite.org/json1.html#jeach). PostgreSQL's driver sends many rows in one go: it needs nothing of this.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
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


@dataclass(frozen=True, slots=True)
class Insert:
    """The insertion of new rows into a table; known rows are left alone.

    `statement` takes one value: `joined` rows, each made by `encode`. Columns are texts, numbers, booleans, times or
    JSON; not bytes.
    """

    statement: str
    names: tuple[str, ...]
    writers: tuple[tuple[int, _Writer], ...]

    def encode(self, row: Mapping[str, Any]) -> bytes:
        """Write a row that has every column of `names`."""
        values = list(map(row.__getitem__, self.names))
        for at, write in self.writers:
            values[at] = write(values[at])
        return _encode(values)


def joined(rows: Iterable[bytes]) -> str:
    """Return the one value of a statement for many rows."""
    return f"[{b','.join(rows).decode()}]"


@lru_cache(maxsize=64)
def insert_into(table: sa.Table, names: tuple[str, ...]) -> Insert:
    """Return the insertion of these columns into a table."""
    quote = _DIALECT.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    values = ", ".join(f"json_extract(value, '$[{at}]')" for at in range(len(names)))
    # `WHERE true` tells the ON of a conflict from that of a join.
    rows = f"SELECT {values} FROM json_each(?) WHERE true"  # noqa: S608 - places in our own rows; every value is bound
    statement = f"INSERT INTO {quote(table.name)} ({columns}) {rows} ON CONFLICT DO NOTHING"
    writers = [(at, _writer(table.c[name].type)) for at, name in enumerate(names)]
    return Insert(statement, names, tuple((at, write) for at, write in writers if write is not None))


def insert_new(table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> tuple[str, tuple[str]]:
    """Return an INSERT of rows (each with every column of the first) and its value; known rows are left alone.

    Raises ValueError beyond MOST_VALUES.
    """
    insert = insert_into(table, tuple(rows[0]))
    if len(insert.names) * len(rows) > MOST_VALUES:
        raise ValueError("too many rows for one statement")
    return insert.statement, (joined(map(insert.encode, rows)),)


def _writer(kind: sa.types.TypeEngine[Any]) -> _Writer | None:
    """Return what makes values of a type fit for SQLite; None where they fit as they are (a JSON `true` becomes 1)."""
    if isinstance(kind, sa.Boolean):
        return None
    if isinstance(kind, UtcDateTime):
        return _utc
    write = kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    if isinstance(kind, sa.JSON) and write is not None:
        return partial(_json, write)
    return write


@lru_cache(maxsize=256)
def _utc(value: datetime | None) -> str | None:
    """Write a time as SQLAlchemy does on SQLite, several times faster; the rows of one event share theirs."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a stored datetime must be aware")
    text = value.astimezone(UTC).isoformat(" ", "microseconds")
    return text.removesuffix("+00:00")


def _json(write: _Writer, value: Any) -> Any:
    """Write JSON; nothing is written at once."""
    return "{}" if value == {} else write(value)
