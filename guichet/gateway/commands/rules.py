"""`guichet rules`: the rule book."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import click

from guichet.core.errors import BadInput
from guichet.core.language import Bilingual, Language
from guichet.gateway.settings import Settings
from guichet.routing.document import Flaw, FlawedDocument
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_warnings import warnings

EXIT_BAD_INPUT = 2

_ERROR = Bilingual("erreur", "error")
_WARNING = Bilingual("avertissement", "warning")
_GOOD = Bilingual(
    "livre de règles {version} : {lines} ligne(s), {queues} file(s), {rules} règle(s), {warnings} avertissement(s)",
    "rule book {version}: {lines} line(s), {queues} queue(s), {rules} rule(s), {warnings} warning(s)",
)
_BAD = Bilingual("livre de règles refusé : {errors} erreur(s)", "rule book refused: {errors} error(s)")


@click.group()
def rules() -> None:
    """Check the rule book, which says how citizens are served."""


@rules.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--intents", type=click.Path(path_type=Path), help="An intent book: also check the matters named.")
@click.option(
    "--language",
    type=click.Choice([known.value for known in Language]),
    help="Language of what is said about the book.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def check(settings: Settings, file: Path, intents: Path | None, language: str | None, *, as_json: bool) -> None:
    """Check a rule book; exit 2 when it cannot be used.

    Errors and warnings are listed with line and column; warnings (a rule that can never apply, a queue to which
    nothing leads, with --intents a matter that no rule names) leave the book usable.

    \b
    guichet rules check rules.yaml
    guichet rules check rules.yaml --intents intents.yaml --language en
    guichet rules check rules.yaml --json
    """  # noqa: D301 -- click's mark of a paragraph not to be filled
    to = Language(language) if language else settings.languages[0]
    matters = None if intents is None else _intents(intents)
    try:
        book = RuleBook.parse(_read(file))
    except FlawedDocument as error:
        _refuse(file, error.flaws, to, as_json=as_json)
        raise click.exceptions.Exit(EXIT_BAD_INPUT) from None
    found = warnings(book) if matters is None else warnings(book, *matters)
    if as_json:
        click.echo(_json({"ok": True, **_size(book), "errors": [], "warnings": _listed(found, to)}))
        return
    _print(file, found, _WARNING.to(to), to)
    click.echo(_GOOD.format(**{**_size(book), "warnings": len(found)}).to(to))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not text in UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from None


def _intents(file: Path) -> tuple[Collection[str], Collection[str]]:
    """Return the matters of an intent book, and those that are for checked people."""
    from guichet.routing.intent_book import IntentBook

    book = IntentBook.parse(_read(file))
    return [intent.name for intent in book.intents], book.for_checked


def _refuse(file: Path, flaws: Sequence[Flaw], to: Language, *, as_json: bool) -> None:
    if as_json:
        click.echo(_json({"ok": False, "errors": _listed(flaws, to), "warnings": []}))
        return
    _print(file, flaws, _ERROR.to(to), to)
    click.echo(_BAD.format(errors=len(flaws)).to(to), err=True)


def _print(file: Path, flaws: Sequence[Flaw], kind: str, to: Language) -> None:
    colon = " :" if to is Language.FR else ":"
    for flaw in flaws:
        click.echo(f"{file}:{flaw.line}:{flaw.column}: {kind}{colon} {flaw.text.to(to)}", err=True)


def _size(book: RuleBook) -> dict[str, Any]:
    return {
        "version": book.version,
        "lines": len(book.lines),
        "queues": len(book.queues),
        "rules": len(book.rules),
    }


def _listed(flaws: Sequence[Flaw], to: Language) -> list[dict[str, Any]]:
    return [{"line": flaw.line, "column": flaw.column, "message": flaw.text.to(to)} for flaw in flaws]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
