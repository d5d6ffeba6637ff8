"""The database: engine, transactions that give units, health. SQLite in WAL mode, or PostgreSQL.

SQLite has one writer at a time: transactions that write begin IMMEDIATE, one after the other within a process (a
queue, not a race) and with a busy time-out between processes. Source: https://sqlite.org/lang_transaction.html.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Unavailable
from guichet.gateway.new_calls import NewCallsUnit
from guichet.gateway.sqlite_writer import SqliteWriter
from guichet.gateway.units import SqlUnit
from guichet.ivr.ports import OpeningUnit

_BUSY_MILLISECONDS = 3000
_PROBE_MILLISECONDS = 800
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}",
    "PRAGMA foreign_keys=ON",
)
_TURN_SECONDS = 3.0
"""Longest wait for our own writers, with SQLite: a caller is waiting, and an apology is better than silence."""
STATEMENT_SECONDS = 8.0
"""Longest time for a statement of PostgreSQL while somebody waits for it (not for migrations)."""
_CONNECT_SECONDS = 3.0
_AWAY = (OperationalError, InterfaceError, PoolTimeout, OSError, sqlite3.OperationalError)
"""What a database that is away, locked for too long or full raises, whichever its kind."""


def make_engine(url: str, statement_seconds: float | None = None) -> AsyncEngine:
    """Make the engine for a URL. Raises BadInput for a URL of another kind of database.

    `statement_seconds` limits each statement: a server that is cut off without a word is away then.
    """
    try:
        parsed = make_url(url)
    except sa.exc.ArgumentError:
        raise BadInput(
            "DATABASE_URL is no database URL; PostgreSQL's is postgresql+asyncpg://user:password@host/name"
        ) from None
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite(url, parsed.database)
        case "postgresql":
            parsed = parsed.set(drivername="postgresql+asyncpg")
            limits = {"timeout": _CONNECT_SECONDS, "command_timeout": statement_seconds}
            return create_async_engine(
                parsed,
                connect_args=limits,
                hide_parameters=True,
                pool_size=10,
                max_overflow=10,
                pool_timeout=5,
                pool_pre_ping=True,
            )
        case other:
            raise BadInput(f"DATABASE_URL names {other}; Guichet works on sqlite and postgresql")


def _sqlite(url: str, file: str | None) -> AsyncEngine:
    """Make an SQLite engine whose transactions are begun by us."""
    if file and file != ":memory:":
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(
                f"settings: {error.filename} cannot be made ({error.strerror}): set another DATA_DIR"
            ) from None
    engine = create_async_engine(url, hide_parameters=True, pool_size=8, max_overflow=8, pool_timeout=5)

    @sa.event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("guichet_writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _writer(engine: AsyncEngine) -> SqliteWriter | None:
    """Return what adds rows to a database file; None for databases in memory and those of another kind."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or file == ":memory:":
        return None
    return SqliteWriter(file, _PRAGMAS)


class Database:
    """Transactions on one engine. `on_commit` is told of each commit that put a job that is due at once."""

    def __init__(self, engine: AsyncEngine, clock: Clock, on_commit: Callable[[], None] | None = None) -> None:
        self.engine = engine
        self.on_commit = on_commit
        self._clock = clock
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self._writer = _writer(engine)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlUnit]:
        """Open a transaction that may write: committed at the end of the block, rolled back by an exception.

        Raises Unavailable when the database is away.
        """
        async with self._in_turn(), self._connection(writes=True) as connection:
            unit = SqlUnit(connection, self._clock)
            yield unit
        if unit.jobs.put_now and self.on_commit is not None:
            self.on_commit()

    @asynccontextmanager
    async def begin_new_calls(self) -> AsyncIterator[OpeningUnit]:
        """Open a transaction that only adds new calls: on SQLite they are added in one go at the end of the block.

        Raises Unavailable when the database is away.
        """
        if self._writer is None:
            async with self.begin() as sql_unit:
                yield sql_unit
            return
        unit = NewCallsUnit()
        yield unit
        with self._told():
            async with self._in_turn():
                await self._writer.add(unit.rows)

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        """Wait for our turn to write, where writers queue."""
        if self._turn is None:
            yield
            return
        try:
            async with asyncio.timeout(_TURN_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise Unavailable(f"the database does not keep up: {self._mend}") from None
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnit]:
        """Open a transaction that only reads: it waits for no writer."""
        async with self._connection(writes=False) as connection:
            yield SqlUnit(connection, self._clock)

    @asynccontextmanager
    async def _connection(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        with self._told():
            async with self.engine.connect() as plain:
                connection = await plain.execution_options(guichet_writes=writes)
                async with connection.begin():
                    yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what drivers raise when the database is away into Unavailable."""
        try:
            yield
        except _AWAY as error:
            raise Unavailable(f"the database does not answer ({_kind(error)}): {self._mend}") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise Unavailable(f"the database has closed the connection: {self._mend}") from error
            raise

    @asynccontextmanager
    async def _impatient(self) -> AsyncIterator[SqlUnit]:
        """Open a transaction that could write, out of turn, and be told soon when another program holds the file."""
        with self._told():
            async with self.engine.connect() as connection:
                plain: Any = (await connection.get_raw_connection()).driver_connection
                await plain.execute(f"PRAGMA busy_timeout={_PROBE_MILLISECONDS}")
                try:
                    async with connection.begin():
                        yield SqlUnit(connection, self._clock)
                finally:
                    await plain.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")

    @property
    def _mend(self) -> str:
        """Say what to look at when it is away."""
        if self._turn is None:
            return "check that PostgreSQL runs, and GUICHET_DATABASE_URL"
        return f"see what else holds {self.engine.url.database}, and whether the disk is full"

    async def check(self) -> None:
        """Ask the database for a sign of life, its schema, and whether it can be written to (SQLite).

        Raises Unavailable with the way out.
        """
        from guichet.gateway.migrations import current, newest

        async with self.read() if self._turn is None else self._impatient() as unit:
            at = await unit.connection.run_sync(current)
        if at != newest():
            raise Unavailable("the database's tables are not of this version: run `guichet database upgrade`")

    async def upgrade(self) -> None:
        """Bring the tables to this version. Raises Unavailable when the database is away."""
        from guichet.gateway.migrations import upgrade

        try:
            await upgrade(self.engine)
        except _AWAY as error:
            raise Unavailable(f"the database does not answer ({_kind(error)}): {self._mend}") from error

    async def close(self) -> None:
        """Close every connection."""
        if self._writer is not None:
            await self._writer.close()
        await self.engine.dispose()


def _kind(error: BaseException) -> str:
    """Return what the driver says has happened, without its words: they may hold values."""
    origin = getattr(error, "orig", None)
    return type(origin or error).__name__


Begin = Callable[[], AbstractAsyncContextManager[SqlUnit]]
