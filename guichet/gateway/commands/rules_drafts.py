"""`guichet rules draft`: named drafts of the rule book, shared with the console; `@NAME` goes wherever a file does."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from guichet.core.errors import BadInput, NotFound
from guichet.core.language import Bilingual, counted
from guichet.gateway.commands.rule_files import Telling, json_option, language_option, read_file
from guichet.gateway.commands.rules_desk import Desk, at_desk
from guichet.gateway.settings import Settings
from guichet.routing.document import FlawedDocument
from guichet.routing.draft_shelf import NamedDraft
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_version import in_force

MARK = "@"
"""What a named draft begins with where a file could stand."""
_KEPT = Bilingual("brouillon « {name} » gardé (n° {revision})", "draft '{name}' is kept (no. {revision})")
_FLAW = Bilingual("il a {count} erreur", "it has {count} error")
_FLAWS = Bilingual("il a {count} erreurs", "it has {count} errors")
_CHECK = Bilingual("{flaws} : guichet rules check @{name}", "{flaws}: guichet rules check @{name}")
_GONE = Bilingual("brouillon « {name} » supprimé", "draft '{name}' is deleted")
_LATE = Bilingual(
    "commencé avec la version {based_on} ; la {current} est en vigueur",
    "begun with version {based_on}; {current} is in force",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A text to look at: of a file, or of a named draft, which knows the version that it was begun with."""

    text: str
    based_on: int | None = None


def opened(settings: Settings, file: Path) -> Opened:
    """Read a file, or the draft that `@NAME` means. Raises BadInput, NotFound."""
    if not str(file).startswith(MARK):
        return Opened(read_file(file))
    draft = at_desk(settings, lambda desk: _find(desk, str(file).removeprefix(MARK)))
    return Opened(draft.text, draft.based_on)


@click.group("draft")
def drafts() -> None:
    """Keep drafts of the rule book under a name; check, compare, replay and publish them as @NAME.

    guichet rules draft save noel draft.yaml --note "Closed on the 24th"
    guichet rules check @noel
    guichet rules replay --draft @noel
    guichet rules publish @noel --note "Closed on the 24th"
    """


@drafts.command("list")
@language_option
@json_option
@click.pass_obj
def list_drafts(settings: Settings, language: str | None, *, as_json: bool) -> None:
    """List the drafts, latest change first: by whom, begun with which version, why.

    guichet rules draft list
    guichet rules draft list --json
    """
    telling = Telling.of(settings, language, as_json=as_json)

    async def work(desk: Desk) -> tuple[tuple[NamedDraft, ...], set[int]]:
        current = in_force(await desk.all(), desk.now)
        async with desk.database.read() as unit:
            return await unit.draft_shelf.all(), {current.number, current.origin} if current else set()

    kept, current = at_desk(settings, work)
    telling.print_json([_row(one) for one in kept])
    for one in kept if not as_json else ():
        late = _LATE.format(based_on=one.based_on, current=max(current)).to(telling.to)
        state = "" if one.based_on in current else f"  ({late})"
        click.echo(f"{one.name}  {one.changed_at:%Y-%m-%d %H:%M} UTC  {one.author}: {one.note}{state}")


@drafts.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--note", default="", help="What it is for.")
@click.option("--author", default=getpass.getuser, help="Who writes it (default: your user name).")
@click.option("--over", type=int, help="Write over the draft of that name whose number this is (see list --json).")
@language_option
@json_option
@click.pass_obj
def save(settings: Settings, /, name: str, file: Path, language: str | None, *, as_json: bool, **given: Any) -> None:
    """Keep a draft under a name; it may still have errors. What is there already is written over with --over alone.

    guichet rules draft save noel draft.yaml --note "Closed on the 24th"
    guichet rules draft save noel draft.yaml --over 1
    """
    telling = Telling.of(settings, language, as_json=as_json)
    text = opened(settings, file).text

    async def work(desk: Desk) -> NamedDraft:
        current = in_force(await desk.all(), desk.now)
        async with desk.database.begin() as unit:
            known = await unit.draft_shelf.find(name)
            if known is not None and known.revision != given["over"]:
                raise BadInput(
                    f"there is a draft '{name}' by {known.author}: look at it (guichet rules draft show {name}), "
                    f"then write over it with --over {known.revision}, or choose another name"
                )
            # Who goes on with a draft has not yet looked at what was published since it was begun.
            begun = known.based_on if known else current.number if current else 1
            note = given["note"] or (known.note if known else "")
            revision = (known.revision if known else 0) + 1
            draft = NamedDraft(name, text, given["author"], note, begun, desk.now, revision)
            await unit.draft_shelf.put(draft)
        return draft

    draft = at_desk(settings, work)
    telling.print_json(_row(draft))
    telling.say(_KEPT, name=name, revision=draft.revision)
    if flaws := _flaws(text):
        told = counted(flaws, _FLAW, _FLAWS)
        telling.say(Bilingual(_CHECK.fr.format(flaws=told.fr, name=name), _CHECK.en.format(flaws=told.en, name=name)))


@drafts.command()
@click.argument("name")
@click.pass_obj
def show(settings: Settings, name: str) -> None:
    """Print the text of a draft.

    guichet rules draft show noel > draft.yaml
    """
    click.echo(at_desk(settings, lambda desk: _find(desk, name)).text, nl=False)


@drafts.command()
@click.argument("name")
@language_option
@json_option
@click.pass_obj
def delete(settings: Settings, name: str, language: str | None, *, as_json: bool) -> None:
    """Delete a draft.

    guichet rules draft delete noel
    """
    telling = Telling.of(settings, language, as_json=as_json)

    async def work(desk: Desk) -> None:
        async with desk.database.begin() as unit:
            if not await unit.draft_shelf.delete(name):
                raise _unknown(name)

    at_desk(settings, work)
    telling.print_json({"name": name, "state": "deleted"})
    telling.say(_GONE, name=name)


async def _find(desk: Desk, name: str) -> NamedDraft:
    async with desk.database.read() as unit:
        draft = await unit.draft_shelf.find(name)
    if draft is None:
        raise _unknown(name)
    return draft


def _unknown(name: str) -> NotFound:
    return NotFound(f"there is no draft '{name}': see guichet rules draft list")


def _flaws(text: str) -> int:
    try:
        RuleBook.parse(text)
    except FlawedDocument as flawed:
        return len(flawed.flaws)
    return 0


def _row(draft: NamedDraft) -> dict[str, Any]:
    """Return a draft for programs, without its text."""
    return {
        "name": draft.name,
        "author": draft.author,
        "note": draft.note,
        "based_on": draft.based_on,
        "changed_at": draft.changed_at.isoformat(),
        "revision": draft.revision,
    }


COMMANDS: Sequence[click.Command] = (drafts,)
