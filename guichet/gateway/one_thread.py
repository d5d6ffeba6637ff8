"""Whole transactions on an SQLite file, each in one trip to a thread: for work that is nothing but statements.

Through the asynchronous driver each statement is several trips between the event loop and a thread. Here the same
stores run on SQLAlchemy's blocking connection: their methods are coroutines that never wait, so that a transaction's
work is run through in one go. `new_calls` does the same for the first webhook, without SQLAlchemy.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import StaticPool

from guichet.core.clock import Clock
from guichet.gateway.units import SqlUnit

T = TypeVar("T")


class PlainConnection:
    """A blocking connection with the methods of an asynchronous one, as far as the stores use them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    async def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        """Execute a statement."""
        return self._connection.execute(statement, parameters)

    async def scalar(self, statement: sa.Executable, parameters: Any = None) -> Any:
        """Return the first value of the first row."""
        return self._connection.scalar(statement, parameters)

    async def scalars(self, statement: sa.Executable, parameters: Any = None) -> sa.ScalarResult[Any]:
        """Return the first value of each row."""
        return self._connection.scalars(statement, parameters)

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> sa.CursorResult[Any]:
        """Execute a text."""
        return self._connection.exec_driver_sql(statement, parameters)

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        """Open a savepoint."""
        with self._connection.begin_nested():
            yield


class OneThread:
    """Runs transactions, one after the other, on a connection of its own."""

    def __init__(self, file: str, pragmas: Sequence[str], clock: Clock) -> None:
        self._file = file
        self._pragmas = pragmas
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, "transactions")
        self._engine: sa.Engine | None = None

    async def run(self, work: Callable[[SqlUnit], Awaitable[T]]) -> tuple[T, bool]:
        """Do the work in a transaction; return what it gives, and whether it has put a job that is due at once.

        The work awaits nothing but the stores of its unit. An exception of its own rolls the transaction back.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transaction, work)

    async def close(self) -> None:
        """Close the connection, after what is under way."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown()

    def _transaction(self, work: Callable[[SqlUnit], Awaitable[T]]) -> tuple[T, bool]:
        """Begin, do it, commit; on the thread."""
        engine = self._engine or self._connect()
        try:
            with engine.connect() as connection, connection.begin():
                unit = SqlUnit(cast(AsyncConnection, PlainConnection(connection)), self._clock)
                result = _run_through(work(unit))
        except sa.exc.DBAPIError:
            self._disconnect()
            raise
        return result, unit.jobs.put_now

    def _connect(self) -> sa.Engine:
        """Open the connection, at the first need: the file may not be there before."""
        engine = sa.create_engine(f"sqlite:///{self._file}", hide_parameters=True, poolclass=StaticPool)

        @sa.event.listens_for(engine, "connect")
        def prepare(connection: sqlite3.Connection, _record: Any) -> None:
            connection.isolation_level = None
            for pragma in self._pragmas:
                connection.execute(pragma)

        @sa.event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        self._engine = engine
        return engine

    def _disconnect(self) -> None:
        """Close the connection; on the thread that has opened it."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None


def _run_through(work: Awaitable[T]) -> T:
    """Run a coroutine that never waits to its end."""
    coroutine = cast(Coroutine[Any, Any, T], work)
    try:
        coroutine.send(None)
    except StopIteration as done:
        return cast(T, done.value)
    coroutine.close()
    raise RuntimeError("a transaction in one go has waited for something that is not in its unit")
