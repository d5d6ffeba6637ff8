"""Starting with something missing: one line says what and how to mend it. No process is started but for one."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from guichet.gateway.cli import run
from tests.gateway import processes

FLAWED = "hours: [\n"
Prepare = Callable[[pytest.MonkeyPatch, Path], None]


def setting(name: str, value: str) -> Prepare:
    return lambda monkeypatch, _: monkeypatch.setenv(f"GUICHET_{name}", value)


def file(name: str, content: bytes) -> Prepare:
    def prepare(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        (folder / "named").write_bytes(content)
        monkeypatch.setenv(f"GUICHET_{name}", str(folder / "named"))

    return prepare


def nothing(_: pytest.MonkeyPatch, __: Path) -> None: ...


NO_POSTGRESQL = "postgresql+asyncpg://guichet:hidden-word@127.0.0.1:9/guichet"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give the settings of a sound installation, but for Redis, which is not there."""
    for name, value in processes.settings_of(tmp_path).items():
        if name.startswith("GUICHET_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("GUICHET_REDIS_URL", "redis://127.0.0.1:9/0")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", [["serve"], ["serve", "--embedded"], ["worker"]])
@pytest.mark.parametrize(
    ("prepare", "code", "words"),
    [
        (setting("COLOUR", "blue"), 2, ["GUICHET_COLOUR is not a setting"]),
        (setting("LOG_LEVEL", "loud"), 2, ["LOG_LEVEL", "debug, info"]),
        (setting("TWILIO_AUTH_TOKENS", ""), 2, ["GUICHET_TWILIO_AUTH_TOKENS"]),
        (setting("REDIS_URL", "http://redis"), 2, ["REDIS_URL", "redis://"]),
        (file("RULE_BOOK", FLAWED.encode()), 2, ["rule book", "named", "line 1"]),
        (file("RULE_BOOK", b"\xff\xfe"), 2, ["rule book", "named", "cannot be read"]),
        (file("INTENT_BOOK", FLAWED.encode()), 2, ["intent book", "named", "line 1"]),
        (file("INTENT_BOOK", b"\xff\xfe"), 2, ["intent book", "named", "cannot be read"]),
    ],
)
def test_a_wrong_setting_is_one_line_and_exit_2(  # noqa: PLR0917  # fixtures
    command: list[str],
    prepare: Prepare,
    code: int,
    words: list[str],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    prepare(monkeypatch, home)
    assert run(command) == code
    said_on_one_line(capsys, *words)


@pytest.mark.parametrize(
    ("arguments", "prepare", "code", "words"),
    [
        ([], nothing, 1, ["guichet database upgrade", "Redis does not answer", "GUICHET_REDIS_URL", "--embedded"]),
        ([], setting("DATABASE_URL", NO_POSTGRESQL), 1, ["PostgreSQL runs", "GUICHET_DATABASE_URL"]),
        (["--embedded"], setting("DATABASE_URL", NO_POSTGRESQL), 1, ["PostgreSQL runs", "GUICHET_DATABASE_URL"]),
        ([], setting("DATABASE_URL", "mysql://hidden-word@host/x"), 2, ["mysql", "sqlite and postgresql"]),
        ([], file("DATA_DIR", b""), 2, ["DATA_DIR", "named"]),
        ([], setting("DATA_DIR", "/proc/guichet"), 2, ["DATA_DIR", "/proc/guichet"]),
    ],
)
def test_a_missing_dependency_is_one_line_with_the_way_out(  # noqa: PLR0917  # fixtures
    arguments: list[str],
    prepare: Prepare,
    code: int,
    words: list[str],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    prepare(monkeypatch, home)
    assert run(["serve", "--port", str(processes.free_port()), *arguments]) == code
    said_on_one_line(capsys, *words)


def test_a_taken_port_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run(["serve", "--port", str(taken.getsockname()[1])]) == 1
    said_on_one_line(capsys, "cannot listen", "--port")


def test_a_worker_without_redis_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["worker"]) == 1
    said_on_one_line(capsys, "Redis does not answer", "guichet serve --embedded")


def test_a_folder_for_the_database_that_cannot_be_made_is_one_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file("DATA_DIR", b"")(monkeypatch, home)
    assert run(["database", "upgrade"]) == 2
    said_on_one_line(capsys, "cannot be made")


def test_a_fault_of_our_own_is_one_line_without_its_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("Camille Durand, 0639980417")

    monkeypatch.setattr("guichet.gateway.settings.load", broken)
    assert run(["doctor"]) == 1
    line = said_on_one_line(capsys, "please report it", "ValueError", "broken")
    assert "Durand" not in line


def test_a_real_process_ends_soon_with_one_line_and_nothing_else(home: Path) -> None:
    ended = processes.guichet(["serve", "--port", str(processes.free_port())], processes.settings_of(home))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("guichet: cannot start. database: ")
    assert ended.stderr.count("\n") == 1


def said_on_one_line(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("guichet: ")
    assert shown.err.count("\n") == 1
    assert [word for word in words if word not in shown.err] == []
    assert "hidden-word" not in shown.err
    return shown.err
