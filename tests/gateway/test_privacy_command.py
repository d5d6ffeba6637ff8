"""`guichet privacy`, as people run it."""

import errno
import json
import os
import stat
from pathlib import Path

import pytest

from guichet.gateway.cli import run

CSV = "identifiant;prénoms;nom;date de naissance;portable\nU1;Anne;Dubois;03/03/1985;0639980417\n"


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "people.csv").write_text(CSV, encoding="utf-8")
    assert run(["database", "upgrade"]) == 0
    assert run(["citizens", "import", "people.csv"]) == 0
    capsys.readouterr()
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must succeed; return what it has printed."""
    assert run(["privacy", *arguments]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def test_a_person_is_exported_erased_and_gone(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(said(capsys, "export", "U1"))
    assert found["record"]["birth_name"] == "Dubois"
    assert found["record"]["phones"][0]["number"] == "+33639980417"
    said(capsys, "export", "U1", "--format", "text", "--output", "U1.txt")
    file = installation / "U1.txt"
    assert "Dubois" in file.read_text("utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(said(capsys, "erase", "U1", "--dry-run", "--json"))["records"] == 1
    assert json.loads(said(capsys, "export", "U1"))["record"]["external_id"] == "U1"
    assert "readmit" in said(capsys, "erase", "U1")
    assert run(["privacy", "export", "U1"]) == 2
    trail = json.loads(said(capsys, "trail", "--json"))
    assert [one["what"] for one in trail] == ["erased", "exported", "exported", "exported"]
    assert "Dubois" not in json.dumps(trail)
    assert "erased" in said(capsys, "trail")


def test_who_was_erased_does_not_come_back_with_the_next_import(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "erase", "U1")
    key = installation / "data" / "erased.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    for more in (["--dry-run"], []):
        assert run(["citizens", "import", "people.csv", "--json", *more]) == 0
        report = json.loads(capsys.readouterr().out)
        assert (report["added"], report["faults"], report["bad_lines"][0]["line"]) == (0, 1, 2)
        assert "effacée" in report["bad_lines"][0]["fr"]
    assert run(["privacy", "export", "U1"]) == 2
    assert run(["privacy", "readmit", "somebody"]) == 2
    assert "brings them back" in said(capsys, "readmit", "U1")
    assert run(["citizens", "import", "people.csv"]) == 0
    capsys.readouterr()
    assert json.loads(said(capsys, "export", "U1"))["record"]["external_id"] == "U1"


def test_without_the_key_nobody_is_imported_who_might_have_been_erased(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "erase", "U1")
    key = installation / "data" / "erased.key"
    for content in (None, "ff" * 32, "not a key"):
        key.unlink() if content is None else key.write_text(content)
        assert run(["citizens", "import", "people.csv"]) == 2
        assert "erased" in capsys.readouterr().err


def test_nobody_is_erased_with_a_second_key(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "erase", "U1")
    key = installation / "data" / "erased.key"
    kept = key.read_text()
    (installation / "more.csv").write_text((installation / "people.csv").read_text().replace("U1", "U2"))
    assert run(["citizens", "import", "more.csv", "--partial"]) == 0
    key.unlink()
    capsys.readouterr()
    assert run(["privacy", "erase", "U2"]) == 2
    assert "copy the file erased.key" in capsys.readouterr().err
    assert not key.exists()
    key.write_text(kept)
    said(capsys, "erase", "U2")


def test_on_a_full_disk_nobody_is_erased_and_no_half_key_is_left(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        assert run(["privacy", "erase", "U1"]) == 1
    assert "No space left" in capsys.readouterr().err
    assert not list((installation / "data").glob("erased.key*"))
    assert json.loads(said(capsys, "export", "U1"))["record"]["external_id"] == "U1"
    said(capsys, "erase", "U1")


def test_what_is_due_is_told_and_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    due = json.loads(said(capsys, "tidy", "--dry-run", "--json"))
    assert due == {**dict.fromkeys(due, 0), "dry_run": True}
    assert "nothing" in said(capsys, "tidy")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["export", "nobody"], "nobody"),
        (["export", "+33639980417"], "use the identifier (U1)"),
        (["export", "+33639980499"], "nothing is kept"),
        (["export", "U1", "--output", "people.csv"], "exists already"),
        (["erase", "+3363"], "number"),
    ],
)
def test_what_cannot_be_done_is_told_with_exit_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["privacy", *arguments]) == 2
    assert told in capsys.readouterr().err
