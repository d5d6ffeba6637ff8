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


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test an installation of its own, with empty tables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0


@pytest.mark.parametrize("command", [["import", str(SAMPLE)], ["match", "--heard", "anne roy"]])
def test_without_tables_the_way_out_is_said_in_one_line(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["citizens", *command]) == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[-1].endswith("run `guichet database upgrade`")
    assert said.out == ""


@pytest.mark.usefixtures("installed")
def test_an_import_reports_as_json_and_a_second_one_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    reports = []
    for _ in range(2):
        assert run(["citizens", "import", str(SAMPLE), "--json"]) == 0
        reports.append(json.loads(capsys.readouterr().out))
    first, second = reports
    assert (first["encoding"], first["separator"], first["dry_run"]) == ("utf-8", ";", False)
    assert (first["columns"]["home_phone"], first["columns"]["mobile"]) == (["téléphone fixe"], ["portable"])
    assert (first["added"], first["changed"], first["same"], first["faults"]) == (first["lines"], 0, 0, 0)
    assert (second["added"], second["changed"], second["same"]) == (0, 0, first["lines"])


@pytest.mark.usefixtures("installed")
def test_bad_lines_are_reported_with_number_and_reason_and_the_good_ones_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "usagers.csv"
    file.write_bytes(
        "identifiant;prénom;nom;date de naissance\n1;Zoé;Aubry;03/03/1985\n2;Léo;Roy;31/02/1985\n".encode("cp1252")
    )
    assert run(["citizens", "import", str(file)]) == 0
    said = capsys.readouterr()
    assert "2 lines: 1 added, 0 changed, 0 as before, 1 faults" in said.out
    assert "encoding cp1252, separator ;" in said.err
    assert "line 3: date de naissance illisible" in said.err


@pytest.mark.usefixtures("installed")
def test_a_dry_run_saves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["citizens", "import", str(SAMPLE), "--dry-run"]) == 0
    assert "nothing was saved" in capsys.readouterr().out
    assert run(["citizens", "match", "--heard", "catherine martin", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"outcome": "unknown", "candidates": []}


@pytest.mark.usefixtures("installed")
def test_a_match_prints_candidates_best_first_with_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["citizens", "import", str(SAMPLE)]) == 0
    capsys.readouterr()
    heard = ["--heard", "katrine martain", "--heard", "née le trois mars quatre-vingt-cinq"]
    assert run(["citizens", "match", "--phone", "01 99 00 12 01", *heard, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["outcome"] == "sure"
    best = found["candidates"][0]
    assert (best["id"], best["name"]) == ("VC-0001", "Catherine Martin")
    assert "le numéro appelant est sur la fiche" in {reason["fr"] for reason in best["because"]}
    assert all({"fr", "en", "weight"} == reason.keys() for reason in best["because"])
    scores = [candidate["score"] for candidate in found["candidates"]]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.usefixtures("installed")
def test_a_match_for_people_is_in_the_first_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["citizens", "import", str(SAMPLE)]) == 0
    capsys.readouterr()
    assert run(["citizens", "match", "--heard", "catherine martin"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] in {"check", "sure"}
    assert "VC-0001  Catherine Martin" in lines[1]
    assert "prénom entendu « catherine », fiche « Catherine », identique" in lines[2] + lines[3]


@pytest.mark.usefixtures("installed")
def test_a_hidden_number_and_nothing_said_is_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["citizens", "match", "--phone", "anonymous", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["outcome"] == "unknown"
