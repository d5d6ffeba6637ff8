"""`guichet agents`: those who serve citizens."""

import asyncio
import json
from typing import Any

import click

from guichet.core.ids import AgentId, new_id
from guichet.core.language import Language
from guichet.core.telephone import telephone
from guichet.gateway.commands.agent_words import (
    agent_line,
    agent_row,
    book_in_force,
    check_skills,
    skill_option,
    skills_of,
)
from guichet.gateway.commands.agents_password import password
from guichet.gateway.commands.agents_pin import pin
from guichet.gateway.commands.agents_presence import presence
from guichet.gateway.settings import Settings
from guichet.routing.agent import Agent, Presence


@click.group()
def agents() -> None:
    """Look after the agents who serve citizens."""


@agents.command()
@click.option("--name", required=True, help="As colleagues know them.")
@click.option("--phone", required=True, help="The telephone that rings for citizens: a number, or sip:name@host.")
@skill_option(required=True)
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
    guichet agents add --name "Paul Roy" --phone sip:paul@mairie.example --skill accueil:3 --language fr --language en
    guichet agents add --name "Zoé Petit" --phone "01 99 00 20 03" --skill accueil --skill sms   (texts come to her too)
    """
    from guichet.core.clock import SystemClock
    from guichet.gateway.services import open_database
    from guichet.routing.sql_agent_store import SqlAgentStore

    levels = skills_of(given["skills"])
    agent = Agent(
        id=AgentId(new_id("agent")),
        name=given["name"],
        phone=telephone(given["phone"], settings.region),
        skills=frozenset(levels),
        levels=levels,
        languages=frozenset(Language(language) for language in given["languages"]),
        presence=Presence.AWAY if given["away"] else Presence.AVAILABLE,
        since=SystemClock().now(),
    )

    async def run() -> None:
        async with open_database(settings) as base:
            check_skills(levels, await book_in_force(settings, base))
            async with base.begin() as unit:
                await SqlAgentStore(unit.connection).add(agent)

    asyncio.run(run())
    click.echo(json.dumps(agent_row(agent), ensure_ascii=False) if as_json else agent_line(agent))


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
        click.echo(json.dumps([agent_row(agent) for agent in everybody], ensure_ascii=False))
        return
    for agent in everybody:
        click.echo(agent_line(agent))


@agents.command()
@click.argument("agent_id")
@click.option("--name", help="As colleagues know them.")
@click.option("--phone", help="The telephone that rings for citizens: a number, or sip:name@host.")
@skill_option(required=False)
@click.option("--language", "languages", multiple=True, type=click.Choice([known.value for known in Language]))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def change(settings: Settings, /, *, as_json: bool, **given: Any) -> None:
    """Change who an agent is: what is given takes the place of what was.

    guichet agents change agent_01m8… --skill social:3 --skill accueil
    guichet agents change agent_01m8… --phone sip:awa@mairie.example
    """
    from guichet.gateway.services import open_database
    from guichet.routing.sql_agent_store import SqlAgentStore

    levels = skills_of(given["skills"])
    changes: dict[str, Any] = {"name": given["name"]} if given["name"] else {}
    if given["phone"]:
        changes["phone"] = telephone(given["phone"], settings.region)
    if levels:
        changes |= {"skills": frozenset(levels), "levels": levels}
    if given["languages"]:
        changes["languages"] = frozenset(Language(language) for language in given["languages"])

    async def run() -> Agent:
        async with open_database(settings) as base:
            check_skills(levels, await book_in_force(settings, base))
            async with base.begin() as unit:
                store = SqlAgentStore(unit.connection)
                await store.describe((await store.lock(AgentId(given["agent_id"]))).evolve(**changes))
                return await store.get(AgentId(given["agent_id"]))

    agent = asyncio.run(run())
    click.echo(json.dumps(agent_row(agent), ensure_ascii=False) if as_json else agent_line(agent))


agents.add_command(presence)
agents.add_command(password)
agents.add_command(pin)
