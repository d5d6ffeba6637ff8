"""`--help` of every command: its examples stand as they were written, a line each."""

from collections.abc import Iterator

import click
import pytest

from guichet.gateway.cli import guichet, run


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    with click.Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield (*path, name), command
            if isinstance(command, click.Group):
                yield from commands(command, (*path, name))


@pytest.mark.parametrize(("path", "command"), [((), guichet), *commands(guichet)], ids=lambda value: str(value)[:40])
def test_examples_are_not_run_together(
    path: tuple[str, ...], command: click.Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*path, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "\\b" not in shown
    lines = [line.strip() for line in shown.splitlines()]
    written = [line.strip() for line in (command.help or "").splitlines()]
    examples = [line for line in written if line.startswith(("guichet ", "GUICHET_"))]
    assert [line for line in examples if line not in lines] == []


def test_help_needs_no_settings(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("GUICHET_COLOUR", "blue")
    assert run(["--help"]) == 0
    assert "guichet demo" in capsys.readouterr().out
