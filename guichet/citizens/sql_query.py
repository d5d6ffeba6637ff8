"""A query against the administration's own database, any that SQLAlchemy knows; it is only read from."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from guichet.citizens.layout import Layout, Reading, SourceLine, cell, columns_of, translated
from guichet.core.errors import BadInput, GuichetError, Unavailable

_READS = re.compile(r"\s*(?:select|with|table|values)\b", re.IGNORECASE)
_ORDERED = re.compile(r"\border\s+by\b", re.IGNORECASE)
_CLASS = re.compile(r"<class '[^']*'>: ?")
_SOME_AT_A_TIME = 1000
_DRIVERS = {"postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg", "sqlite": "sqlite+aiosqlite"}
"""The drivers that Guichet comes with; a URL may name another that is installed beside it."""


def url_of(text: str) -> sa.URL:
    """Read a database URL, taking the drivers that are here. Raises BadInput for what is none."""
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError:
        raise BadInput("the database is named by a URL such as postgresql://user:password@host/name") from None
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


@dataclass(frozen=True, slots=True)
class SqlQuery:
    """A query whose columns fill our fields. `url` is never shown with its password."""

    url: sa.URL
    query: str
    reading: Reading

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return self.url.render_as_string(hide_password=True)

    @property
    def is_ordered(self) -> bool:
        """Whether its rows come in the same order each time, so that one may go on in the middle."""
        return bool(_ORDERED.search(self.query))

    async def layout(self) -> Layout:
        """Tell which columns there are. Raises BadInput for a bad query, Unavailable where nobody answers."""
        async with self._rows() as (heads, _):
            columns, ignored = columns_of(heads, self.reading, self.name)
        return Layout("sql", "", "", columns, ignored)

    async def batches(self, size: int, skip: int = 0) -> AsyncIterator[list[SourceLine]]:
        """Yield the rows, some at a time, without those to be skipped; a row's number is its place, from 1."""
        async with self._rows() as (heads, rows):
            columns, _ = columns_of(heads, self.reading, self.name)
            places = {field: [heads.index(head) for head in names] for field, names in columns.items()}
            number, batch = 0, list[SourceLine]()
            async for row in rows:
                number += 1
                if number <= skip:
                    continue
                batch.append(self._line(number, row, places))
                if len(batch) == size:
                    yield batch
                    batch = []
        if batch:
            yield batch

    def _line(self, number: int, row: Sequence[Any], places: Mapping[str, Sequence[int]]) -> SourceLine:
        """Read a row."""
        values = {field: tuple(_text(row[place]) for place in own) for field, own in places.items()}
        return SourceLine(number, translated(values, self.reading))

    @asynccontextmanager
    async def _rows(self) -> AsyncIterator[tuple[list[str], AsyncIterator[Sequence[Any]]]]:
        """Run the query, in a transaction that is rolled back."""
        if not _READS.match(self.query):
            raise BadInput("the query must be one that reads: it begins with SELECT or WITH")
        try:
            if self.url.get_dialect().is_async:
                async with create_async_rows(self.url, self.query) as found:
                    yield found
            else:
                async with create_rows(self.url, self.query) as found:
                    yield found
        except GuichetError:
            raise
        except Exception as error:
            # Drivers have errors of their own, which come bare while rows are fetched.
            raise _told(self.name, error) from error


def _told(name: str, error: Exception) -> GuichetError:
    """Return the error that says what to do."""
    match error:
        case sa.exc.NoSuchModuleError():
            return BadInput(f"{name}: SQLAlchemy knows no such database")
        case ImportError():
            return BadInput(f"{name}: its driver is missing; pip install {error.name}")
        case sa.exc.OperationalError() | OSError():
            return Unavailable(f"{name}: {_first_line(error)}")
        case _:
            return BadInput(f"{name}: {_first_line(error)}")


@asynccontextmanager
async def create_async_rows(url: sa.URL, query: str) -> AsyncIterator[tuple[list[str], AsyncIterator[Sequence[Any]]]]:
    """Run a query through an asynchronous driver."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await _only_read(connection)
            result = await connection.stream(sa.text(query), execution_options={"yield_per": _SOME_AT_A_TIME})
            yield list(result.keys()), aiter(result)
    finally:
        await engine.dispose()


async def _only_read(connection: AsyncConnection) -> None:
    """Ask PostgreSQL to refuse what would write."""
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.text("SET TRANSACTION READ ONLY"))


@asynccontextmanager
async def create_rows(url: sa.URL, query: str) -> AsyncIterator[tuple[list[str], AsyncIterator[Sequence[Any]]]]:
    """Run a query through a driver that blocks, in threads."""
    engine = sa.create_engine(url)
    connection = await asyncio.to_thread(engine.connect)
    try:
        options = {"stream_results": True, "yield_per": _SOME_AT_A_TIME}
        result = await asyncio.to_thread(connection.execute, sa.text(query), execution_options=options)
        yield list(result.keys()), _in_threads(result)
    finally:
        await asyncio.to_thread(connection.close)
        engine.dispose()


async def _in_threads(result: sa.CursorResult[Any]) -> AsyncIterator[Sequence[Any]]:
    """Yield the rows of a result that blocks."""
    while rows := await asyncio.to_thread(result.fetchmany, _SOME_AT_A_TIME):
        for row in rows:
            yield row


def _text(value: Any) -> str:
    """Write a value as a cell of a CSV file would have it: dates in ISO, yes as `oui`."""
    if isinstance(value, bool):
        return "oui" if value else ""
    return "" if value is None else cell(str(value))


def _first_line(error: Exception) -> str:
    """Return the first line of a driver's own words, which speak of the query and not of people."""
    origin = getattr(error, "orig", None) or error
    return _CLASS.sub("", str(origin).partition("\n")[0]).strip() or type(origin).__name__
