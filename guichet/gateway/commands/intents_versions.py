"""`guichet intents publish|rollback|withdraw|history|show`: versions of the intent book."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from guichet.core.language import Bilingual
from guichet.gateway.commands.book_versions import ROLLED_BACK, WITHDRAWN, author_option, moment_given, note_option
from guichet.gateway.commands.intents_desk import IntentDesk, at_intents
from guichet.gateway.commands.rule_files import ERROR, EXIT_BAD_INPUT, Telling, json_option, language_option, read_file
from guichet.gateway.commands.rules_desk import row
from guichet.gateway.commands.rules_past import STATES, state_of
from guichet.gateway.settings import Settings
from guichet.routing.document import FlawedDocument
from guichet.routing.intent_book import IntentBook
from guichet.routing.publishing import Signed
from guichet.routing.rule_version import RuleVersion

_PUBLISHED = Bilingual(
    "version {number} ({digest}) publiée ; les passerelles l'apprennent et la suivent dans les secondes qui suivent",
    "version {number} ({digest}) is published; gateways learn it and follow it within seconds",
)
_LATER = Bilingual(
    "version {number} ({digest}) publiée ; en vigueur le {when}",
    "version {number} ({digest}) is published; in force {when}",
)
_BAD = Bilingual("livre des matières refusé : {errors} erreur(s)", "intent book refused: {errors} error(s)")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@note_option
@author_option
@click.option("--at", help="When it comes into force, in UTC: '2026-12-24 08:00' (default: at once).")
@click.option("--based-on", type=int, help="Refuse if another version than this one is in force by now.")
@language_option
@json_option
@click.pass_obj
def publish(settings: Settings, /, file: Path, language: str | None, *, as_json: bool, **given: Any) -> None:
    """Publish an intent book: gateways learn it in the background and follow it within seconds, without a restart.

    guichet intents publish intents.yaml --note "How people ask for the new card"
    """
    telling = Telling.of(settings, language, as_json=as_json)
    text, at = read_file(file), moment_given(given["at"], UTC)
    usable_intents(file, text, telling)
    signed, based_on = Signed(given["author"], given["note"]), given["based_on"]
    version = at_intents(settings, lambda desk: desk.publishing.publish(text, signed, at=at, based_on=based_on))
    telling.print_json(row(version))
    told = _PUBLISHED if at is None else _LATER
    telling.say(told, number=version.number, digest=version.digest, when=_shown(version.in_force_at))


@click.command()
@note_option
@author_option
@click.option("--to", "number", type=int, help="The version to go back to (default: the one before).")
@language_option
@json_option
@click.pass_obj
def rollback(
    settings: Settings, note: str, author: str, number: int | None, language: str | None, *, as_json: bool
) -> None:
    """Go back to the version before, at once; again goes back one more.

    guichet intents rollback --note "Too many texts went to the wrong desk"
    guichet intents rollback --note "As in spring" --to 3
    """
    telling = Telling.of(settings, language, as_json=as_json)
    version = at_intents(settings, lambda desk: desk.publishing.rollback(Signed(author, note), number))
    telling.print_json(row(version))
    telling.say(ROLLED_BACK, number=version.number, restores=version.restores)


@click.command()
@click.argument("number", type=int)
@language_option
@json_option
@click.pass_obj
def withdraw(settings: Settings, number: int, language: str | None, *, as_json: bool) -> None:
    """Take back a version that is still to come into force.

    guichet intents withdraw 7
    """
    telling = Telling.of(settings, language, as_json=as_json)
    at_intents(settings, lambda desk: desk.publishing.withdraw(number))
    telling.print_json({"number": number, "state": "withdrawn"})
    telling.say(WITHDRAWN, number=number)


@click.command()
@language_option
@json_option
@click.pass_obj
def history(settings: Settings, language: str | None, *, as_json: bool) -> None:
    """List the versions, latest first: when, by whom, why.

    guichet intents history
    """
    telling = Telling.of(settings, language, as_json=as_json)

    async def work(desk: IntentDesk) -> tuple[tuple[RuleVersion, ...], datetime]:
        return await desk.all(), desk.now

    versions, now = at_intents(settings, work)
    states = {version.number: state_of(version, versions, now) for version in versions}
    telling.print_json([{**row(version), "state": states[version.number]} for version in versions])
    for version in versions if not as_json else ():
        state = STATES[states[version.number]].to(telling.to)
        back = f" = {version.restores}" if version.restores else ""
        when = _shown(version.in_force_at)
        click.echo(f"{version.number}{back}  {when}  {version.digest}  {state}  {version.author}: {version.note}")


@click.command()
@click.argument("number", type=int, required=False)
@click.pass_obj
def show(settings: Settings, number: int | None) -> None:
    """Print the text of the book in force, or of a version.

    guichet intents show > draft.yaml
    guichet intents show 3
    """
    click.echo(at_intents(settings, lambda desk: desk.text(number)), nl=False)


COMMANDS: Sequence[click.Command] = (publish, rollback, withdraw, history, show)


def usable_intents(file: Path, text: str, telling: Telling) -> IntentBook:
    """Read a book; end the command with exit 2 and every flaw where it cannot be used."""
    try:
        return IntentBook.parse(text)
    except FlawedDocument as error:
        telling.print_json({"ok": False, "errors": telling.listed(error.flaws)})
        if not telling.as_json:
            telling.print_flaws(file, error.flaws, ERROR)
            click.echo(_BAD.format(errors=len(error.flaws)).to(telling.to), err=True)
        raise click.exceptions.Exit(EXIT_BAD_INPUT) from None


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
