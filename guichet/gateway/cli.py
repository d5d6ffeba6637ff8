"""The `guichet` command: finds commands by name, turns our errors into one line and an exit code."""

import importlib
import inspect
import re
import signal
import sys
from collections.abc import Sequence
from typing import Any

import click

from guichet.core.errors import BadInput, GuichetError, NotFound
from guichet.gateway import logs, settings
from guichet.gateway.faults import told

COMMANDS = {
    "agents": "agents",
    "api": "api",
    "call": "simulate",
    "citizens": "citizens",
    "database": "database",
    "demo": "demo",
    "doctor": "doctor",
    "intents": "intents",
    "models": "models",
    "privacy": "privacy",
    "report": "report",
    "requests": "requests",
    "rules": "rules",
    "serve": "serve",
    "simulator": "simulate",
    "sobriety": "sobriety",
    "text": "simulate",
    "transcribe": "transcribe",
    "worker": "worker",
}
"""The module of `gateway.commands` that holds each command, read only when the command is run."""

_IS_SET_OUT = re.compile(r"^(?:(?:GUICHET_\S+ )*guichet | {2})", re.MULTILINE)

EXIT_FAILED = 1
EXIT_BAD_INPUT = 2
EXIT_STOPPED = 130


def keep_examples(command: click.Command) -> None:
    """Have `--help` show paragraphs of commands, and what is set in, line by line as they are written."""
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    command.help = "\n\n".join(f"\b\n{text}" if _IS_SET_OUT.search(text) else text for text in paragraphs)
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        keep_examples(inner)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._read: set[click.Command] = set()
        keep_examples(self)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"guichet.gateway.commands.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        if command not in self._read:
            self._read.add(command)
            keep_examples(command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="guichet", prog_name="guichet")
@click.pass_context
def guichet(context: click.Context) -> None:
    """Make the phone a first-class counter of a public administration.

    guichet demo            see it work: calls and texts, everything embedded
    guichet doctor          check an installation, with the way to mend each fault
    guichet serve           run the gateway (settings: GUICHET_… or guichet.toml)
    """
    found = settings.load()
    # A command's own output is what is wanted of it: it logs when something is wrong, the processes whatever they do.
    is_process = context.invoked_subcommand in {"serve", "worker"}
    logs.set_up("warning" if found.log_level == "info" and not is_process else found.log_level)
    context.obj = found


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; never shows a traceback for an error of ours."""
    logs.catch_the_rest()
    # SIGTERM ends a command as Ctrl-C does, in order; the processes that end well with it say so themselves.
    # A script's background job is started with SIGINT ignored: without a handler of ours SIGTERM would be ignored too.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, 1 for a failure, 2 for bad input, 130 for Ctrl-C."""
    try:
        result: Any = guichet.main(args=arguments, prog_name="guichet", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        error.show()
        return EXIT_BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        return EXIT_STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        result = EXIT_FAILED
    except GuichetError as error:
        click.echo(f"guichet: {error}", err=True)
        result = EXIT_BAD_INPUT if isinstance(error, BadInput | NotFound) else EXIT_FAILED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"guichet: {where}{error.strerror or type(error).__name__}", err=True)
        result = EXIT_FAILED
    except Exception as error:  # noqa: BLE001  # whatever it is, people get one line
        # A bug. Its text may hold what a citizen said: only kinds and places are told, and where to bring them.
        click.echo(f"guichet: a fault of Guichet's own, please report it: {told(error)}", err=True)
        result = EXIT_FAILED
    return result if isinstance(result, int) else 0
