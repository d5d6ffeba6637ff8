"""`guichet privacy export|erase|readmit|tidy|trail`: what is kept of a person, taken out, forgotten in time."""

import asyncio
import getpass
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from guichet.core.clock import SystemClock
from guichet.core.errors import BadInput, NotFound
from guichet.core.phone import PhoneNumber
from guichet.gateway.database import Database
from guichet.gateway.settings import Settings
from guichet.gateway.units import SqlUnit

AGAIN = (
    "If your own file still has this person, the next import leaves them out and names the line: take them out there "
    "too. Should they come back by their own wish: guichet privacy readmit ID"
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
by_option = click.option(
    "--by", default=getpass.getuser, help="Who does it, kept in the trail (default: your user name)."
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What these commands work with."""

    database: Database
    now: datetime


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Desk]:
    from guichet.gateway.services import open_database

    clock = SystemClock(timedelta(seconds=settings.clock_offset))
    async with open_database(settings, clock) as database:
        await database.check()
        yield Desk(database, clock.now())


@click.group()
def privacy() -> None:
    """Give people what is kept of them, erase them, and keep nothing longer than the rule book says."""


@privacy.command("export")
@click.argument("key", metavar="ID")
@click.option("--format", "form", type=click.Choice(["json", "text"]), default="json", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file, which only you may read.")
@by_option
@click.pass_obj
def export_person(settings: Settings, key: str, form: str, output: Path | None, by: str) -> None:
    """Print everything that is kept of a person: ID is the administration's identifier, ours, or a number (+33…).

    A number stands for whoever has called from it and is not on record.

    guichet privacy export VC-0001
    guichet privacy export VC-0001 --format text --output VC-0001.txt
    """
    from guichet.gateway.privacy.export import export
    from guichet.gateway.privacy.in_words import in_words
    from guichet.gateway.privacy.trail import note

    async def run() -> dict[str, Any]:
        async with _open(settings) as desk, desk.database.begin() as unit:
            found = await export(unit, await _person(unit, key), desk.now)
            counts = {name: len(rows) for name, rows in found.items() if isinstance(rows, list)}
            await note(unit, "exported", by, counts, desk.now)
            return found

    found = asyncio.run(run())
    text = in_words(found) if form == "text" else json.dumps(found, ensure_ascii=False, indent=1)
    if output is None:
        click.echo(text)
    else:
        _write(output, text + "\n")


@privacy.command("erase")
@click.argument("key", metavar="ID")
@click.option("--close-requests", is_flag=True, help="Cancel what they still wait for; without it, that is refused.")
@click.option("--dry-run", is_flag=True, help="Count, and change nothing.")
@by_option
@json_option
@click.pass_obj
def erase_person(settings: Settings, key: str, by: str, *, close_requests: bool, dry_run: bool, as_json: bool) -> None:
    """Erase a person: record, what they said and wrote, recordings, mandates; what is counted stays nobody's.

    ID is the administration's identifier, ours, or a number (+33…) that nobody on record has.

    guichet privacy erase VC-0001 --dry-run
    guichet privacy erase VC-0001 --close-requests
    """
    from guichet.gateway.privacy.erase import erase, standing
    from guichet.gateway.privacy.erased_key import key_made
    from guichet.gateway.privacy.erasing import forget_sound
    from guichet.gateway.privacy.trail import note

    async def run() -> dict[str, int]:
        async with _open(settings) as desk:
            async with desk.database.read() as unit:
                person = await _person(unit, key)
                found = await standing(unit, person)
                used = await unit.erased.keys()
            if found.open_requests and not close_requests and not dry_run:
                references = ", ".join(found.open_requests)
                raise BadInput(
                    f"they still wait for an answer ({references}): serve them first, or cancel with --close-requests"
                )
            is_listed = person.citizen is not None and not dry_run
            listed_by = key_made(settings.data_dir, used) if is_listed else None
            if not dry_run:
                await forget_sound(settings, desk.database, found.recordings)
            async with _committed(desk.database, dry_run=dry_run) as unit:
                if person.citizen is not None and listed_by is not None:
                    await unit.erased.add(listed_by, person.citizen.external_id)
                counts = (await erase(unit, person, await standing(unit, person), desk.now)).as_data()
                await note(unit, "erased", by, counts, desk.now)
            return counts

    counts = asyncio.run(run())
    if as_json:
        click.echo(json.dumps({**counts, "dry_run": dry_run}))
        return
    click.echo("would be erased:" if dry_run else "erased:")
    _print(counts)
    if not dry_run and counts["records"]:
        click.echo(AGAIN)


@privacy.command("readmit")
@click.argument("key", metavar="ID")
@by_option
@click.pass_obj
def readmit(settings: Settings, key: str, by: str) -> None:
    """Let the next import bring back somebody who was erased, by the administration's identifier.

    guichet privacy readmit VC-0001
    """
    from guichet.gateway.privacy.erased_key import read_key
    from guichet.gateway.privacy.trail import note

    async def run() -> None:
        known = read_key(settings.data_dir)
        async with _open(settings) as desk, desk.database.begin() as unit:
            if known is None or not await unit.erased.remove(known, key):
                raise NotFound(f"nobody was erased here under {key}: write it as your file does")
            await note(unit, "readmitted", by, {"records": 1}, desk.now)

    asyncio.run(run())
    click.echo("the next import brings them back")


@privacy.command("tidy")
@click.option("--dry-run", is_flag=True, help="Count what is due, and change nothing.")
@by_option
@json_option
@click.pass_obj
def tidy_up(settings: Settings, by: str, *, dry_run: bool, as_json: bool) -> None:
    """Forget what has been kept for as long as the rule book says; gateways do it by themselves, once a day.

    guichet privacy tidy --dry-run
    """
    from guichet.gateway.privacy.tidy import due, tidy
    from guichet.routing.rule_book import RuleBook, read_text

    async def run() -> dict[str, int]:
        async with _open(settings) as desk:
            async with desk.database.read() as unit:
                version = await unit.rule_versions.in_force(desk.now)
                text = await unit.rule_versions.text(version.number) if version else read_text(settings.rule_book)
            keep = RuleBook.parse(text).retention
            if dry_run:
                return (await due(desk.database, keep, desk.now)).as_data()
            return (await tidy(desk.database, keep, desk.now, by)).as_data()

    counts = asyncio.run(run())
    if as_json:
        click.echo(json.dumps({**counts, "dry_run": dry_run}))
        return
    click.echo("due:" if dry_run else "forgotten:")
    _print(counts)


@privacy.command("trail")
@json_option
@click.pass_obj
def show_trail(settings: Settings, *, as_json: bool) -> None:
    """List what was exported, erased and tidied, latest first: when, by whom, how many; of whom is kept nowhere.

    guichet privacy trail
    """
    from guichet.gateway.privacy.trail import trail

    async def run() -> list[dict[str, object]]:
        async with _open(settings) as desk, desk.database.read() as unit:
            return await trail(unit)

    found = asyncio.run(run())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        told = ", ".join(f"{name} {count}" for name, count in one.items() if name not in {"at", "what", "by"} and count)
        click.echo(f"{one['at']}  {one['what']:8} {one['by']}: {told}")


async def _person(unit: SqlUnit, key: str) -> Any:
    """Find a person by identifier or number. Raises NotFound, or BadInput for a number of somebody on record."""
    from guichet.gateway.commands.citizens_record import find
    from guichet.gateway.privacy.person import Person, person_of, rows_of

    if not key.startswith("+"):
        return await person_of(unit, await find(unit, key))
    number = PhoneNumber.parse(key)
    owners = await unit.citizens.with_phone(number)
    if owners:
        raise BadInput(f"this number is on record: use the identifier ({', '.join(one.external_id for one in owners)})")
    person = Person(None, (number,))
    rows = await rows_of(unit, person)
    if not (rows.contacts or rows.requests or rows.messages):
        raise NotFound("nothing is kept of that number")
    return person


class _OnlyCounted(Exception):
    """Undoes what was counted."""


@asynccontextmanager
async def _committed(database: Database, *, dry_run: bool) -> AsyncIterator[SqlUnit]:
    """Open a transaction that is undone in a dry run: what is counted is what would be done."""
    with suppress(_OnlyCounted):
        async with database.begin() as unit:
            yield unit
            if dry_run:
                raise _OnlyCounted


def _print(counts: dict[str, int]) -> None:
    for name, count in counts.items():
        if count:
            click.echo(f"  {name.replace('_', ' '):18}{count}")
    if not any(counts.values()):
        click.echo("  nothing")


def _write(file: Path, text: str) -> None:
    """Write a file that nobody else may read. Raises BadInput."""
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(text, encoding="utf-8")
    except FileExistsError:
        raise BadInput(f"{file} exists already: choose another name") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}") from None
