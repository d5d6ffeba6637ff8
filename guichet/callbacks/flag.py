"""A flag of incivility on a person, seen before their next call is offered, until it expires. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from guichet.callbacks.joining import citizen_subject, number_subject
from guichet.callbacks.request import Request
from guichet.core.errors import BadInput
from guichet.core.ids import AgentId, RequestId
from guichet.core.language import Bilingual

MOST_LETTERS = 300


class Incivility(StrEnum):
    """What somebody is flagged for."""

    INSULT = "insult"
    THREAT = "threat"
    DISCRIMINATION = "discrimination"
    OTHER = "other"


WORDS = {
    Incivility.INSULT: Bilingual("insultes", "insults"),
    Incivility.THREAT: Bilingual("menaces", "threats"),
    Incivility.DISCRIMINATION: Bilingual("propos discriminatoires", "discriminating remarks"),
    Incivility.OTHER: Bilingual("incivilité", "incivility"),
}


@dataclass(frozen=True, slots=True)
class Flag:
    """Set by an agent about a request's person: a citizen or, where they are not known, a number."""

    id: str
    subject: str
    kind: Incivility
    note: str
    request: RequestId
    agent: AgentId
    at: datetime
    expires_at: datetime
    lifted_at: datetime | None = None
    lifted_by: str = ""

    def __post_init__(self) -> None:
        if len(self.note) > MOST_LETTERS:
            raise BadInput(f"a note has at most {MOST_LETTERS} letters")

    def stands(self, now: datetime) -> bool:
        """Whether it is to be seen at a moment."""
        return self.lifted_at is None and now < self.expires_at

    def evolve(self, **changes: Any) -> "Flag":
        """Return a copy with changes."""
        return replace(self, **changes)


def flagged_as(request: Request) -> str | None:
    """Return the subject of a flag: the citizen, for a family shares its number; else the number; else nobody."""
    if request.citizen is not None:
        return citizen_subject(request.citizen)
    return number_subject(request.number) if request.number is not None else None


def subjects_of(request: Request) -> tuple[str, ...]:
    """Return whose flags are seen with a request: the citizen's, and those of the number where nobody was known."""
    known = citizen_subject(request.citizen) if request.citizen is not None else None
    number = number_subject(request.number) if request.number is not None else None
    return tuple(subject for subject in (known, number) if subject is not None)
