import json
from pathlib import Path

import pytest

from guichet.gateway.cli import run
from guichet.routing.rule_book import SAMPLE

TEXT = SAMPLE.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an installation of its own, with an empty database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "draft.yaml"
    file.write_text(TEXT.replace("    samedi: 9:00-12:00", "    samedi: fermé"), encoding="utf-8")
    return file


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that goes well, and return what it prints."""
    capsys.readouterr()
    assert run(["rules", *arguments]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that is refused, and return its one line of complaint."""
    capsys.readouterr()
    assert run(["rules", *arguments]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    return line


def test_the_book_of_the_settings_is_the_first_version(capsys: pytest.CaptureFixture[str]) -> None:
    (first,) = json.loads(out(capsys, "history", "--json"))
    assert (first["number"], first["state"]) == (1, "in force")
    assert out(capsys, "show") == TEXT
    assert out(capsys, "show", first["version"]) == TEXT


def test_a_book_is_published_compared_and_rolled_back(capsys: pytest.CaptureFixture[str], draft: Path) -> None:
    assert "horaires « mairie » : semaine" in out(capsys, "diff", str(draft))
    told = json.loads(out(capsys, "publish", str(draft), "--note", "l'été", "--author", "Awa", "--json"))
    assert (told["number"], told["author"], told["note"]) == (2, "Awa", "l'été")
    assert "aucune différence" in out(capsys, "diff", str(draft))
    assert "and on Saturday from 9 am to noon →" in out(capsys, "diff", "--language", "en")
    assert out(capsys, "diff", "1", "--json") == out(capsys, "diff", "1", "2", "--json")
    assert "version 3" in out(capsys, "rollback", "--note", "retour", "--language", "en")
    assert out(capsys, "show") == TEXT
    lines = out(capsys, "history", "--language", "en").splitlines()
    assert [line.split("  ")[0] for line in lines] == ["3 = 1", "2", "1"]
    assert "in force" in lines[0]
    assert "Awa: l'été" in lines[1]


def test_a_publication_for_a_date_may_be_withdrawn(capsys: pytest.CaptureFixture[str], draft: Path) -> None:
    at = ("--at", "2099-07-01 08:00")
    told = json.loads(out(capsys, "publish", str(draft), "--note", "un jour", *at, "--json"))
    assert told["in_force_at"] == "2099-07-01T08:00:00+02:00"
    assert json.loads(out(capsys, "history", "--json"))[0]["state"] == "to come"
    out(capsys, "publish", str(draft), "--note", "plus tôt")
    assert "toujours prévue" in out(capsys, "rollback", "--note", "non")
    out(capsys, "withdraw", "2")
    assert {one["state"] for one in json.loads(out(capsys, "history", "--json"))} == {"in force", "withdrawn", "past"}


def test_what_is_wrong_is_told_in_one_line_with_the_way_out(
    capsys: pytest.CaptureFixture[str], draft: Path, tmp_path: Path
) -> None:
    assert "in force already" in refused(capsys, "publish", str(SAMPLE), "--note", "rien")
    assert "write '2026-12-24 08:00'" in refused(capsys, "publish", str(draft), "--note", "x", "--at", "demain")
    assert "note" in refused(capsys, "publish", str(draft), "--note", " ")
    assert "no version before" in refused(capsys, "rollback", "--note", "x")
    assert "guichet rules history" in refused(capsys, "show", "9")
    assert "cannot be read" in refused(capsys, "publish", str(tmp_path / "rien.yaml"), "--note", "x")
    out(capsys, "publish", str(draft), "--note", "x", "--based-on", "1")
    assert "version 2 is in force by now" in refused(capsys, "publish", str(SAMPLE), "--note", "x", "--based-on", "1")


def test_a_flawed_book_is_refused_with_its_places_and_leaves_no_version(
    capsys: pytest.CaptureFixture[str], draft: Path
) -> None:
    draft.write_text(TEXT.replace("lundi-vendredi", "lundo", 1), encoding="utf-8")
    assert run(["rules", "publish", str(draft), "--note", "x"]) == 2
    assert f"{draft}:11:5: erreur : jour inconnu" in capsys.readouterr().err
    assert len(json.loads(out(capsys, "history", "--json"))) == 1


def test_a_database_without_tables_is_told_with_the_way_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "elsewhere"))
    assert run(["rules", "history"]) == 1
    assert "guichet database upgrade" in capsys.readouterr().err
