"""Fixtures of the journeys: a database prepared once, a whole gateway for each journey."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from guichet.gateway import database
from guichet.gateway.settings import VoiceMode
from tests.conftest import SQL_BACKENDS
from tests.journeys.world import World, open_world, prepare


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an SQLite file with the tables and the sample citizens."""
    path = tmp_path_factory.mktemp("journeys") / "first_day.sqlite"
    asyncio.run(prepare(_sqlite(path)))
    return path


@pytest.fixture(scope="session")
def first_day_on_postgresql(postgresql_url: str) -> str:
    """Make a PostgreSQL database with the tables and the sample citizens; return its name."""
    name = f"first_day_{uuid4().hex[:8]}"
    asyncio.run(_create_database(postgresql_url, name))
    asyncio.run(prepare(_named(postgresql_url, name)))
    return name


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let writers wait for their turn for as long as a busy machine needs: no journey is about that limit."""
    monkeypatch.setattr(database, "_TURN_SECONDS", 60.0)


@pytest.fixture
def voice_mode() -> VoiceMode:
    """Give the usual voice mode; `voices.in_both_voices` puts each in its place."""
    return VoiceMode.TURNS


@pytest.fixture
async def world(first_day: Path, tmp_path: Path, voice_mode: VoiceMode) -> AsyncIterator[World]:
    """Open a gateway on SQLite."""
    async with open_world(copy_of(first_day, tmp_path), tmp_path, voice_mode=voice_mode) as running:
        yield running


@pytest.fixture(params=SQL_BACKENDS)
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a prepared database of each kind."""
    if request.param == "sqlite":
        return copy_of(request.getfixturevalue("first_day"), tmp_path)
    server = str(request.getfixturevalue("postgresql_url"))
    name = f"journey_{uuid4().hex}"
    asyncio.run(_create_database(server, name, template=request.getfixturevalue("first_day_on_postgresql")))
    return _named(server, name)


@pytest.fixture
async def any_world(any_database: str, tmp_path: Path, voice_mode: VoiceMode) -> AsyncIterator[World]:
    """Open a gateway on each kind of database."""
    async with open_world(any_database, tmp_path, voice_mode=voice_mode) as running:
        yield running


@pytest.fixture(params=list(VoiceMode))
async def spoken_world(request: pytest.FixtureRequest, any_database: str, tmp_path: Path) -> AsyncIterator[World]:
    """Open a gateway of each voice mode on each kind of database."""
    async with open_world(any_database, tmp_path, voice_mode=request.param) as running:
        yield running


@pytest.fixture
async def duplex_world(first_day: Path, tmp_path: Path) -> AsyncIterator[World]:
    """Open a gateway on SQLite that holds its dialogues over one stream."""
    async with open_world(copy_of(first_day, tmp_path), tmp_path, voice_mode=VoiceMode.DUPLEX) as running:
        yield running


def _sqlite(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def copy_of(first_day: Path, folder: Path) -> str:
    """Copy the prepared file into a folder; return its URL."""
    return _sqlite(Path(shutil.copy(first_day, folder / "guichet.sqlite")))


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def _create_database(server: str, name: str, template: str = "template1") -> None:
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    await engine.dispose()
