"""Transactions on each backend."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from guichet.citizens.erased import MemoryErasedStore, SqlErasedStore
from guichet.citizens.import_store import MemoryImportStore, SqlImportStore
from guichet.citizens.memory_store import MemoryCitizenStore
from guichet.citizens.record_memory_store import MemoryRecordStore
from guichet.citizens.record_sql_store import SqlRecordStore
from guichet.citizens.sql_store import SqlCitizenStore
from tests.citizens.units import Begin, Unit
from tests.conftest import BACKENDS, Engines


@pytest.fixture(params=BACKENDS)
async def begin(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Begin]:
    if request.param == "memory":
        unit = Unit(MemoryCitizenStore(), MemoryRecordStore(), MemoryImportStore(), MemoryErasedStore())

        @asynccontextmanager
        async def in_memory() -> AsyncIterator[Unit]:
            yield unit

        yield in_memory
        return
    async with engines(request.param) as engine:

        @asynccontextmanager
        async def in_sql() -> AsyncIterator[Unit]:
            async with engine.begin() as connection:
                yield Unit(
                    SqlCitizenStore(connection),
                    SqlRecordStore(connection),
                    SqlImportStore(connection),
                    SqlErasedStore(connection),
                )

        yield in_sql
