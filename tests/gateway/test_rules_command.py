import json
from pathlib import Path

import pytest

from guichet.gateway.cli import run
from guichet.routing.rule_book import SAMPLE


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "mauvais.yaml"
    file.write_text(
        SAMPLE.read_text(encoding="utf-8")
        .replace("lundi-vendredi", "lundo", 1)
        .replace("file: accueil", "file: acueil"),
        encoding="utf-8",
    )
    return file


def test_a_good_book_is_said_to_be_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "check", str(SAMPLE)]) == 0
    out, err = capsys.readouterr()
    assert "0 avertissement(s)" in out
    assert not err


def test_a_bad_book_is_refused_with_every_place_and_exit_2(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "check", str(bad)]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert f"{bad}:11:5: erreur : jour inconnu" in err
    assert "vouliez-vous « accueil »" in err
    assert "refusé : 2 erreur(s)" in err


def test_the_language_may_be_chosen(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "check", str(bad), "--language", "en"]) == 2
    assert "error: unknown queue 'acueil'; did you mean 'accueil'?" in capsys.readouterr().err


def test_json_is_one_object_for_good_and_bad(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "check", str(SAMPLE), "--json"]) == 0
    good = json.loads(capsys.readouterr().out)
    assert (good["ok"], good["rules"], good["errors"], good["warnings"]) == (True, 7, [], [])
    assert run(["rules", "check", str(bad), "--json"]) == 2
    refused = json.loads(capsys.readouterr().out)
    assert not refused["ok"]
    assert [set(error) for error in refused["errors"]] == [{"line", "column", "message"}] * 2


def test_warnings_leave_the_book_usable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "avec.yaml"
    text = SAMPLE.read_text(encoding="utf-8")
    file.write_text(text.replace("\nfiles:\n", "\nfiles:\n  - {nom: oubliee}\n"), encoding="utf-8")
    assert run(["rules", "check", str(file)]) == 0
    out, err = capsys.readouterr()
    assert "avertissement : rien ne mène à la file « oubliee »" in err
    assert "1 avertissement(s)" in out


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_one_line_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    file = tmp_path / "livre.yaml"
    if content is not None:
        file.write_bytes(content)
    assert run(["rules", "check", str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_matters_are_checked_against_an_intent_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packaged = SAMPLE.with_name("intents.yaml")
    assert run(["rules", "check", str(SAMPLE), "--intents", str(packaged), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["warnings"] == []
