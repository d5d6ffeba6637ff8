"""`guichet sobriety`: sums of a database, and its assumptions."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guichet.citizens.contact import Channel, Contact
from guichet.core.ids import ContactId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.cli import run
from guichet.gateway.services import open_database
from guichet.gateway.settings import load

LINE = PhoneNumber("+33199001010")


@pytest.fixture
def costs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a database with one call that was heard in March."""
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path))

    async def fill() -> None:
        async with open_database(load()) as base:
            await base.upgrade()
            async with base.begin() as unit:
                call = Contact(
                    ContactId("con_1"), Channel.VOICE, "CA1", LINE, None, Language.FR, datetime(2026, 3, 2, tzinfo=UTC)
                )
                await unit.contacts.add(call)
                await unit.contacts.spend(call.id, 40.0, 3.6)

    asyncio.run(fill())


@pytest.mark.usefixtures("costs")
def test_sums_and_assumptions_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    days = ["sobriety", "--from", "2026-03-01", "--to", "2026-03-02"]
    assert run([*days, "--watts", "10", "--overhead", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["calls"], told["listened_seconds"], told["cpu_seconds"]) == (1, 40.0, 3.6)
    assert (told["cpu_per_second"], told["watt_hours"]) == (0.09, 0.02)
    assert told["assumptions"]["overhead"] == 2
    assert run(days) == 0
    told = capsys.readouterr().out
    assert "1 appel(s)" in told
    assert "10 W par cœur occupé" in told


@pytest.mark.usefixtures("costs")
def test_days_without_calls_cost_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sobriety", "--from", "2026-03-03", "--to", "2026-03-04", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["calls"], told["cpu_seconds"], told["cpu_per_second"]) == (0, 0, None)


@pytest.mark.parametrize("days", [["--from", "March"], ["--from", "2026-03-05", "--to", "2026-03-04"]])
def test_days_that_are_none_are_refused(days: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sobriety", *days]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
