"""`guichet requests`: the one order with its reasons, and what happened to one request."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from guichet.callbacks.request import RequestKind, RequestState
from guichet.callbacks.service import close_request, open_request
from guichet.gateway.cli import run
from guichet.gateway.services import open_database
from guichet.gateway.settings import load
from tests.callbacks.world import NOON, OTHER, demand


@pytest.fixture
def references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make a database in which a text waits before a callback; return their references."""
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path))

    async def fill() -> list[str]:
        async with open_database(load()) as base:
            await base.upgrade()
            async with base.begin() as unit:
                later = NOON + timedelta(hours=5)
                two = await open_request(unit, demand("con_2", number=OTHER, target_at=later), NOON)
                one = await open_request(unit, demand(kind=RequestKind.TEXT, priority=10), NOON)
                gone = await open_request(unit, demand("con_3", intent="cantine"), NOON)
                await close_request(unit, gone.request.id, RequestState.CANCELLED, "cancelled by text", NOON)
        return [opened.request.reference for opened in (one, two, gone)]

    return asyncio.run(fill())


def test_who_waits_is_listed_in_order_with_the_reasons(
    references: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["requests", "order"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == references[:2]
    assert "attend une réponse par SMS; urgence 10, par règle" in lines[0]
    assert run(["requests", "order", "--json", "--language", "en", "--queue", "etat_civil", "--limit", "1"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["place"], row["reference"], row["because"][0]) == (1, references[0], "waits for an answer by text")
    assert "+33" not in json.dumps(row)
    assert run(["requests", "order", "--queue", "none", "--language", "en"]) == 0
    assert capsys.readouterr().out == "Nobody is waiting.\n"


def test_one_request_is_told_with_everything_that_happened(
    references: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["requests", "show", references[2].lower(), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["state"], shown["tries"]) == ("cancelled", [])
    assert [(event["after"], event["actor"], event["reason"]) for event in shown["events"]] == [
        ("cancelled", "system", "cancelled by text")
    ]
    assert run(["requests", "show", references[1]]) == 0
    assert "1 avant dans sa file" in capsys.readouterr().out


@pytest.mark.usefixtures("references")
def test_a_reference_that_is_none_is_told_with_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["requests", "show", "ZZ-2222"]) == 2
    assert "guichet requests order" in capsys.readouterr().err
