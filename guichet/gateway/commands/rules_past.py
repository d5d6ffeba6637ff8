"""`guichet rules history|show|diff`: what was published, and what differs, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from guichet.core.errors import BadInput, NotFound
from guichet.core.language import Bilingual
from guichet.gateway.commands.rule_files import Telling, json_option, language_option, usable
from guichet.gateway.commands.rules_desk import Desk, at_desk, row
from guichet.gateway.commands.rules_drafts import MARK, opened
from guichet.gateway.settings import Settings
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_version import RuleVersion, before, in_force

_SAME = Bilingual("aucune différence", "no difference")
STATES = {
    "in force": Bilingual("en vigueur", "in force"),
    "to come": Bilingual("à venir", "to come"),
    "withdrawn": Bilingual("retirée", "withdrawn"),
    "past": Bilingual("passée", "past"),
}


@click.command()
@language_option
@json_option
@click.pass_obj
def history(settings: Settings, language: str | None, *, as_json: bool) -> None:
    """List the versions, latest first: when, by whom, why.

    guichet rules history
    guichet rules history --json
    """
    telling = Telling.of(settings, language, as_json=as_json)

    async def work(desk: Desk) -> tuple[tuple[RuleVersion, ...], datetime]:
        return await desk.all(), desk.now

    versions, now = at_desk(settings, work)
    states = {version.number: state_of(version, versions, now) for version in versions}
    telling.print_json([{**row(version), "state": states[version.number]} for version in versions])
    for version in versions if not as_json else ():
        state = STATES[states[version.number]].to(telling.to)
        back = f" = {version.restores}" if version.restores else ""
        when = f"{version.in_force_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"{version.number}{back}  {when}  {version.digest}  {state}  {version.author}: {version.note}")


@click.command()
@click.argument("version", required=False)
@click.pass_obj
def show(settings: Settings, version: str | None) -> None:
    """Print the text of the book in force, or of a version (its number, or the digest that decisions name).

    guichet rules show > draft.yaml
    guichet rules show 3
    """

    async def work(desk: Desk) -> str:
        return await desk.text(_find(await desk.all(), version, desk.now))

    click.echo(at_desk(settings, work), nl=False)


@click.command()
@click.argument("old", required=False)
@click.argument("new", required=False)
@language_option
@json_option
@click.pass_obj
def diff(settings: Settings, old: str | None, new: str | None, language: str | None, *, as_json: bool) -> None:
    """Say in words what differs between two rule books; each is a file, a draft (@NAME), a number or a digest.

    Without NEW, OLD is compared with the book in force (a file: what publishing it would change); without either, the
    book in force with the version before.

    guichet rules diff draft.yaml
    guichet rules diff 3 5
    """
    from guichet.routing.rule_differences import differences

    telling = Telling.of(settings, language, as_json=as_json)

    named = [_Named.of(name, telling, settings) for name in (old, new) if name is not None]
    if len(named) == 1:
        # A draft is what would come, an old version is what was.
        named = [_Named(), *named] if named[0].draft else [*named, _Named()]
    found = differences(*at_desk(settings, lambda desk: _books(desk, named)))
    telling.print_json([{"fr": one.fr, "en": one.en} for one in found])
    if not as_json:
        for one in found or (_SAME,):
            click.echo(one.to(telling.to))


@dataclass(frozen=True, slots=True)
class _Named:
    """A book as it was named: a draft, already read, or a version; neither is the one in force."""

    draft: RuleBook | None = None
    version: str | None = None

    @classmethod
    def of(cls, name: str, telling: Telling, settings: Settings) -> "_Named":
        """Read a file or a named draft, or take it for a version."""
        file = Path(name)
        is_draft = name.startswith(MARK) or file.is_file()
        return cls(draft=usable(file, opened(settings, file).text, telling)) if is_draft else cls(version=name)


async def _books(desk: Desk, named: Sequence[_Named]) -> tuple[RuleBook, RuleBook]:
    """Return the two books named; without any, the one before and the one in force."""
    versions = await desk.all()
    if not named:
        current = in_force(versions, desk.now)
        previous = before(versions, current, desk.now) if current else None
        if previous is None:
            raise BadInput("there is no version before the one in force")
        named = (_Named(version=str(previous.number)), _Named())
    old, new = [one.draft or RuleBook.parse(await desk.text(_find(versions, one.version, desk.now))) for one in named]
    return old, new


COMMANDS: Sequence[click.Command] = (history, show, diff)


def _find(versions: Sequence[RuleVersion], name: str | None, now: datetime) -> int:
    """Return the number of a version named by number or digest; that in force without a name. Raises NotFound."""
    if name is None:
        current = in_force(versions, now)
        if current is None:
            raise NotFound("no version of the rule book is in force")
        return current.number
    for version in versions:
        if name in {str(version.number), version.digest}:
            return version.number
    raise NotFound(f"'{name}' is no file, and the rule book has no such version: see guichet rules history")


def state_of(version: RuleVersion, versions: Sequence[RuleVersion], now: datetime) -> str:
    """Name the state of a version: in force, to come, withdrawn or past."""
    current = in_force(versions, now)
    if version.withdrawn_at is not None:
        return "withdrawn"
    if version.in_force_at > now:
        return "to come"
    return "in force" if current is not None and version.number == current.number else "past"
