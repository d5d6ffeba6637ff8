"""`guichet agents`: those who serve citizens."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import click

from guichet.core.errors import BadInput, Conflict
from guichet.core.ids import AgentId, new_id
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.commands.agents_password import password
from guichet.gateway.settings import Settings
from guichet.routing.agent import WRITES, Agent, Presence
from guichet.routing.rule_book import RuleBook

_SERVING = frozenset({Presence.RINGING, Presence.BUSY})


@click.group()
def agents() -> None:
    """Look after the agents who serve citizens."""


@agents.command()
@click.option("--name", required=True, help="As colleagues know them.")
@click.option("--phone", required=True, help="The telephone that rings for citizens.")
@click.option("--skill", "skills", multiple=True, required=True, help="A skill that a queue asks for; repeatable.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice([known.value for known in Language]),
    default=[Language.FR.value],
)
@click.option("--away", is_flag=True, help="Not to be called yet.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def add(settings: Settings, /, *, as_json: bool, **given: Any) -> None:
    """Add an agent; they can be called at once unless --away.

    guichet agents add --name "Awa Diallo" --phone "01 99 00 20 01" --skill social
    guichet agents add --name "Paul Roy" --phone "01 99 00 20 02" --skill accueil --language fr --language en
    guichet agents add --name "Zoé Petit" --phone "01 99 00 20 03" --skill accueil --skill sms   (texts come to her too)
    """
    from guichet.core.clock import SystemClock
    from guichet.gateway.rules_in_force import RulesInForce
    from guichet.gateway.services import open_database
    from guichet.routing.sql_agent_store import SqlAgentStore

    agent = Agent(
        id=AgentId(new_id("agent")),
        name=given["name"],
        phone=PhoneNumber.parse(given["phone"], settings.region),
        skills=frozenset(given["skills"]),
        languages=frozenset(Language(language) for language in given["languages"]),
        presence=Presence.AWAY if given["away"] else Presence.AVAILABLE,
        since=SystemClock().now(),
    )

    async def run() -> None:
        async with open_database(settings) as base:
            rules = RulesInForce(RuleBook.load(settings.rule_book), base.read, SystemClock())
            await rules.refresh()
            _check_skills(given["skills"], rules.book())
            async with base.begin() as unit:
                await SqlAgentStore(unit.connection).add(agent)

    asyncio.run(run())
    click.echo(json.dumps(_row(agent), ensure_ascii=False) if as_json else _line(agent))


@agents.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.pass_obj
def list_(settings: Settings, *, as_json: bool) -> None:
    """List the agents and their presence.

    guichet agents list
    guichet agents list --json
    """
    from guichet.gateway.services import open_database
    from guichet.routing.sql_agent_store import SqlAgentStore

    async def run() -> tuple[Agent, ...]:
        async with open_database(settings) as base, base.read() as unit:
            return await SqlAgentStore(unit.connection).all()

    everybody = asyncio.run(run())
    if as_json:
        click.echo(json.dumps([_row(agent) for agent in everybody], ensure_ascii=False))
        return
    for agent in everybody:
        click.echo(_line(agent))


@agents.command()
@click.argument("agent_id")
@click.argument("presence", type=click.Choice(["available", "pause", "away"]))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def presence(settings: Settings, agent_id: str, presence: str, *, as_json: bool) -> None:
    """Say whether an agent can be called: an agent who missed two calls is away until somebody says otherwise.

    guichet agents presence agent_01m8… available
    guichet agents presence agent_01m8… away
    """
    from guichet.core.clock import SystemClock
    from guichet.gateway.services import open_database
    from guichet.routing.sql_agent_store import SqlAgentStore

    async def run() -> Agent:
        async with open_database(settings) as base, base.begin() as unit:
            store = SqlAgentStore(unit.connection)
            agent = await store.get(AgentId(agent_id))
            if agent.presence in _SERVING:
                raise Conflict(f"{agent.name} is with a citizen ({agent.presence.value}): try again afterwards")
            await store.change(agent.id, agent.presence, Presence(presence), SystemClock().now())
            return await store.get(agent.id)

    agent = asyncio.run(run())
    click.echo(json.dumps(_row(agent), ensure_ascii=False) if as_json else _line(agent))


agents.add_command(password)


def _check_skills(skills: Iterable[str], book: RuleBook) -> None:
    """Refuse a skill that no queue asks for: its agent would never be called."""
    known = [*sorted({skill for queue in book.queues.values() for skill in queue.skills}), WRITES]
    for skill in skills:
        if skill not in known:
            raise BadInput(f"no queue of the rule book asks for the skill '{skill}'; it may be: {', '.join(known)}")


def _line(agent: Agent) -> str:
    able = f"{', '.join(sorted(agent.skills))} ({', '.join(sorted(agent.languages))})"
    return f"{agent.id}  {agent.presence.value:<9}  {agent.phone.e164:<14}  {agent.name}: {able}"


def _row(agent: Agent) -> dict[str, Any]:
    return {
        "id": agent.id,
        "name": agent.name,
        "phone": agent.phone.e164,
        "skills": sorted(agent.skills),
        "languages": sorted(agent.languages),
        "presence": agent.presence.value,
        "since": agent.since.isoformat(),
        "missed": agent.missed,
    }
