import json
from pathlib import Path

import pytest

from guichet.gateway.cli import run
from guichet.gateway.commands.citizens import SAMPLE

TURNS = [
    {"asked": "name", "heard": ["catherine martin", "katherine martain"]},
    {"asked": "birth_date", "heard": ["le trois mars quatre-vingt-cinq"]},
]


@pytest.fixture
def dialogues(tmp_path: Path) -> Path:
    file = tmp_path / "dialogues.jsonl"
    stranger = {"id": "D2", "expected": None, "turns": [{"asked": "name", "heard": ["wolfgang zimmermann"]}]}
    lines = [{"id": "D1", "expected": "VC-0001", "turns": TURNS}, stranger]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return file


def test_evaluation_prints_figures_as_one_json_object(dialogues: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["citizens", "evaluate", str(dialogues), "--records", str(SAMPLE), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures.keys() == {"all_turns", "first_attempts", "name_alone"}
    assert figures["all_turns"]["right_first"] == 1
    assert figures["all_turns"]["sure_wrong"] == 0


def test_evaluation_writes_a_prediction_a_dialogue(dialogues: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    command = ["citizens", "evaluate", str(dialogues), "--records", str(SAMPLE), "--predictions", str(out)]
    assert run(command) == 0
    first, second = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert first.keys() == {"id", "best", "score", "outcome", "because"}
    assert (first["best"], first["outcome"]) == ("VC-0001", "sure")
    assert second["outcome"] == "unknown"


def test_evaluation_prints_a_line_for_people(dialogues: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["citizens", "evaluate", str(dialogues), "--records", str(SAMPLE)]) == 0
    assert "name_alone" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["import", "none.csv"], ["evaluate", "none.jsonl", "--records", "none.csv"]])
def test_a_missing_file_is_one_line_and_exit_2(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["citizens", *command]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_a_number_that_is_none_is_one_line_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["citizens", "match", "--phone", "12"]) == 2
    assert "not a telephone number" in capsys.readouterr().err
