"""`guichet citizens import`: files, mappings, queries; stopped and gone on with."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from guichet.gateway.cli import run

HEAD = "identifiant;prénom;nom;portable\n"


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test an installation of its own, with empty tables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0


def people(folder: Path, number: int) -> Path:
    file = folder / "usagers.csv"
    file.write_text(HEAD + "".join(f"{one};Anne;Roy{one};06000{one:05}\n" for one in range(number)), "utf-8")
    return file


def test_help_shows_examples_of_each_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["citizens", "import", "--help"]) == 0
    said = capsys.readouterr().out
    for example in ("usagers.csv --dry-run", "usagers.jsonl", "--mapping etat-civil.toml", "--database postgresql://"):
        assert example in said


def test_who_has_left_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["citizens", "import", str(people(tmp_path, 5))]) == 0
    assert run(["citizens", "import", str(people(tmp_path, 4))]) == 0
    assert "4 lines: 0 added, 0 changed, 4 as before, 1 no longer in the source" in capsys.readouterr().out


def test_too_many_departures_are_told_with_the_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["citizens", "import", str(people(tmp_path, 30))]) == 0
    assert run(["citizens", "import", str(people(tmp_path, 3)), "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out.splitlines()[-1])["doubted"] == 27
    assert "use --partial; if they have left, --accept-departures" in said.err


def test_a_mapping_brings_files_and_mandates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people(tmp_path, 3)
    (tmp_path / "d.csv").write_text("identifiant;dossier;état\n1;A-1;ouvert\n7;A-2;ouvert\n", "utf-8")
    (tmp_path / "m.csv").write_text("identifiant;mandataire;qualité;fin\n1;2;tuteur;2030-01-01\n", "utf-8")
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'source = "ccas"\npeople.from = "usagers.csv"\nfiles.from = "d.csv"\nmandates.from = "m.csv"\n', "utf-8"
    )
    assert run(["citizens", "import", "--mapping", str(mapping), "--bad-lines", "bad.csv", "--json"]) == 0
    said = capsys.readouterr()
    report = json.loads(said.out.splitlines()[-1])
    assert (report["added"], report["files"]["added"], report["mandates"]["added"]) == (3, 1, 1)
    assert "mandates: csv, encoding utf-8, separator ;" in said.err
    assert (tmp_path / "bad.csv").read_text("utf-8").splitlines()[1].startswith("files;3;False;personne inconnue")


def test_a_query_reads_their_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(tmp_path / "theirs.sqlite") as theirs:
        theirs.execute("CREATE TABLE usagers (id, prenom, nom)")
        theirs.execute("INSERT INTO usagers VALUES (1, 'Zoé', 'Aubry')")
    theirs.close()
    monkeypatch.setenv("GUICHET_IMPORT_DATABASE_URL", f"sqlite:///{tmp_path}/theirs.sqlite")
    assert run(["citizens", "import", "--query", "SELECT * FROM usagers ORDER BY id", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["added"] == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["usagers.csv", "--resume"], "nothing to go on with"),
        (["usagers.csv", "--resume", "--dry-run"], "leave out --resume"),
        (["usagers.csv", "--query", "SELECT 1"], "not both"),
        ([], "nothing to import"),
        (["--query", "SELECT 1"], "GUICHET_IMPORT_DATABASE_URL"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_2(
    tmp_path: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    people(tmp_path, 2)
    assert run(["citizens", "import", *options]) == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


def test_ctrl_c_keeps_what_was_read_and_resume_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = people(tmp_path, 60_000)
    command = [sys.executable, "-m", "guichet", "citizens", "import", str(file)]
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}) as importing:
        assert importing.stderr is not None
        told = b""
        while b"people: 2000 lines" not in told:
            told += importing.stderr.read(1)
        importing.send_signal(signal.SIGINT)
        told = importing.stderr.read()
    assert importing.returncode == 130
    assert b"--resume goes on from there" in told
    assert b"Traceback" not in told
    capsys.readouterr()
    assert run(["citizens", "import", str(file), "--resume", "--json"]) == 0
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert 2000 <= report["goes_on_from"] < 60_000
    assert (report["lines"], report["added"], report["same"], report["left"]) == (60_000, 60_000, 0, 0)
