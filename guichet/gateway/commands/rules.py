"""`guichet rules`: the rule book."""

from pathlib import Path
from typing import Any

import click

from guichet.core.language import Bilingual
from guichet.gateway.commands import rules_drafts, rules_past, rules_replay, rules_urgent, rules_versions
from guichet.gateway.commands.rule_files import WARNING, Telling, json_option, language_option, read_file, usable
from guichet.gateway.commands.rules_drafts import opened
from guichet.gateway.settings import Settings
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_warnings import warnings

_GOOD = Bilingual(
    "livre de règles {version} : {lines} ligne(s), {queues} file(s), {rules} règle(s), {warnings} avertissement(s)",
    "rule book {version}: {lines} line(s), {queues} queue(s), {rules} rule(s), {warnings} warning(s)",
)


@click.group()
def rules() -> None:
    """Check, publish and roll back the rule book, which says how citizens are served."""


@rules.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--intents", type=click.Path(path_type=Path), help="An intent book: also check the matters named.")
@language_option
@json_option
@click.pass_obj
def check(settings: Settings, file: Path, intents: Path | None, language: str | None, *, as_json: bool) -> None:
    """Check a rule book; exit 2 when it cannot be used.

    Errors and warnings are listed with line and column; warnings (a rule that can never apply, a queue to which
    nothing leads, a text that takes more than one SMS, with --intents a matter that no rule names) leave it usable.

    guichet rules check rules.yaml
    guichet rules check rules.yaml --intents intents.yaml --language en
    guichet rules check rules.yaml --json
    guichet rules check @noel
    """
    from guichet.routing.intent_book import IntentBook
    from guichet.sms.book_texts import dear_texts

    telling = Telling.of(settings, language, as_json=as_json)
    matters = None if intents is None else IntentBook.parse(read_file(intents))
    names = [one.name for one in matters.intents] if matters else None
    answered = [one.name for one in matters.intents if one.answer] if matters else None
    book = usable(file, opened(settings, file).text, telling)
    of_rules = warnings(book, names, answered, matters.for_checked if matters else ())
    found = sorted((*of_rules, *dear_texts(book)), key=lambda flaw: (flaw.line, flaw.column))
    telling.print_json({"ok": True, **_size(book), "errors": [], "warnings": telling.listed(found)})
    if not as_json:
        telling.print_flaws(file, found, WARNING)
        telling.say(_GOOD, **{**_size(book), "warnings": len(found)})


for command in (
    *rules_versions.COMMANDS,
    *rules_drafts.COMMANDS,
    *rules_past.COMMANDS,
    *rules_replay.COMMANDS,
    rules_urgent.urgent,
):
    rules.add_command(command)


def _size(book: RuleBook) -> dict[str, Any]:
    return {
        "version": book.version,
        "lines": len(book.lines),
        "queues": len(book.queues),
        "rules": len(book.rules),
    }
