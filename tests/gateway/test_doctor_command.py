"""`guichet doctor`: each fault by its name, with its way out."""

import json
from pathlib import Path

import pytest

from guichet.gateway import embedded_redis
from guichet.gateway.cli import run
from tests.gateway import processes


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name, value in processes.settings_of(tmp_path, public_url=f"http://127.0.0.1:{processes.free_port()}").items():
        if name.startswith("GUICHET_"):
            monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_fault_has_its_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--json"]) == 1
    shown = capsys.readouterr()
    assert shown.err == ""
    found = {check["check"]: check for check in json.loads(shown.out)}
    mend = {
        "database": "guichet database upgrade",
        "redis": "GUICHET_REDIS_URL",
        "speech model fr": "guichet models install fr",
        "carrier account": "GUICHET_TWILIO_API_URL",
        "public address": "guichet serve",
    }
    assert {name: mend[name] in found[name]["mend"] for name in mend} == dict.fromkeys(mend, True)
    assert all(found[name]["ok"] is False for name in mend)
    assert found["rule book and intent book"] == {"check": "rule book and intent book", "ok": True, "mend": ""}
    assert found["data folder"]["ok"]


def test_people_get_a_line_a_check_and_what_is_well_is_told_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["database", "upgrade"]) == 0
    with embedded_redis.run(home):
        assert run(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()[1:]
    assert "      ok  database" in lines
    assert "      ok  redis" in lines
    assert any(line.startswith(" missing  carrier account: ") for line in lines)
    assert lines[-1] == "5 of 11 checks find something missing"


def test_a_wrong_book_and_a_wrong_folder_are_faults_among_others(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "book").write_text("hours: [\n")
    monkeypatch.setenv("GUICHET_RULE_BOOK", str(home / "book"))
    monkeypatch.setenv("GUICHET_DATA_DIR", str(home / "book"))
    assert run(["doctor", "--json"]) == 1
    found = {check["check"]: check["mend"] for check in json.loads(capsys.readouterr().out)}
    assert "line 1" in found["rule book and intent book"]
    assert "DATA_DIR" in found["data folder"]
    assert "DATA_DIR" in found["database"]


def test_without_an_account_or_with_wrong_addresses_each_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUICHET_TWILIO_AUTH_TOKENS", "")
    monkeypatch.setenv("GUICHET_REDIS_URL", "http://redis")
    monkeypatch.setenv("GUICHET_DATABASE_URL", "postgresql://guichet:hidden-word@127.0.0.1:9/guichet")
    monkeypatch.setenv("GUICHET_PUBLIC_URL", "http://mairie.example")
    assert run(["doctor", "--json"]) == 1
    shown = capsys.readouterr()
    found = {check["check"]: check["mend"] for check in json.loads(shown.out)}
    assert "GUICHET_TWILIO_AUTH_TOKENS" in found["carrier account"]
    assert "redis://" in found["redis"]
    assert "PostgreSQL runs" in found["database"]
    assert "https" in found["public address"]
    assert "hidden-word" not in shown.out + shown.err


def test_the_console_needs_somebody_who_signs_in_safely(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["database", "upgrade"]) == 0
    monkeypatch.setenv("GUICHET_PUBLIC_URL", "https://mairie.example")
    monkeypatch.setenv("GUICHET_SECOND_FACTOR", "supervisor")
    monkeypatch.setenv("GUICHET_CONSOLE_COLOUR", "#ffff00")
    found = _looked(capsys)
    assert "--role administrator" in found["console accounts"]
    assert "GUICHET_SECOND_FACTOR=administrator,supervisor" in found["console sign-in"]
    assert found["console appearance"]
    assert "identity provider" not in found
    monkeypatch.setenv("GUICHET_CONSOLE_PLAIN_HTTP", "true")
    monkeypatch.setenv("GUICHET_OPENID_ISSUER", f"http://127.0.0.1:{processes.free_port()}")
    found = _looked(capsys)
    assert "GUICHET_CONSOLE_PLAIN_HTTP" in found["console sign-in"]
    assert "GUICHET_OPENID_CLIENT_ID" in found["identity provider"]
    monkeypatch.setenv("GUICHET_OPENID_CLIENT_ID", "guichet")
    monkeypatch.setenv("GUICHET_OPENID_CLIENT_SECRET", "a-secret-of-the-tests")
    assert "OPENID_ISSUER" in _looked(capsys)["identity provider"]


def _looked(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Ask the doctor; return what is to be mended by check."""
    capsys.readouterr()
    assert run(["doctor", "--json"]) == 1
    return {check["check"]: check["mend"] for check in json.loads(capsys.readouterr().out)}
