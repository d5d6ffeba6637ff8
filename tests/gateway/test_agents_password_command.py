import io
import json
from pathlib import Path

import pytest

from guichet.gateway.cli import run
from tests.gateway.test_agents_command import ADD

SECRET = "trois chevaux sur le toit"
COMMAND = ["agents", "password"]


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an installation of its own, with an empty database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a password come in."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))


def test_the_account_of_an_agent_has_their_name(typed: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ADD, "--json"]) == 0
    agent = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert run([*COMMAND, "Awa.Diallo", "--agent", agent["id"], "--json"]) == 0
    made = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert made.pop("id").startswith("acc_")
    assert made == {
        "login": "awa.diallo",
        "name": "Awa Diallo",
        "role": "agent",
        "agent": agent["id"],
        "language": "fr",
        "second_factor": False,
        "disabled": False,
    }


def test_an_account_is_changed_and_shut_without_its_password(typed: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*COMMAND, "paul", "--name", "Paul Roy"]) == 0
    assert run([*COMMAND, "paul", "--role", "supervisor", "--no-password"]) == 0
    assert run([*COMMAND, "paul", "--disable", "--json"]) == 0
    shut = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (shut["name"], shut["role"], shut["disabled"]) == ("Paul Roy", "supervisor", True)


@pytest.mark.parametrize("secret", ["", "short\n", "pauline.roy1234\n"])
def test_a_bad_password_is_refused_in_one_line(
    secret: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(secret))
    assert run([*COMMAND, "pauline.roy"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_agent_who_does_not_exist_is_told(typed: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*COMMAND, "awa", "--agent", "agent_none"]) == 2
    assert capsys.readouterr().err == "guichet: there is no agent agent_none\n"
