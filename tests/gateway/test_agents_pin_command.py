import json
from pathlib import Path

import pytest

from guichet.gateway.cli import run


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an installation of its own, with an empty database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0


def test_a_pin_is_shown_once_and_kept_as_a_hash(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agents", "pin", "4711", "--name", "Sonia Petit", "--json"]) == 0
    given = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (given["number"], given["name"], len(given["pin"])) == ("4711", "Sonia Petit", 6)
    assert run(["agents", "pin", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["done"] == []
    assert [(one["number"], one["disabled"], "pin" in one) for one in told["supervisors"]] == [("4711", False, False)]


def test_a_pin_may_be_renewed_and_disabled(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agents", "pin", "4711", "--name", "Sonia Petit"]) == 0
    assert run(["agents", "pin", "4711"]) == 0
    assert "Sonia Petit  PIN " in capsys.readouterr().out
    assert run(["agents", "pin", "4711", "--disable"]) == 0
    assert run(["agents", "pin"]) == 0
    assert "4711      Sonia Petit  (disabled)" in capsys.readouterr().out


@pytest.mark.parametrize("given", [["4711"], ["x"], ["123456789", "--name", "S"], ["4712", "--disable"]])
def test_what_is_missing_is_told(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agents", "pin", *given]) == 2
    assert capsys.readouterr().err.startswith("guichet: ")
