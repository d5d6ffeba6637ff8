"""`guichet rules replay` on a sample history in a real database."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guichet.core.clock import ManualClock
from guichet.core.errors import BadInput
from guichet.gateway.cli import run
from guichet.gateway.database import Database
from guichet.gateway.past_days import past_contacts, staff_of
from guichet.gateway.sample_days import write
from guichet.routing.replay import Replay
from guichet.routing.rule_book import RuleBook, read_text
from guichet.routing.sample_history import SampleHistory
from tests.conftest import SQL_BACKENDS, Engines

UNTIL = datetime(2026, 3, 9, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=8)
BOOK = RuleBook.load()
CONTACTS = 2300


@pytest.fixture(params=SQL_BACKENDS)
async def database(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Database]:
    async with engines(request.param) as engine:
        yield Database(engine, ManualClock(UNTIL))


async def replayed(database: Database, draft: RuleBook) -> Replay:
    """Replay all there is."""
    one = Replay(BOOK, draft, await staff_of(database, BOOK, SINCE, UNTIL))
    read = 0
    async for count, contacts in past_contacts(database, SINCE):
        read += count
        for past in contacts:
            one.take(past)
    one.close()
    assert read == CONTACTS
    return one


async def test_a_history_is_read_back_whole_in_order_and_makes_no_difference(database: Database) -> None:
    history = SampleHistory(BOOK, 5, 7, CONTACTS, UNTIL)
    await write(database, BOOK, history)
    expected = sorted((contact.past for contact in history), key=lambda past: (past.at, past.id))
    found = [past async for _, contacts in past_contacts(database, SINCE) for past in contacts]
    assert found == expected
    one = await replayed(database, BOOK)
    assert (one.contacts, one.samples, one.changes, one.other_rule) == (CONTACTS, CONTACTS, {}, 0)
    assert one.before.total() == one.after.total()
    with pytest.raises(BadInput, match="this database has contacts"):
        await write(database, BOOK, history)


async def test_the_agents_of_those_days_are_those_who_took_somebody_in_their_hours(database: Database) -> None:
    history = SampleHistory(BOOK, 5, 7, CONTACTS, UNTIL)
    await write(database, BOOK, history)
    staff = await staff_of(database, BOOK, SINCE, UNTIL)
    assert {worker.id for worker in staff.workers} == {worker.id for worker in history.workers()}
    for worker in staff.workers:
        days = {start.astimezone(BOOK.calendar.zone).weekday() for start, _ in worker.shifts}
        assert days <= set(range(6))
        assert all(start < end for start, end in worker.shifts)
        assert list(worker.shifts) == sorted(worker.shifts)
    assert staff.handling.by_matter[""]
    assert all(20 <= seconds <= 1800 for seconds in staff.handling.by_matter["voirie_signalement"])


async def test_without_any_history_of_agents_all_are_there_on_open_days(database: Database) -> None:
    await write(database, BOOK, SampleHistory(BOOK, 5, 7, 1, UNTIL - timedelta(days=60)))
    staff = await staff_of(database, BOOK, SINCE, UNTIL)
    assert staff.workers
    assert all(worker.shifts for worker in staff.workers)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an installation with a sample history."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0
    assert run(["rules", "sample-history", "--contacts", "600", "--days", "10", "--seed", "3"]) == 0
    return tmp_path


def test_a_draft_is_replayed_and_the_published_book_makes_no_difference(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rules", "show"]) == 0
    told = capsys.readouterr().out
    text = told[told.index("# Le livre") :]
    draft = installed / "draft.yaml"
    draft.write_text(text, encoding="utf-8")
    assert run(["rules", "replay", "--draft", str(draft), "--days", "11", "--json"]) == 0
    same = json.loads(capsys.readouterr().out)
    assert (same["contacts"], same["samples"], same["changed"], same["other_rule"]) == (600, 600, 0, 0)
    assert same["before"] == same["after"]
    draft.write_text(text.replace("demande: [voirie_signalement, eau", "demande: [eau"), encoding="utf-8")
    assert run(["rules", "replay", "--draft", str(draft), "--days", "11", "--language", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "MIND: 600 of these contacts are a sample history, invented"
    assert lines[1].startswith("600 contacts replayed: 0 change outcome or queue, ")
    assert not lines[1].endswith(" 0 only the rule")
    assert any(line.startswith("queue technique: ") for line in lines)


def test_contacts_of_an_earlier_version_are_compared_with_what_the_published_one_decides(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The history is of version 1; version 2 is published, and replayed as the draft it was."""
    draft = installed / "draft.yaml"
    draft.write_text(read_text().replace("demandes: [urbanisme_permis", "demandes: [urbanisme"), encoding="utf-8")
    replay = ["rules", "replay", "--draft", str(draft), "--days", "11"]
    capsys.readouterr()
    assert run([*replay, "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["changed"] > 0
    assert first["older"] == {"contacts": 0, "outdated": 0}
    assert run(["rules", "publish", str(draft), "--note", "essai"]) == 0
    capsys.readouterr()
    assert run([*replay, "--json"]) == 0
    then = json.loads(capsys.readouterr().out)
    assert (then["changed"], then["other_rule"]) == (0, 0)
    assert then["older"] == {"contacts": 600, "outdated": first["changed"]}
    assert then["before"] == then["after"] == first["after"]
    assert run([*replay, "--language", "en"]) == 0
    told = f"decided by other versions of the rules: 600, of them {first['changed']} otherwise than by the published"
    assert any(line.startswith(told) for line in capsys.readouterr().out.splitlines())


def test_without_contacts_there_is_nothing_to_replay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0
    draft = tmp_path / "draft.yaml"
    draft.write_text("regles: []", encoding="utf-8")
    assert run(["rules", "replay", "--draft", str(draft)]) == 2
    assert "il manque la partie" in capsys.readouterr().err
    draft.write_text(read_text(), encoding="utf-8")
    assert run(["rules", "replay", "--draft", str(draft), "--language", "en"]) == 0
    assert "no contact has kept what it takes" in capsys.readouterr().out
