"""Who an agent is, as supervisors write it: name, telephone, languages, and how well they know each skill."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from guichet.console.account import Account
from guichet.console.audit import Entry
from guichet.console.team_desk import TeamUnit
from guichet.core.clock import Clock
from guichet.core.errors import BadInput
from guichet.core.ids import AgentId, new_id
from guichet.core.language import Bilingual, Language
from guichet.core.telephone import telephone
from guichet.routing.agent import WRITES, Agent, Level, Presence
from guichet.routing.rule_book import RuleBook

LONGEST_NAME = 100
_WRITES = Bilingual("Répondre aux SMS", "Answering texts")


@dataclass(frozen=True, slots=True)
class Described:
    """Who an agent is to be; `levels` are their skills, each with how well they know it."""

    name: str
    phone: str
    languages: frozenset[Language]
    levels: Mapping[str, Level]


def skills_known(book: RuleBook, agent: Agent | None = None) -> Sequence[tuple[str, Bilingual]]:
    """Return the skills that queues ask for, and those that an agent has besides, each with its name."""
    asked = {skill: Bilingual(skill, skill) for queue in book.queues.values() for skill in queue.skills or {queue.name}}
    named = {queue.name: queue.label for queue in book.queues.values() if queue.name in asked}
    rest = agent.skills - {WRITES} if agent else frozenset()
    every = {**{skill: Bilingual(skill, skill) for skill in sorted(rest)}, **dict(sorted(asked.items())), **named}
    return [*every.items(), (WRITES, _WRITES)]


class AgentDesk:
    """Adds agents and changes who they are. `region` is where numbers without a country code are."""

    def __init__(
        self,
        begin: Callable[[], AbstractAsyncContextManager[TeamUnit]],
        read: Callable[[], AbstractAsyncContextManager[TeamUnit]],
        book: Callable[[], RuleBook],
        clock: Clock,
        region: str,
    ) -> None:
        self._begin = begin
        self._read = read
        self._book = book
        self._clock = clock
        self._region = region

    async def agent(self, agent_id: AgentId) -> Agent:
        """Return an agent. Raises NotFound."""
        async with self._read() as unit:
            return await unit.agents.get(agent_id)

    def skills(self, agent: Agent | None = None) -> Sequence[tuple[str, Bilingual]]:
        """Return the skills that an agent may have."""
        return skills_known(self._book(), agent)

    async def add(self, author: Account, given: Described) -> Agent:
        """Add an agent, who is away until they say otherwise. Raises BadInput, or Conflict for a telephone in use."""
        self._check(given, None)
        now = self._clock.now()
        agent = Agent(
            id=AgentId(new_id("agent")),
            name=given.name,
            phone=telephone(given.phone, self._region),
            skills=frozenset(given.levels),
            levels=given.levels,
            languages=given.languages,
            presence=Presence.AWAY,
            since=now,
        )
        async with self._begin() as unit:
            await unit.agents.add(agent)
            await unit.audit.note(Entry(now, author.actor, "agent.added", f"agent:{agent.id}", _told(given)))
        return agent

    async def change(self, author: Account, agent_id: AgentId, given: Described) -> None:
        """Change who an agent is. Raises NotFound, BadInput, or Conflict for a telephone in use."""
        async with self._begin() as unit:
            agent = await unit.agents.lock(agent_id)
            self._check(given, agent)
            changed = agent.evolve(
                name=given.name,
                phone=telephone(given.phone, self._region),
                skills=frozenset(given.levels),
                levels=given.levels,
                languages=given.languages,
            )
            await unit.agents.describe(changed)
            entry = Entry(self._clock.now(), author.actor, "agent.changed", f"agent:{agent_id}", _told(given))
            await unit.audit.note(entry)

    def _check(self, given: Described, agent: Agent | None) -> None:
        if not given.name:
            raise BadInput("an agent has a name")
        if not given.levels or not given.languages:
            raise BadInput("an agent has at least one skill and one language")
        known = {skill for skill, _ in self.skills(agent)}
        if strange := sorted(given.levels.keys() - known):
            raise BadInput(f"no queue asks for {', '.join(strange)}")


def _told(given: Described) -> dict[str, object]:
    """Return what the trail tells: skills with their levels, and languages."""
    return {"skills": {name: int(level) for name, level in given.levels.items()}, "languages": sorted(given.languages)}
