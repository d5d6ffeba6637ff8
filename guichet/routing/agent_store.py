"""The port to where agents and their presence are kept. Pure."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Presence

MISSES_TO_AWAY = 2
"""Calls in a row that an agent may leave unanswered before being set away."""

NOT_AT_WORK = frozenset({Presence.PAUSE, Presence.AWAY})
"""Presences in which nobody is served."""


class AgentStore(Protocol):
    """Agents, inside the current transaction. `now` is in UTC and becomes `since` where presence changes."""

    async def add(self, agent: Agent) -> None:
        """Keep a new agent. Raises Conflict when the phone belongs to another one."""
        ...

    async def get(self, agent_id: AgentId) -> Agent:
        """Return an agent. Raises NotFound."""
        ...

    async def by_phone(self, phone: PhoneNumber) -> Agent | None:
        """Return the agent with that telephone."""
        ...

    async def all(self) -> tuple[Agent, ...]:
        """Return every agent, by name."""
        ...

    async def claim(
        self, queue: str, language: Language, now: datetime, *, skills: Collection[str] = (), writes: bool = False
    ) -> Agent | None:
        """Take the available agent who has been idle longest, and set them ringing; None when nobody is free.

        The agent has the skill named like the queue or, when `skills` are given, any of those; and speaks the
        language; and answers texts, where it is for one that `writes`. However many ask at once, nobody is taken twice.
        """
        ...

    async def change(self, agent_id: AgentId, before: Presence, after: Presence, now: datetime) -> bool:
        """Change presence if it is still what it was; say whether it was. Taking a call forgets what was missed."""
        ...

    async def missed(self, agent_id: AgentId, now: datetime) -> Presence | None:
        """Count a call that a ringing agent left unanswered: back to available, or away after the second in a row.

        Returns the new presence, or None when the agent was not ringing.
        """
        ...

    async def free_abilities(self, *, writes: bool = False) -> frozenset[tuple[str, Language]]:
        """Return the skills, each with a language, that at least one available agent has (who `writes`)."""
        ...

    async def staffed(self, queue: str, language: Language, *, skills: Collection[str] = ()) -> int:
        """Count the agents at work (neither paused nor away) who can serve a queue."""
        ...

    async def free(self, queue: str, language: Language, *, skills: Collection[str] = ()) -> int:
        """Count the available agents that `claim` would choose among."""
        ...
