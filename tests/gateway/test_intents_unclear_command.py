import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from guichet.core.clock import SystemClock
from guichet.core.ids import ContactId
from guichet.core.language import Language
from guichet.gateway.cli import run
from guichet.gateway.services import open_database
from guichet.gateway.settings import load
from guichet.routing.unclear import Unclear


async def _keep(*texts: tuple[str, int]) -> None:
    async with open_database(load()) as database, database.begin() as unit:
        for number, (text, days) in enumerate(texts):
            at = SystemClock().now() - timedelta(days=days)
            await unit.unclear.add(Unclear(ContactId(f"con_{number}"), 2, "voice", Language.FR, at, text))


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Give the test an installation of its own, with three texts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0
    said = [("mon bac jaune a été emporté", 1), ("mon bac jaune est emporté", 2), ("raconte une blague", 40)]
    asyncio.run(_keep(*said))
    capsys.readouterr()


def test_alike_texts_are_shown_together_with_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["intents", "unclear", "--json"]) == 0
    (group,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (group["count"], group["suggestion"]) == (2, "dechets_encombrants")
    assert [one["id"] for one in group["texts"]] == ["con_0:2", "con_1:2"]
    assert run(["intents", "unclear", "--days", "90"]) == 0
    said = capsys.readouterr().out
    assert "2 times; perhaps dechets_encombrants:" in said
    assert '  - "raconte une blague"  # fr, con_2:2' in said


def test_what_is_settled_is_shown_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["intents", "unclear", "--settle", "con_0:2", "--settle", "con_1:2"]) == 0
    assert run(["intents", "unclear"]) == 0
    assert "everything was understood" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["con_9:2", "con_0", "con_0:x"])
def test_an_unknown_name_settles_nothing(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["intents", "unclear", "--settle", "con_0:2", "--settle", name]) == 2
    assert "no text is named" in capsys.readouterr().err
    assert run(["intents", "unclear", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["count"] == 2
