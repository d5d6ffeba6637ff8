"""`guichet agents presence`: whether an agent can be called, as they or a supervisor say, and how it was."""

import asyncio
import getpass
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import click

from guichet.core.clock import SystemClock
from guichet.core.errors import BadInput
from guichet.core.ids import AgentId
from guichet.gateway.commands.agent_words import agent_line, agent_row, book_in_force
from guichet.gateway.settings import Settings
from guichet.routing.agent import Agent, Presence
from guichet.routing.agent_store import Stood

_WROTE_UP, _LONGER = "written-up", "longer"
_SHOWN = timedelta(days=1)


@click.command()
@click.argument("agent_id")
@click.argument("presence", required=False, type=click.Choice(["available", "pause", "away", _WROTE_UP, _LONGER]))
@click.option("--reason", default="", help="Why: for a pause one of the rule book's reasons, in either language.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def presence(settings: Settings, agent_id: str, presence: str | None, *, reason: str, as_json: bool) -> None:
    """Say whether an agent can be called; without a presence, show how it was since yesterday.

    Whoever has somebody on the telephone pauses or leaves afterwards. `written-up` ends the time to write a call up,
    `longer` lengthens it, once. An agent who missed two calls is away until somebody says otherwise.

    guichet agents presence agent_01m8… available
    guichet agents presence agent_01m8… pause --reason Repas
    guichet agents presence agent_01m8… written-up
    guichet agents presence agent_01m8… --json
    """
    if reason and presence not in {"pause", "away"}:
        raise BadInput("--reason is for 'pause' and 'away'")
    agent, log = asyncio.run(_run(settings, AgentId(agent_id), presence, reason))
    if as_json:
        click.echo(json.dumps({**agent_row(agent), "log": [_row(one) for one in log]}, ensure_ascii=False))
        return
    click.echo(agent_line(agent))
    for one in log if presence is None else ():
        click.echo(f"  {one.at:%Y-%m-%d %H:%M:%S} UTC  {one.presence.value}{f' [{one.reason}]' if one.reason else ''}")


async def _run(settings: Settings, agent_id: AgentId, wanted: str | None, reason: str) -> tuple[Agent, Sequence[Stood]]:
    """Change the presence, if one is wanted; return the agent, and how their presence was."""
    from guichet.callbacks.presence import Presences
    from guichet.gateway.services import open_database

    clock = SystemClock(timedelta(seconds=settings.clock_offset))
    async with open_database(settings, clock) as base:
        book, by = await book_in_force(settings, base), f"command line: {getpass.getuser()}"
        presences = Presences(base.begin, base.read, clock, lambda: book)
        match wanted:
            case None:
                pass
            case "written-up":
                await presences.end_wrap_up(agent_id, by)
            case "longer":
                await presences.lengthen(agent_id)
            case _:
                await presences.say(agent_id, Presence(wanted), reason, by)
        async with base.read() as unit:
            return await unit.agents.get(agent_id), await unit.agents.log_of(agent_id, clock.now() - _SHOWN)


def _row(stood: Stood) -> dict[str, Any]:
    return {"presence": stood.presence.value, "reason": stood.reason, "at": stood.at.isoformat()}
