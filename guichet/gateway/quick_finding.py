"""Candidates on SQLite in one trip to a thread: keys, the statement and the weighing, one after the other.

The asynchronous driver makes some six trips between the event loop and its thread for one statement (connect, begin,
execute, fetch, end), and each waits for a core twice. A caller waits for them all. Here threads of their own, with a
connection each that only reads, do the whole of a match.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

import sqlalchemy as sa

from guichet.citizens.citizen import Citizen
from guichet.citizens.ports import Find
from guichet.citizens.postings import SHARERS
from guichet.citizens.sql_store import sharers_of, sharers_values
from guichet.core.phone import PhoneNumber

T = TypeVar("T")

THREADS = 2
"""Matches at once: they hold the interpreter for most of the time, so that more would only wait for each other."""
_PRAGMAS = ("PRAGMA query_only=ON", "PRAGMA busy_timeout=3000", "PRAGMA cache_size=-32768")
"""32 MB of pages for each thread: those at the top of the index are asked for in every match."""


class QuickFinding:
    """Finds candidates in an SQLite file. `told` makes Unavailable of what SQLite raises when it is."""

    def __init__(self, file: str, told: Callable[[], AbstractContextManager[None]]) -> None:
        self._engine = sa.create_engine(
            sa.URL.create("sqlite", database=file), poolclass=sa.NullPool, isolation_level="AUTOCOMMIT"
        )
        self._told = told
        self._threads = ThreadPoolExecutor(THREADS, "finding")
        self._own = threading.local()
        self._open: list[sa.Connection] = []

    async def run(self, work: Callable[[Find], T]) -> T:
        """Do some work that finds candidates. Raises Unavailable when the database is away."""
        with self._told():
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, self._find)

    async def close(self) -> None:
        """Close the connections, after what is under way."""
        await asyncio.to_thread(self._threads.shutdown)
        for connection in self._open:
            connection.close()
        self._engine.dispose()

    def _find(self, keys: Sequence[str], most: int, phone: PhoneNumber | None) -> tuple[Citizen, ...]:
        """Find candidates, on the connection of this thread; a failure ends it."""
        connection = self._connection()
        try:
            return sharers_of(connection.execute(SHARERS["sqlite"], sharers_values(keys, most, phone)).mappings().all())
        except BaseException:
            del self._own.connection
            self._open.remove(connection)
            connection.close()
            raise

    def _connection(self) -> sa.Connection:
        connection: sa.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._engine.connect()
            self._open.append(connection)
            for pragma in _PRAGMAS:
                connection.exec_driver_sql(pragma)
        return connection
