"""`guichet api`: tokens and hooks, from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from guichet.gateway.cli import run


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an installation of its own, with an empty database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path / "var"))
    assert run(["database", "upgrade"]) == 0


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Run a command; return what it tells programs."""
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_token_is_shown_once_listed_and_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    token = ("api", "token")
    added = told(capsys, *token, "add", "--name", "GRU", "--scope", "requests:read", "--expires", "90d")
    secret = added.pop("token")
    assert secret.startswith("gct_")
    assert added["scopes"] == ["requests:read"]
    assert added["expires_at"]
    (listed,) = told(capsys, *token, "list")
    assert listed == added
    assert secret not in Path("var/guichet.sqlite").read_bytes().decode("latin-1")
    revoked = told(capsys, *token, "revoke", added["id"])
    assert revoked["revoked_at"]
    assert told(capsys, *token, "revoke", added["id"]) == revoked
    assert run(["api", "token", "list"]) == 0
    assert "GRU: requests:read; revoked" in capsys.readouterr().out


def test_every_scope_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    added = told(capsys, "api", "token", "add", "--name", "x", "--scope", "all", "--expires", "2099-01-01")
    assert "rules:write" in added["scopes"]
    assert added["expires_at"] == "2099-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["token", "add", "--name", "x", "--scope", "everything"],
            "there is no scope 'everything'; there are: citizens",
        ),
        (["token", "add", "--name", "x", "--scope", "all", "--expires", "soon"], "'soon' is no moment: write '90d'"),
        (["token", "add", "--name", "x", "--scope", "all", "--expires", "2020-01-01"], "would have expired already"),
        (["token", "add", "--name", " ", "--scope", "all"], "a token has a name"),
        (["token", "revoke", "tok_x"], "there is no token tok_x; see `guichet api token list`"),
        (["hook", "add", "gru.example"], "a hook's address is https://host/path"),
        (["hook", "add", "http://gru.example/"], "GUICHET_HOOK_ALLOW"),
        (["hook", "add", "https://10.0.0.1/"], "GUICHET_HOOK_ALLOW"),
        (
            ["hook", "add", "https://gru.example/", "--topic", "tea"],
            "there is no topic 'tea'; there are: request.opened",
        ),
        (["hook", "remove", "hook_x"], "there is no hook hook_x; see `guichet api hook list`"),
        (["hook", "enable", "hook_x"], "there is no hook hook_x"),
        (["hook", "deliveries", "hook_x"], "there is no hook hook_x"),
        (["hook", "redeliver", "hook_x", "dlv_x"], "there is no such delivery"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["api", *arguments]) == 2
    errors = capsys.readouterr().err
    assert said in errors
    assert errors.count("\n") == 1


def test_a_hook_is_added_listed_and_removed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = ("api", "hook")
    added = told(capsys, *hook, "add", "https://gru.example/guichet", "--topic", "request.closed")
    assert added.pop("secret").startswith("whsec_")
    assert told(capsys, *hook, "list") == [added]
    monkeypatch.setenv("GUICHET_HOOK_ALLOW", "10.0.0.0/8, intranet.ville.fr")
    inside = told(capsys, *hook, "add", "http://intranet.ville.fr:8080/guichet")
    assert inside["topics"] == ["contact.ended", "request.changed", "request.closed", "request.opened"]
    assert told(capsys, *hook, "deliveries", added["id"]) == []
    assert told(capsys, *hook, "enable", added["id"]) == added
    assert told(capsys, *hook, "remove", added["id"]) == {"id": added["id"], "state": "removed"}
    assert run(["api", "hook", "list"]) == 0
    assert "http://intranet.ville.fr:8080/guichet: contact.ended" in capsys.readouterr().out


def test_a_network_that_cannot_be_read_is_told_at_the_start(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUICHET_HOOK_ALLOW", "10.0.0.1/8")
    assert run(["api", "hook", "add", "https://gru.example/"]) == 2
    assert "HOOK_ALLOW: '10.0.0.1/8' is no network" in capsys.readouterr().err
