"""What is known of a contact when it is decided, and what the rules made of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.routing.hold_rules import Load


class Outcome(StrEnum):
    """What happens to a contact."""

    ANSWER = "answer"
    AGENT = "agent"
    CALLBACK = "callback"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may look at. `channel` is voice or sms; `agents_free` counts those with the queue's skills.

    `for_checked` tells that the intent book keeps what answers this matter for people whose identity is checked, and
    `is_checked` that it has been, by a birth date or a file number: a known number and a name prove nothing.
    """

    line: PhoneNumber
    channel: str
    language: Language
    now: datetime
    intent: str | None
    certainty: str
    wants_agent: bool = False
    agents_free: bool = False
    caller_known: bool = False
    for_checked: bool = False
    is_checked: bool = False

    @property
    def may_be_told(self) -> bool:
        """Whether what answers the matter may be told: by text to nobody, since whoever has the phone reads it."""
        return not self.for_checked or (self.is_checked and self.channel != "sms")


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome, the queue that serves it, the rule and book version that said so, why, and what to tell.

    `kept_back` tells that there is an answer, for somebody whose identity is checked.
    """

    outcome: Outcome
    queue: str
    rule: str
    version: str
    because: tuple[Bilingual, ...] = ()
    answer: Bilingual | None = None
    target_minutes: int = 240
    priority: int = 0
    kept_back: bool = False
    opens_at: datetime | None = None
    """When the counter opens next, in UTC, if it is closed now."""
    target_at: datetime | None = None
    """When `target_minutes` of open time will have passed, in UTC: what may be promised."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision without its words: what a replay compares and simulates."""

    outcome: Outcome
    queue: str
    rule: str
    priority: int
    target_at: datetime | None


@dataclass(frozen=True, slots=True)
class Grounds:
    """All that a decision was made on, so that it can be made again by another book.

    `free` are the skills of agents who were free, in the person's language; `closed` are the emergency closures in
    force (local time, from and to); `loads` tell how the queues stood in which somebody might have held.
    """

    facts: Facts
    free: frozenset[str] = frozenset()
    closed: tuple[tuple[datetime, datetime], ...] = ()
    loads: Mapping[str, Load] = field(default_factory=dict)
