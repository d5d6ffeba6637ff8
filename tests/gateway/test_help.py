"""The help texts of all commands."""

from collections.abc import Iterator

import click
import pytest

from guichet.gateway.cli import guichet, run


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the words of a group and of each command below it."""
    yield path
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(_commands(guichet, ())), ids=" ".join)
def test_examples_in_help_are_not_run_together(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Click's mark of a paragraph must reach it as a backspace: in a raw docstring it is printed as it stands."""
    assert run([*path, "--help"]) == 0
    assert "\\b" not in capsys.readouterr().out
