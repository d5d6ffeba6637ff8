"""`guichet agents pin`: who may put up urgent messages by telephone, with which number and PIN."""

import asyncio
import json
import secrets
from datetime import timedelta
from typing import Any

import click

from guichet.core.clock import SystemClock
from guichet.core.errors import BadInput, NotFound
from guichet.gateway.settings import Settings
from guichet.ivr.supervisor_store import Done, Supervisor

DIGITS = 6
_SHOWN = 20


@click.command()
@click.argument("number", required=False)
@click.option("--name", help="Who it is; needed for a new number.")
@click.option("--disable", is_flag=True, help="The number is good for nothing any more.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def pin(settings: Settings, number: str | None, *, name: str | None, disable: bool, as_json: bool) -> None:
    """Give a supervisor a number and a PIN for the telephone; the PIN is shown once, and only its hash is kept.

    They call the number that the rule book has in `messages_urgents`. Without a number: who has one, and what was done.

    guichet agents pin 4711 --name "Sonia Petit"
    guichet agents pin 4711 --disable
    guichet agents pin --json
    """
    if number is not None and not (number.isascii() and number.isdecimal() and 2 <= len(number) <= 8):
        raise BadInput("a supervisor's number has 2 to 8 digits")
    told = asyncio.run(_run(settings, number, name, disable=disable))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told.get("supervisors", [told]):
        shown = f"  PIN {one['pin']}" if "pin" in one else ""
        click.echo(f"{one['number']:<8}  {one['name']}{shown}{'  (disabled)' if one['disabled'] else ''}")
    for one in told.get("done", []):
        click.echo(f"{one['at']}  {one['number']}  {one['deed']} {one['message']}".rstrip())


async def _run(settings: Settings, number: str | None, name: str | None, *, disable: bool) -> dict[str, Any]:
    """Give, disable or list."""
    from guichet.console.passwords import Passwords
    from guichet.gateway.services import open_database

    clock = SystemClock(timedelta(seconds=settings.clock_offset))
    async with open_database(settings, clock) as base:
        if number is None:
            async with base.read() as unit:
                everybody, done = await unit.supervisors.everybody(), await unit.supervisors.done(_SHOWN)
            return {"supervisors": [_row(one) for one in everybody], "done": [_done(one) for one in done]}
        given = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        kept = await Passwords().hash(given)
        async with base.begin() as unit:
            known = await unit.supervisors.find(number)
            if disable:
                if known is None:
                    raise NotFound(f"there is no supervisor {number}")
                await unit.supervisors.put(known.evolve(disabled_at=clock.now()))
                return _row(known.evolve(disabled_at=clock.now()))
            named = name or (known.name if known else "")
            if not named:
                raise BadInput('say who it is: --name "Sonia Petit"')
            supervisor = Supervisor(number, named, kept)
            await unit.supervisors.put(supervisor)
        return {**_row(supervisor), "pin": given}


def _row(one: Supervisor) -> dict[str, Any]:
    locked = one.locked_until.isoformat() if one.locked_until else None
    return {"number": one.number, "name": one.name, "disabled": one.disabled_at is not None, "locked_until": locked}


def _done(one: Done) -> dict[str, Any]:
    return {"at": one.at.isoformat(), "number": one.number, "deed": one.deed, "message": one.message}
