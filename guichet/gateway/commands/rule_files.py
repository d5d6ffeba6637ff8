"""Files of rule books on the command line: read, and refused with every flaw in its place."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from guichet.core.errors import BadInput
from guichet.core.language import Bilingual, Language
from guichet.gateway.settings import Settings
from guichet.routing.document import Flaw, FlawedDocument
from guichet.routing.rule_book import RuleBook

EXIT_BAD_INPUT = 2

ERROR = Bilingual("erreur", "error")
WARNING = Bilingual("avertissement", "warning")
_BAD = Bilingual("livre de règles refusé : {errors} erreur(s)", "rule book refused: {errors} error(s)")

language_option = click.option(
    "--language",
    type=click.Choice([known.value for known in Language]),
    help="Language of what is said about the book.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@dataclass(frozen=True, slots=True)
class Telling:
    """How a command speaks: the language, and whether to programs."""

    to: Language
    as_json: bool

    @classmethod
    def of(cls, settings: Settings, language: str | None, *, as_json: bool) -> "Telling":
        """Return it for the options of a command; the installation's first language without any."""
        return cls(Language(language) if language else settings.languages[0], as_json)

    def listed(self, flaws: Sequence[Flaw]) -> list[dict[str, Any]]:
        """Return flaws for programs."""
        return [{"line": flaw.line, "column": flaw.column, "message": flaw.text.to(self.to)} for flaw in flaws]

    def print_flaws(self, file: Path, flaws: Sequence[Flaw], kind: Bilingual) -> None:
        """Print each flaw with its place."""
        colon = " :" if self.to is Language.FR else ":"
        for flaw in flaws:
            click.echo(f"{file}:{flaw.line}:{flaw.column}: {kind.to(self.to)}{colon} {flaw.text.to(self.to)}", err=True)

    def say(self, told: Bilingual, **values: object) -> None:
        """Print a line, unless programs listen."""
        if not self.as_json:
            click.echo(told.format(**values).to(self.to))

    def print_json(self, value: object) -> None:
        """Print a value, if programs listen."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False))


def read_file(file: Path) -> str:
    """Return the text of a file. Raises BadInput."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not text in UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from None


def usable(file: Path, text: str, telling: Telling) -> RuleBook:
    """Read a book; end the command with exit 2 and every flaw where it cannot be used."""
    try:
        return RuleBook.parse(text)
    except FlawedDocument as error:
        telling.print_json({"ok": False, "errors": telling.listed(error.flaws), "warnings": []})
        if not telling.as_json:
            telling.print_flaws(file, error.flaws, ERROR)
            click.echo(_BAD.format(errors=len(error.flaws)).to(telling.to), err=True)
        raise click.exceptions.Exit(EXIT_BAD_INPUT) from None
