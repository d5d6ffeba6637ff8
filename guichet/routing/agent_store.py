"""The port to where agents and their presence are kept. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guichet.core.ids import AgentId, AttemptId
from guichet.core.language import Language
from guichet.core.telephone import Telephone
from guichet.routing.agent import Agent, Presence
from guichet.routing.presence import NOTHING, About

MISSES_TO_AWAY = 2
"""Calls in a row that an agent may leave unanswered before being set away, unless the rule book says otherwise."""


@dataclass(frozen=True, slots=True)
class Stood:
    """A change of presence that was kept; conversations and ringing are not among them (the attempts tell of these)."""

    presence: Presence
    reason: str
    attempt: AttemptId | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Acquainted:
    """Who has `known` a case: they have talked with its citizen, or tried to; the last one first.

    Who has `parted` with it has passed it on, or ended it for incivility: others come before them.
    """

    known: tuple[AgentId, ...] = ()
    parted: tuple[AgentId, ...] = ()


NOBODY = Acquainted()


class AgentStore(Protocol):
    """Agents, inside the current transaction. `now` is in UTC and becomes `since` where presence changes."""

    async def add(self, agent: Agent) -> None:
        """Keep a new agent. Raises Conflict when the telephone belongs to another one."""
        ...

    async def describe(self, agent: Agent) -> None:
        """Write who an agent is: name, telephone, skills, levels, languages. Raises Conflict as `add`, or NotFound."""
        ...

    async def get(self, agent_id: AgentId) -> Agent:
        """Return an agent. Raises NotFound."""
        ...

    async def lock(self, agent_id: AgentId) -> Agent:
        """Return an agent whom nobody else changes before the transaction ends. Raises NotFound."""
        ...

    async def by_phone(self, phone: Telephone) -> Agent | None:
        """Return the agent with that telephone."""
        ...

    async def all(self) -> tuple[Agent, ...]:
        """Return every agent, by name."""
        ...

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
        """Take an available agent, and set them ringing; None when nobody is free.

        The agent has the skill named like the queue or, when `skills` are given, any of those; and speaks the
        language; and answers texts, where it is for one that `writes`. Who knows the case (`prefer`) comes first, then
        who knows a skill best, then who has been idle longest; those who have parted with it come after all others.
        However many ask at once, nobody is taken twice.
        """
        ...

    async def change(
        self, agent_id: AgentId, before: Presence, after: Presence, now: datetime, about: About = NOTHING
    ) -> bool:
        """Change presence (`presence.changed`) if it is still what it was; say whether it was."""
        ...

    async def put(self, before: Agent, after: Agent) -> bool:
        """Write an agent's presence and what belongs to it, unless their presence is not that of `before` any more."""
        ...

    async def missed(self, agent_id: AgentId, now: datetime, most: int = MISSES_TO_AWAY) -> Presence | None:
        """Count a call that a ringing agent left unanswered: back to available, or away after the `most`th in a row.

        Returns the new presence, or None when the agent was not ringing.
        """
        ...

    async def overdue(self, now: datetime) -> Sequence[Agent]:
        """Return the agents whose presence should have ended by itself, the latest last; a hundred at most."""
        ...

    async def log_of(self, agent_id: AgentId, since: datetime) -> Sequence[Stood]:
        """Return how an agent's presence has changed, in order."""
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
