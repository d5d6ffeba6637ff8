"""The database: engine, transactions that give units, health. SQLite in WAL mode, or PostgreSQL.

SQLite has one writer at a time: transactions that write begin IMMEDIATE, one after the other within a process (a
queue, not a race) and with a busy time-out between processes. Source: https://sqlite.org/lang_transaction.html.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Unavailable
from guichet.gateway.new_calls import NewCalls
from guichet.gateway.one_thread import OneThread
from guichet.gateway.quick_finding import QuickFinding
from guichet.gateway.units import SqlUnit

T = TypeVar("T")

_BUSY_MILLISECONDS = 3000
_PROBE_MILLISECONDS = 800
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}",
    "PRAGMA foreign_keys=ON",
    # Pages of 4 kB: a page that many transactions change is copied to the database once in a while, not each time.
    "PRAGMA wal_autocheckpoint=8000",
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
            Path(file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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


class Database:
    """Transactions on one engine. `on_commit` is told of each commit that put a job that is due at once."""

    def __init__(self, engine: AsyncEngine, clock: Clock, on_commit: Callable[[], None] | None = None) -> None:
        self.engine = engine
        self.on_commit = on_commit
        self._clock = clock
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self.new_calls = self._new_calls()
        self._in_one_go = OneThread(self._file, _PRAGMAS, clock) if self._file else None
        self.finding = QuickFinding(self._file, self._told) if self._file else None
        """The quicker way to candidates in a database file."""

    def _new_calls(self) -> NewCalls | None:
        """Return the quicker way for new calls into a database file; None for the other kinds of database."""
        return NewCalls(self._file, _PRAGMAS, self._in_turn, self._told) if self._file else None

    @property
    def _file(self) -> str | None:
        """The file of the database; None where it is in memory, or a server's."""
        file = self.engine.url.database
        return None if self._turn is None or not file or file.startswith((":memory:", "file:")) else file

    async def run(self, work: Callable[[SqlUnit], Awaitable[T]]) -> T:
        """Do the work of a whole transaction, which awaits nothing but the stores of its unit; else as `begin`.

        On an SQLite file it is done in one go, on a thread: a few times faster than statement by statement.
        """
        if self._in_one_go is None:
            async with self.begin() as unit:
                return await work(unit)
        async with self._in_turn():
            with self._told():
                result, put_now = await self._in_one_go.run(work)
        if put_now and self.on_commit is not None:
            self.on_commit()
        return result

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
            async with aclosing(await self._reached()) as plain:
                connection = await plain.execution_options(guichet_writes=writes)
                async with connection.begin():
                    yield connection

    async def _reached(self) -> AsyncConnection:
        """Connect. Raises Unavailable whatever the reason: no such database, a wrong password, a server starting."""
        try:
            return await self.engine.connect()
        except DBAPIError as error:
            raise Unavailable(f"the database lets nobody in ({_kind(error)}): {self._mend}") from error

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
            async with aclosing(await self._reached()) as connection:
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

        with self._told():
            async with aclosing(await self._reached()):
                await upgrade(self.engine)

    async def close(self) -> None:
        """Close every connection."""
        if self.new_calls is not None:
            await self.new_calls.close()
        if self._in_one_go is not None:
            await self._in_one_go.close()
        if self.finding is not None:
            await self.finding.close()
        await self.engine.dispose()


def _kind(error: BaseException) -> str:
    """Return what the driver says has happened, without its words: they may hold values."""
    origin = getattr(error, "orig", None) or error
    return type(origin.__cause__ or origin).__name__


Begin = Callable[[], AbstractAsyncContextManager[SqlUnit]]
