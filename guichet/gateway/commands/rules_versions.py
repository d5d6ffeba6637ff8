"""`guichet rules publish|rollback|withdraw`: versions of the rule book are put in force."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from guichet.core.language import Bilingual
from guichet.gateway.commands.book_versions import ROLLED_BACK, WITHDRAWN, author_option, moment_given, note_option
from guichet.gateway.commands.rule_files import WARNING, Telling, json_option, language_option, usable
from guichet.gateway.commands.rules_desk import Desk, at_desk, row
from guichet.gateway.commands.rules_drafts import opened
from guichet.gateway.settings import Settings
from guichet.routing.publishing import Signed
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_version import RuleVersion
from guichet.routing.rule_warnings import warnings

_PUBLISHED = Bilingual(
    "version {number} ({digest}) publiée ; en vigueur {when}",
    "version {number} ({digest}) is published; in force {when}",
)
_STILL_COMING = Bilingual(
    "attention : la version {number} est toujours prévue pour {when} (guichet rules withdraw {number})",
    "mind: version {number} is still to come into force {when} (guichet rules withdraw {number})",
)
_AT_ONCE = Bilingual("tout de suite", "at once")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@note_option
@author_option
@click.option("--at", help="When it comes into force, by the book's clock: '2026-12-24 08:00' (default: at once).")
@click.option("--based-on", type=int, help="Refuse if another version than this one is in force by now.")
@language_option
@json_option
@click.pass_obj
def publish(settings: Settings, /, file: Path, language: str | None, *, as_json: bool, **given: Any) -> None:
    """Publish a rule book: calls and texts follow it within a second, without a restart.

    A named draft (@NAME) is refused if another version than the one it was begun with is in force: compare them, then
    say --based-on with the one in force.

    guichet rules publish rules.yaml --note "Saturdays in December"
    guichet rules publish @noel --note "Closed on the 24th"
    guichet rules publish rules.yaml --note "Summer hours" --at "2026-07-01 00:00"
    """
    telling = Telling.of(settings, language, as_json=as_json)
    draft = opened(settings, file)
    book = usable(file, draft.text, telling)
    found = warnings(book)
    at = moment_given(given["at"], book.calendar.zone)
    signed = Signed(given["author"], given["note"])
    based_on = draft.based_on if given["based_on"] is None else given["based_on"]
    version = at_desk(settings, lambda desk: desk.publishing.publish(draft.text, signed, at=at, based_on=based_on))
    telling.print_json({**row(version), "warnings": telling.listed(found)})
    if not as_json:
        telling.print_flaws(file, found, WARNING)
        when = _AT_ONCE.to(telling.to) if at is None else _local(version.in_force_at, book)
        telling.say(_PUBLISHED, number=version.number, digest=version.digest, when=when)


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

    guichet rules rollback --note "Nobody was called back"
    guichet rules rollback --note "As in spring" --to 3
    """
    telling = Telling.of(settings, language, as_json=as_json)

    async def work(desk: Desk) -> tuple[RuleVersion, tuple[RuleVersion, ...]]:
        return await desk.publishing.rollback(Signed(author, note), number), await desk.all()

    version, versions = at_desk(settings, work)
    telling.print_json(row(version))
    telling.say(ROLLED_BACK, number=version.number, restores=version.restores)
    for coming in versions:
        if coming.withdrawn_at is None and coming.in_force_at > version.in_force_at:
            telling.say(_STILL_COMING, number=coming.number, when=f"{coming.in_force_at:%Y-%m-%d %H:%M} UTC")


@click.command()
@click.argument("number", type=int)
@language_option
@json_option
@click.pass_obj
def withdraw(settings: Settings, number: int, language: str | None, *, as_json: bool) -> None:
    """Take back a version that is still to come into force.

    guichet rules withdraw 7
    """
    telling = Telling.of(settings, language, as_json=as_json)
    at_desk(settings, lambda desk: desk.publishing.withdraw(number))
    telling.print_json({"number": number, "state": "withdrawn"})
    telling.say(WITHDRAWN, number=number)


COMMANDS: Sequence[click.Command] = (publish, rollback, withdraw)


def _local(moment: datetime, book: RuleBook) -> str:
    return f"{moment.astimezone(book.calendar.zone):%Y-%m-%d %H:%M %Z}"
