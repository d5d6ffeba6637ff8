"""`guichet intents publish|rollback|withdraw|history|show|add|try`, as people run them."""

import json
from pathlib import Path

import pytest

from guichet.core.language import Language
from guichet.gateway.cli import run
from guichet.routing.intent_book import IntentBook, packaged_text

NEW = "le petit mange plus le mardi midi"


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "data"))
    assert run(["database", "upgrade"]) == 0
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must succeed; return what it has printed."""
    capsys.readouterr()
    assert run(["intents", *arguments]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def test_an_example_is_added_tried_published_and_rolled_back(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = installation / "intents-draft.yaml"
    added = json.loads(said(capsys, "add", "cantine_periscolaire", NEW, "--json"))
    assert added == {"draft": "intents-draft.yaml", "intent": "cantine_periscolaire", "language": "fr"}
    assert IntentBook.parse(draft.read_text("utf-8")).intent("cantine_periscolaire").examples[Language.FR][-1] == NEW
    tried = json.loads(said(capsys, "try", str(draft), "--json"))
    assert tried["after"]["examples"] == tried["before"]["examples"] + 1
    assert 0.8 < tried["after"]["accuracy"] <= 1
    assert "bien compris" in said(capsys, "try", str(draft), "--language", "fr")
    published = json.loads(said(capsys, "publish", str(draft), "--note", "comme ils disent", "--json"))
    assert published["number"] == 2
    assert said(capsys, "show") == draft.read_text("utf-8")
    states = [(one["number"], one["state"]) for one in json.loads(said(capsys, "history", "--json"))]
    assert states == [(2, "in force"), (1, "past")]
    assert json.loads(said(capsys, "rollback", "--note", "non", "--json"))["restores"] == 1
    assert said(capsys, "show") == packaged_text()
    assert "comme ils disent" in said(capsys, "history")


def test_the_book_in_force_is_the_one_that_texts_are_matched_by(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = installation / "own.yaml"
    file.write_text(
        "intents:\n  pool:\n    title: {fr: La piscine, en: The pool}\n"
        "    examples: {fr: [nager à la piscine, les bassins], en: [swim in the pool]}\n",
        encoding="utf-8",
    )
    said(capsys, "publish", str(file), "--note", "la piscine seule")
    assert json.loads(said(capsys, "match", "nager à la piscine", "--json", "--no-encoder"))["intent"] == "pool"


def test_a_version_to_come_can_be_withdrawn(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "add", "cantine_periscolaire", NEW)
    said(capsys, "publish", "intents-draft.yaml", "--note", "pour plus tard", "--at", "2999-01-01 08:00")
    assert json.loads(said(capsys, "history", "--json"))[0]["state"] == "to come"
    said(capsys, "withdraw", "2")
    assert json.loads(said(capsys, "history", "--json"))[0]["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["publish", "none.yaml", "--note", "x"], "none.yaml"),
        (["publish", "flawed.yaml", "--note", "x"], "flawed.yaml:2"),
        (["publish", "own.yaml", "--note", "x", "--at", "demain"], "no moment"),
        (["add", "piscine", "nager"], "piscine"),
        (["add", "cantine_periscolaire", " "], "sentence"),
        (["rollback", "--note", "x"], "no version before"),
        (["show", "7"], "no version 7"),
    ],
)
def test_what_cannot_be_done_is_told_with_exit_2(
    arguments: list[str], told: str, installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (installation / "flawed.yaml").write_text("intents:\n  Pool: 3\n", encoding="utf-8")
    (installation / "own.yaml").write_text(packaged_text(), encoding="utf-8")
    assert run(["intents", *arguments]) == 2
    assert told in capsys.readouterr().err
