"""Adds new rows to SQLite in one go: a connection and a thread of its own, one trip there for a whole transaction.

Through the asynchronous driver each statement is several trips between the event loop and a thread; when many callers
ring at once, a transaction of three statements waits a dozen times behind their webhooks. Here it waits once.
"""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa

from guichet.core.bulk import insert_new

NewRows = Sequence[tuple[sa.Table, Sequence[Mapping[str, Any]]]]
"""Rows to be added, by table."""

_Statements = Sequence[tuple[str, tuple[str]]]


class SqliteWriter:
    """Adds rows to a database file; one transaction at a time. `pragmas` prepare the connection."""

    def __init__(self, file: str, pragmas: Sequence[str]) -> None:
        self._file = file
        self._pragmas = pragmas
        self._thread = ThreadPoolExecutor(1, "sqlite writer")
        self._connection: sqlite3.Connection | None = None

    async def add(self, rows: NewRows) -> None:
        """Add rows in a transaction, leaving known ones alone. Raises sqlite3.Error, and then nothing was added."""
        statements = [insert_new(table, new) for table, new in rows if new]
        await asyncio.get_running_loop().run_in_executor(self._thread, self._write, statements)

    async def close(self) -> None:
        """Close the connection, after what is under way."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _write(self, statements: _Statements) -> None:
        """Run statements in a transaction; on the thread. A failure ends the connection, and what was begun."""
        try:
            connection = self._connection or self._connect()
            connection.execute("BEGIN IMMEDIATE")
            for statement, values in statements:
                connection.execute(statement, values)
            connection.execute("COMMIT")
        except BaseException:
            self._close()
            raise

    def _connect(self) -> sqlite3.Connection:
        """Open the connection, at the first need: the file may not be there before."""
        self._connection = sqlite3.connect(self._file, isolation_level=None)
        for pragma in self._pragmas:
            self._connection.execute(pragma)
        return self._connection

    def _close(self) -> None:
        """Close the connection; on the thread that opened it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
