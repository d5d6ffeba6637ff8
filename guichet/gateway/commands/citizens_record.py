"""`guichet citizens show`, `history`, `undo-match`: a record, what happened with them, and putting it right."""

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import click
import msgspec

from guichet.citizens.citizen import Citizen
from guichet.citizens.history import Entry, Happening
from guichet.citizens.mandate import Mandate
from guichet.core.errors import NotFound
from guichet.core.ids import CitizenId, ContactId
from guichet.gateway.settings import Settings
from guichet.gateway.units import SqlUnit

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


async def find(unit: SqlUnit, key: str) -> Citizen:
    """Return the citizen of the administration's key, or of our id. Raises NotFound."""
    found = await unit.citizens.by_external_id(key) or await unit.citizens.get(CitizenId(key))
    if found is None:
        raise NotFound(f"nobody on record has the identifier {key}; see `guichet citizens match`")
    return found


def _plain(citizen: Citizen) -> dict[str, Any]:
    """Write a citizen as JSON values; numbers in full."""
    told: dict[str, Any] = msgspec.to_builtins(citizen)
    told["phones"] = [number.e164 for number in citizen.phones]
    told["shared_phones"] = sorted(number.e164 for number in citizen.shared_phones)
    return told


async def _household(unit: SqlUnit, citizen: Citizen) -> list[Citizen]:
    """Return the people who share a number or the address."""
    sharers = [other for number in citizen.phones for other in await unit.citizens.with_phone(number)]
    sharers += await unit.citizens.at_address(citizen.address, citizen.postcode)
    return list({other.id: other for other in sharers if other.id != citizen.id}.values())


async def _mandate(unit: SqlUnit, mandate: Mandate, now: date) -> dict[str, Any]:
    """Write a mandate, its people by their external ids."""
    citizen = await unit.citizens.get(mandate.citizen)
    holder = None if mandate.holder is None else await unit.citizens.get(mandate.holder)
    return {
        "citizen": citizen and citizen.external_id,
        "holder": holder and holder.external_id,
        "holder_name": holder.full_name if holder else mandate.holder_name,
        "role": mandate.role.value,
        "scope": list(mandate.scope),
        "until": mandate.until and mandate.until.isoformat(),
        "proof": mandate.proof,
        "in_force": mandate.is_in_force(now),
    }


async def _record(unit: SqlUnit, key: str) -> dict[str, Any]:
    """Gather a citizen's whole record."""
    citizen, today = await find(unit, key), datetime.now(UTC).date()
    return {
        **_plain(citizen),
        "household": [
            {"external_id": other.external_id, "name": other.full_name} for other in await _household(unit, citizen)
        ],
        "files": msgspec.to_builtins(await unit.records.files_of(citizen.id)),
        "mandates": [await _mandate(unit, one, today) for one in await unit.records.mandates_of(citizen.id)],
        "speaks_for": [await _mandate(unit, one, today) for one in await unit.records.mandates_held(citizen.id)],
        "open_requests": [request.reference for request in await unit.requests.open_of_citizen(citizen.id)],
    }


def _line(name: str, value: Any) -> str:
    """Print one field for people."""
    if isinstance(value, list):
        value = "; ".join(
            ", ".join(f"{key} {one}" for key, one in item.items() if one not in ("", None, []))
            if isinstance(item, dict)
            else str(item)
            for item in value
        )
    return f"{name:16}{value}"


@click.command()
@click.argument("key", metavar="ID")
@_AS_JSON
@click.pass_obj
def show(settings: Settings, /, key: str, *, as_json: bool) -> None:
    """Show a citizen's record: ID is the administration's identifier, or ours.

    With those of the household (who share a number or the address), files, mandates both ways, and open requests.

    guichet citizens show VC-0001
    """

    async def run() -> dict[str, Any]:
        from guichet.gateway.services import open_database

        async with open_database(settings) as database:
            await database.check()
            async with database.read() as unit:
                return await _record(unit, key)

    found = asyncio.run(run())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        if value not in ("", None, [], False):
            click.echo(_line(name, value))


_SHOWN = {
    Happening.CONTACT: ("channel", "intent", "outcome", "heard"),
    Happening.REQUEST: ("reference", "kind", "intent", "state"),
    Happening.CHANGE: ("before", "after", "by", "reason"),
    Happening.MESSAGE: ("direction", "state", "body"),
}


def _print_history(entries: Iterable[Entry]) -> None:
    """Print a history for people."""
    for entry in entries:
        told = " · ".join(str(entry.told[name]) for name in _SHOWN[entry.what] if entry.told.get(name))
        click.echo(f"{entry.at:%Y-%m-%d %H:%M}  {entry.what.value:8} {told}")


@click.command()
@click.argument("key", metavar="ID")
@_AS_JSON
@click.pass_obj
def history(settings: Settings, /, key: str, *, as_json: bool) -> None:
    """Show what happened with a citizen on every channel, in order: calls, texts, requests and their changes.

    guichet citizens history VC-0001
    guichet citizens history VC-0001 --json
    """

    async def run() -> tuple[Citizen, tuple[Entry, ...]]:
        from guichet.gateway.services import open_database

        async with open_database(settings) as database:
            await database.check()
            async with database.read() as unit:
                citizen = await find(unit, key)
                return citizen, await unit.history.of(citizen.id)

    citizen, entries = asyncio.run(run())
    if as_json:
        told = [
            {"at": entry.at.isoformat(), "what": entry.what.value, "id": entry.id, **entry.told} for entry in entries
        ]
        click.echo(json.dumps({"id": citizen.external_id, "citizen": citizen.id, "history": told}, ensure_ascii=False))
        return
    _print_history(entries)


@click.command("undo-match")
@click.argument("contact")
@click.option("--by", "agent", required=True, help="Who says so: the agent's id or name; it is kept.")
@click.option("--right", help="Identifier of the person it really was; left out: nobody known.")
@_AS_JSON
@click.pass_obj
def undo_match(settings: Settings, /, contact: str, agent: str, right: str | None, *, as_json: bool) -> None:
    """Take CONTACT (con_…, see `history --json`) from the person it was matched to; what came of it follows.

    Requests that it opened go with it. One that was theirs all the same stays with them, and what this contact asked
    for becomes a request of its own, at the same place.

    guichet citizens undo-match con_01k… --by "Awa Diallo"
    guichet citizens undo-match con_01k… --by "Awa Diallo" --right VC-0002
    """
    from guichet.callbacks import undoing

    async def run() -> undoing.Undone:
        from guichet.core.clock import SystemClock
        from guichet.gateway.services import open_database

        async with open_database(settings) as database:
            await database.check()
            async with database.begin() as unit:
                citizen = None if right is None else (await find(unit, right)).id
                return await undoing.undo_match(unit, ContactId(contact), citizen, agent[:64], SystemClock().now())

    undone = asyncio.run(run())
    told = {
        "contact": undone.contact.id,
        "citizen": undone.contact.citizen,
        "moved": undone.moved,
        "opened": undone.opened,
    }
    if as_json:
        click.echo(json.dumps(told))
    else:
        click.echo(f"undone; {len(undone.moved)} requests moved, {len(undone.opened)} opened")
