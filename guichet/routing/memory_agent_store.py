"""Agents in memory: the twin of the SQL store, for tests."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from guichet.core.errors import Conflict, NotFound
from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import WRITES, Agent, Presence
from guichet.routing.agent_store import MISSES_TO_AWAY, NOT_AT_WORK


class MemoryAgentStore:
    """The agents, in a dictionary. No method awaits anything, so that each is atomic."""

    def __init__(self) -> None:
        self._agents: dict[AgentId, Agent] = {}

    async def add(self, agent: Agent) -> None:
        """Keep a new agent. Raises Conflict when the phone belongs to another one."""
        if agent.id in self._agents or any(agent.phone == other.phone for other in self._agents.values()):
            raise Conflict("another agent has this telephone number")
        self._agents[agent.id] = agent

    async def get(self, agent_id: AgentId) -> Agent:
        """Return an agent. Raises NotFound."""
        if agent_id not in self._agents:
            raise NotFound(f"there is no agent {agent_id}")
        return self._agents[agent_id]

    async def by_phone(self, phone: PhoneNumber) -> Agent | None:
        """Return the agent with that telephone."""
        return next((agent for agent in self._agents.values() if agent.phone == phone), None)

    async def all(self) -> tuple[Agent, ...]:
        """Return every agent, by name."""
        return tuple(sorted(self._agents.values(), key=lambda agent: (agent.name, agent.id)))

    def _able(self, skills: Collection[str], language: Language) -> list[Agent]:
        able = [
            agent
            for agent in self._agents.values()
            if agent.presence is Presence.AVAILABLE and language in agent.languages and agent.skills & set(skills)
        ]
        return sorted(able, key=lambda agent: (agent.since, agent.id))

    async def claim(
        self, queue: str, language: Language, now: datetime, *, skills: Collection[str] = (), writes: bool = False
    ) -> Agent | None:
        """Take the available agent who has been idle longest, and set them ringing; None when nobody is free."""
        able = [one for one in self._able(skills or (queue,), language) if not writes or WRITES in one.skills]
        if not able:
            return None
        taken = self._agents[able[0].id] = replace(able[0], presence=Presence.RINGING, since=now)
        return taken

    async def change(self, agent_id: AgentId, before: Presence, after: Presence, now: datetime) -> bool:
        """Change presence if it is still what it was; say whether it was."""
        agent = self._agents.get(agent_id)
        if agent is None or agent.presence is not before:
            return False
        missed = 0 if after is Presence.BUSY else agent.missed
        self._agents[agent_id] = replace(agent, presence=after, since=now, missed=missed)
        return True

    async def missed(self, agent_id: AgentId, now: datetime) -> Presence | None:
        """Count a call that a ringing agent left unanswered; return the new presence, None when not ringing."""
        agent = self._agents.get(agent_id)
        if agent is None or agent.presence is not Presence.RINGING:
            return None
        last = agent.missed + 1 >= MISSES_TO_AWAY
        presence = Presence.AWAY if last else Presence.AVAILABLE
        self._agents[agent_id] = replace(agent, presence=presence, since=now, missed=0 if last else agent.missed + 1)
        return presence

    async def free_abilities(self, *, writes: bool = False) -> frozenset[tuple[str, Language]]:
        """Return the skills, each with a language, that at least one available agent has."""
        free = [agent for agent in self._agents.values() if agent.presence is Presence.AVAILABLE]
        free = [agent for agent in free if not writes or WRITES in agent.skills]
        return frozenset((skill, language) for one in free for skill in one.skills for language in one.languages)

    async def staffed(self, queue: str, language: Language, *, skills: Collection[str] = ()) -> int:
        """Count the agents at work who can serve a queue."""
        wanted = set(skills or (queue,))
        at_work = [agent for agent in self._agents.values() if agent.presence not in NOT_AT_WORK]
        return sum(1 for agent in at_work if language in agent.languages and agent.skills & wanted)

    async def free(self, queue: str, language: Language, *, skills: Collection[str] = ()) -> int:
        """Count the available agents that `claim` would choose among."""
        return len(self._able(skills or (queue,), language))
