"""Agents: who they are, what they know, and whether they can take somebody. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from guichet.core.ids import AgentId, AttemptId
from guichet.core.language import Language
from guichet.core.telephone import Telephone

WRITES = "sms"
"""The skill of agents to whom texts are given in their turn, besides those of the queues that they serve."""


class Presence(StrEnum):
    """Whether an agent can take somebody (how they change: `routing.presence`)."""

    AVAILABLE = "available"
    RINGING = "ringing"
    BUSY = "busy"
    WRAP_UP = "wrap_up"
    PAUSE = "pause"
    AWAY = "away"


class Level(IntEnum):
    """How well an agent knows a skill: the best who is free is asked first."""

    BEGINS = 1
    KNOWS = 2
    MASTERS = 3


USUAL = Level.KNOWS


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who serves citizens.

    `skills` are those that queues ask for, `levels` those of them that are not known as usual. `reason` says why they
    are in this presence, since `since`; it ends by itself at `until`. While they write up, `attempt` is what they write
    up, and `lengthened` whether they have asked for more time. What they want once they are free (a pause, to leave) is
    `afterwards`. `missed` counts calls left unanswered in a row.
    """

    id: AgentId
    name: str
    phone: Telephone
    skills: frozenset[str]
    languages: frozenset[Language]
    presence: Presence
    since: datetime
    missed: int = 0
    levels: Mapping[str, Level] = field(default_factory=dict)
    reason: str = ""
    until: datetime | None = None
    lengthened: bool = False
    attempt: AttemptId | None = None
    afterwards: Presence | None = None
    afterwards_reason: str = ""

    @property
    def can_be_rung(self) -> bool:
        """Whether they are free now."""
        return self.presence is Presence.AVAILABLE

    def level(self, skill: str) -> Level:
        """Return how well they know a skill of theirs."""
        return self.levels.get(skill, USUAL)

    def evolve(self, **changes: Any) -> "Agent":
        """Return a copy with changes."""
        return replace(self, **changes)
