"""Agents in memory: the twin of the SQL store, for tests."""

from collections.abc import Collection, Sequence
from datetime import datetime

from guichet.core.errors import Conflict, NotFound
from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.core.telephone import Telephone
from guichet.routing import presence
from guichet.routing.agent import WRITES, Agent, Presence
from guichet.routing.agent_store import MISSES_TO_AWAY, NOBODY, Acquainted, Stood
from guichet.routing.presence import NOT_AT_WORK, NOTHING, OF_ATTEMPTS, About

MOST_OVERDUE = 100


class MemoryAgentStore:
    """The agents, in a dictionary. No method awaits anything, so that each is atomic."""

    def __init__(self, *agents: Agent) -> None:
        self.rows: dict[AgentId, Agent] = {one.id: one for one in agents}
        self.log: list[tuple[AgentId, Stood]] = []

    async def add(self, agent: Agent) -> None:
        """Keep a new agent. Raises Conflict when the telephone belongs to another one."""
        if agent.id in self.rows or any(agent.phone == other.phone for other in self.rows.values()):
            raise Conflict("another agent has this telephone number")
        self.rows[agent.id] = agent

    async def describe(self, agent: Agent) -> None:
        """Write who an agent is. Raises Conflict when the telephone belongs to another one, or NotFound."""
        kept = await self.get(agent.id)
        if any(agent.phone == other.phone and other.id != agent.id for other in self.rows.values()):
            raise Conflict("another agent has this telephone number")
        self.rows[agent.id] = kept.evolve(
            name=agent.name, phone=agent.phone, skills=agent.skills, levels=agent.levels, languages=agent.languages
        )

    async def get(self, agent_id: AgentId) -> Agent:
        """Return an agent. Raises NotFound."""
        if agent_id not in self.rows:
            raise NotFound(f"there is no agent {agent_id}")
        return self.rows[agent_id]

    async def lock(self, agent_id: AgentId) -> Agent:
        """Return an agent: one loop, one writer."""
        return await self.get(agent_id)

    async def by_phone(self, phone: Telephone) -> Agent | None:
        """Return the agent with that telephone."""
        return next((agent for agent in self.rows.values() if agent.phone == phone), None)

    async def all(self) -> tuple[Agent, ...]:
        """Return every agent, by name."""
        return tuple(sorted(self.rows.values(), key=lambda agent: (agent.name, agent.id)))

    def _able(self, skills: Collection[str], language: Language) -> list[Agent]:
        wanted = set(skills)
        able = [one for one in self.rows.values() if one.can_be_rung and language in one.languages]
        return [one for one in able if one.skills & wanted]

    async def claim(
        self,
        queue: str,
        language: Language,
        now: datetime,
        *,
        skills: Collection[str] = (),
        prefer: Acquainted = NOBODY,
        writes: bool = False,
    ) -> Agent | None:
        """Take who knows it, then who knows a skill best, then who has been idle longest; None when nobody is free."""
        wanted = skills or (queue,)

        def place(one: Agent) -> tuple[bool, bool, int, datetime, str]:
            best = max(one.level(skill) for skill in one.skills & set(wanted))
            return one.id not in prefer.known, one.id in prefer.parted, -best, one.since, one.id

        able = [one for one in self._able(wanted, language) if not writes or WRITES in one.skills]
        first = min(able, key=place, default=None)
        if first is None:
            return None
        taken = self.rows[first.id] = presence.changed(first, Presence.RINGING, now)
        return taken

    async def change(
        self, agent_id: AgentId, before: Presence, after: Presence, now: datetime, about: About = NOTHING
    ) -> bool:
        """Change presence if it is still what it was; say whether it was."""
        agent = self.rows.get(agent_id)
        if agent is None or agent.presence is not before:
            return False
        return await self.put(agent, presence.changed(agent, after, now, about))

    async def put(self, before: Agent, after: Agent) -> bool:
        """Write presence where it is still the same."""
        agent = self.rows.get(before.id)
        if agent is None or agent.presence is not before.presence:
            return False
        self.rows[before.id] = after
        if after.presence not in OF_ATTEMPTS and (after.presence, after.since) != (agent.presence, agent.since):
            self.log.append((before.id, Stood(after.presence, after.reason, after.attempt, after.since)))
        return True

    async def missed(self, agent_id: AgentId, now: datetime, most: int = MISSES_TO_AWAY) -> Presence | None:
        """Count a call that a ringing agent left unanswered; return the new presence, None when not ringing."""
        agent = self.rows.get(agent_id)
        if agent is None or agent.presence is not Presence.RINGING:
            return None
        after = presence.missed(agent, now, most)
        await self.put(agent, after)
        return after.presence

    async def overdue(self, now: datetime) -> Sequence[Agent]:
        """Return whose presence should have ended."""
        writing_up = [one for one in self.rows.values() if one.presence is Presence.WRAP_UP]
        late = [(one.until, one) for one in writing_up if one.until is not None and one.until <= now]
        return [one for _, one in sorted(late, key=lambda pair: pair[0])][:MOST_OVERDUE]

    async def log_of(self, agent_id: AgentId, since: datetime) -> Sequence[Stood]:
        """Return the changes, in order."""
        return [stood for agent, stood in self.log if agent == agent_id and stood.at >= since]

    async def free_abilities(self, *, writes: bool = False) -> frozenset[tuple[str, Language]]:
        """Return the skills, each with a language, that at least one available agent has."""
        free = [agent for agent in self.rows.values() if agent.can_be_rung]
        free = [agent for agent in free if not writes or WRITES in agent.skills]
        return frozenset((skill, language) for one in free for skill in one.skills for language in one.languages)

    async def staffed(self, queue: str, language: Language, *, skills: Collection[str] = ()) -> int:
        """Count the agents at work who can serve a queue."""
        wanted = set(skills or (queue,))
        at_work = [agent for agent in self.rows.values() if agent.presence not in NOT_AT_WORK]
        return sum(1 for agent in at_work if language in agent.languages and agent.skills & wanted)

    async def free(self, queue: str, language: Language, *, skills: Collection[str] = ()) -> int:
        """Count the available agents that `claim` would choose among."""
        return len(self._able(skills or (queue,), language))
