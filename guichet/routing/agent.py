"""Agents and their presence. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber

WRITES = "sms"
"""The skill of agents to whom texts are given in their turn, besides those of the queues that they serve."""


class Presence(StrEnum):
    """Whether an agent can take somebody."""

    AVAILABLE = "available"
    RINGING = "ringing"
    BUSY = "busy"
    WRAP_UP = "wrap_up"
    PAUSE = "pause"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who serves citizens: their phone, skills (queue names), languages, presence and since when."""

    id: AgentId
    name: str
    phone: PhoneNumber
    skills: frozenset[str]
    languages: frozenset[Language]
    presence: Presence
    since: datetime
    missed: int = 0
