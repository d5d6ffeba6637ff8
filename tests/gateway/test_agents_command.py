import json
from pathlib import Path

import pytest

from guichet.gateway.cli import run

ADD = ["agents", "add", "--name", "Awa Diallo", "--phone", "01 99 00 20 01", "--skill", "social", "--language", "fr"]


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an installation of its own, with an empty database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0


def test_an_agent_added_is_listed_and_available(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ADD, "--language", "en", "--json"]) == 0
    added = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (added["phone"], added["languages"], added["presence"]) == ("+33199002001", ["en", "fr"], "available")
    assert run(["agents", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [added]
    assert run(["agents", "list"]) == 0
    assert "Awa Diallo: social (en, fr)" in capsys.readouterr().out


def test_an_agent_may_be_added_away(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ADD, "--away", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["presence"] == "away"


def test_a_telephone_of_another_agent_is_a_failure_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ADD) == 0
    capsys.readouterr()
    assert run(ADD) == 1
    assert capsys.readouterr().err == "guichet: another agent has this telephone number\n"


def test_a_skill_that_no_queue_asks_for_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ADD, "--skill", "plomberie"]) == 2
    assert "plomberie" in capsys.readouterr().err
    assert run([*ADD[:5], "12", *ADD[6:]]) == 2


def test_an_agent_who_is_away_can_be_brought_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ADD, "--away", "--json"]) == 0
    agent = json.loads(capsys.readouterr().out.splitlines()[-1])["id"]
    assert run(["agents", "presence", agent, "available", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["presence"] == "available"
    assert run(["agents", "presence", agent, "pause"]) == 2
    assert "Repas" in capsys.readouterr().err
    assert run(["agents", "presence", agent, "pause", "--reason", "meal"]) == 0
    assert "pause      +33199002001    Awa Diallo: social (fr) [Repas]" in capsys.readouterr().out
    assert run(["agents", "presence", agent, "written-up"]) == 1
    assert "not writing up" in capsys.readouterr().err
    assert run(["agents", "presence", agent, "--json"]) == 0
    log = json.loads(capsys.readouterr().out)["log"]
    assert [(one["presence"], one["reason"]) for one in log] == [("available", ""), ("pause", "Repas")]
    assert run(["agents", "presence", agent]) == 0
    assert "pause [Repas]" in capsys.readouterr().out


def test_an_agent_may_be_rung_at_a_sip_address_and_have_levels(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ADD[:5], "sip:awa@mairie.example", "--skill", "social:3", "--json"]) == 0
    added = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (added["phone"], added["levels"]) == ("sip:awa@mairie.example", {"social": 3})
    assert run(["agents", "change", added["id"], "--skill", "accueil:1", "--phone", "01 99 00 20 09", "--json"]) == 0
    changed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (changed["phone"], changed["levels"], changed["name"]) == ("+33199002009", {"accueil": 1}, "Awa Diallo")
    assert run(["agents", "change", added["id"], "--skill", "accueil:7"]) == 2
    assert "accueil:2" in capsys.readouterr().err
    assert run(["agents", "change", "agent_none", "--name", "Awa"]) == 2


def test_the_presence_of_nobody_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["agents", "presence", "agent_none", "away"]) == 2
    assert capsys.readouterr().err.startswith("guichet: ")
