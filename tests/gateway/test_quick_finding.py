"""Candidates found in one trip to a thread are those that the store finds, with the same reasons."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from guichet.citizens.citizen import Evidence
from guichet.citizens.importer import CitizenImport
from guichet.citizens.service import CitizenService
from guichet.core.clock import ManualClock
from guichet.core.errors import Unavailable
from guichet.core.phone import PhoneNumber
from guichet.gateway.database import Database, make_engine
from tests.routing.books import OPEN

INES = PhoneNumber("+33639981030")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(make_engine(f"sqlite+aiosqlite:///{tmp_path / 'guichet.sqlite'}"), ManualClock(OPEN))
    await made.upgrade()
    sample = Path(str(files("guichet.gateway") / "samples" / "citizens.csv"))
    await CitizenImport(made.begin).run(sample, OPEN.date())
    yield made
    await made.close()


def services(database: Database) -> tuple[CitizenService, CitizenService]:
    """Return the quick way and the other."""
    assert database.finding is not None
    return CitizenService(database.read, quick=database.finding), CitizenService(database.read)


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(),
        Evidence(INES),
        Evidence(INES, ("inès fernandez",), ("10 octobre 1993",)),
        Evidence(None, ("odette payet", "odet payé")),
        Evidence(None, birth_dates=("le dix-sept août mille neuf cent quarante et un",)),
        Evidence(INES, files=("2026-LOG-00117",)),
        Evidence(PhoneNumber("+33639989999")),
    ],
)
async def test_both_ways_find_the_same(database: Database, evidence: Evidence) -> None:
    quick, slow = services(database)
    assert await quick.identify(evidence) == await slow.identify(evidence)


async def test_several_are_found_at_once(database: Database) -> None:
    quick, slow = services(database)
    wanted = await slow.identify(Evidence(INES))
    assert await asyncio.gather(*(quick.identify(Evidence(INES)) for _ in range(20))) == [wanted] * 20


async def test_what_has_just_been_committed_is_found(database: Database) -> None:
    quick, _ = services(database)
    assert (await quick.identify(Evidence(INES))).best is not None
    async with database.begin() as unit:
        citizen = await unit.citizens.by_external_id("VC-0030")
        assert citizen is not None
        await unit.citizens.save_all([replace(citizen, phones=(), phone_kinds=())])
    assert (await quick.identify(Evidence(INES))).best is None


async def test_an_away_database_is_told_and_found_again(database: Database, tmp_path: Path) -> None:
    quick, _ = services(database)
    await quick.identify(Evidence(INES))
    file = tmp_path / "guichet.sqlite"
    with sqlite3.connect(file) as other:
        other.execute("ALTER TABLE citizen_phones RENAME TO elsewhere")
    with pytest.raises(Unavailable):
        await quick.identify(Evidence(INES))
    with sqlite3.connect(file) as other:
        other.execute("ALTER TABLE elsewhere RENAME TO citizen_phones")
    assert (await quick.identify(Evidence(INES))).best is not None
