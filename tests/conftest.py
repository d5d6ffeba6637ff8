"""Fixtures of every test: SQL engines on each backend."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import settings
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from guichet.core.tables import metadata
from tests import postgres

# How long an example takes says more of the machine than of the code.
settings.register_profile("guichet", deadline=None)
settings.load_profile("guichet")

Engines = Callable[[str], AbstractAsyncContextManager[AsyncEngine]]

BACKENDS = ["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
SQL_BACKENDS = BACKENDS[1:]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--postgresql` runs what needs its server too, `--browser` what needs Chromium, `--faults` hundreds of faults."""
    parser.addoption("--postgresql", action="store_true", help="also run the tests that need a PostgreSQL server")
    parser.addoption("--browser", action="store_true", help="also run the tests that need Debian's Chromium")
    parser.addoption("--faults", action="store_true", help="also inject faults at every step (minutes): make faults")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for (make check always asks for PostgreSQL and Chromium)."""
    missing = [name for name in ("postgresql", "browser", "faults") if not config.getoption(f"--{name}")]
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in missing)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture
def engines(request: pytest.FixtureRequest, tmp_path: Path) -> Engines:
    """Give a maker of engines; each is on an empty database that has every table."""

    @asynccontextmanager
    async def make(backend: str) -> AsyncIterator[AsyncEngine]:
        if backend == "postgresql":
            url = str(request.getfixturevalue("postgresql_url"))
            schema = f"t{uuid4().hex}"
            admin = create_async_engine(url)
            async with admin.begin() as connection:
                await connection.execute(sa.schema.CreateSchema(schema))
            await admin.dispose()
            engine = create_async_engine(url, connect_args={"server_settings": {"search_path": schema}})
        else:
            engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/test.sqlite")
        try:
            async with engine.begin() as connection:
                await connection.run_sync(metadata.create_all)
            yield engine
        finally:
            await engine.dispose()

    return make
