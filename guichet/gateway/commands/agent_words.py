"""Agents on the command line: their skills with levels read, and how they are printed."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from guichet.core.clock import SystemClock
from guichet.core.errors import BadInput
from guichet.gateway.database import Database
from guichet.gateway.rules_in_force import RulesInForce
from guichet.gateway.settings import Settings
from guichet.routing.agent import USUAL, WRITES, Agent, Level
from guichet.routing.rule_book import RuleBook

F = TypeVar("F", bound=Callable[..., Any])


def skill_option(*, required: bool) -> Callable[[F], F]:
    """Return the option of skills."""
    told = "A skill that a queue asks for, with its level (1 begins, 2 knows, 3 masters): 'social:3'; repeatable."
    return click.option("--skill", "skills", multiple=True, required=required, help=told)


def skills_of(written: Iterable[str]) -> dict[str, Level]:
    """Read skills and their levels. Raises BadInput."""
    levels: dict[str, Level] = {}
    for one in written:
        skill, colon, level = one.partition(":")
        if colon and level not in {"1", "2", "3"}:
            raise BadInput(f"'{one}': a level is 1 (begins), 2 (knows) or 3 (masters), such as '{skill}:2'")
        levels[skill] = Level(int(level)) if colon else USUAL
    return levels


async def book_in_force(settings: Settings, base: Database) -> RuleBook:
    """Return the rule book in force."""
    rules = RulesInForce(RuleBook.load(settings.rule_book), base.read, SystemClock())
    await rules.refresh()
    return rules.book()


def check_skills(skills: Iterable[str], book: RuleBook) -> None:
    """Refuse a skill that no queue asks for: its agent would never be called."""
    known = [*sorted({skill for queue in book.queues.values() for skill in queue.skills}), WRITES]
    for skill in skills:
        if skill not in known:
            raise BadInput(f"no queue of the rule book asks for the skill '{skill}'; it may be: {', '.join(known)}")


def agent_line(agent: Agent) -> str:
    """Return an agent on a line."""
    skills = [f"{one}:{agent.level(one)}" if agent.level(one) != USUAL else one for one in sorted(agent.skills)]
    able = f"{', '.join(skills)} ({', '.join(sorted(agent.languages))})"
    reason = f" [{agent.reason}]" if agent.reason else ""
    then = f", then {agent.afterwards.value}" if agent.afterwards else ""
    return f"{agent.id}  {agent.presence.value:<9}  {agent.phone.address:<14}  {agent.name}: {able}{reason}{then}"


def agent_row(agent: Agent) -> dict[str, Any]:
    """Return an agent for programs."""
    return {
        "id": agent.id,
        "name": agent.name,
        "phone": agent.phone.address,
        "skills": sorted(agent.skills),
        "levels": {skill: int(agent.level(skill)) for skill in sorted(agent.skills)},
        "languages": sorted(agent.languages),
        "presence": agent.presence.value,
        "since": agent.since.isoformat(),
        "reason": agent.reason,
        "until": agent.until.isoformat() if agent.until else None,
        "lengthened": agent.lengthened,
        "afterwards": agent.afterwards.value if agent.afterwards else None,
        "missed": agent.missed,
    }
