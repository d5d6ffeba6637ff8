"""A past contact as a replay sees it: the grounds of its last decision, and what was decided. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from guichet.core.phone import PhoneNumber
from guichet.routing.decision import Grounds, Outcome
from guichet.routing.decision_file import grounds_of


@dataclass(frozen=True, slots=True)
class Decided:
    """What a replay compares and simulates of a decision."""

    outcome: Outcome
    queue: str
    rule: str
    priority: int
    target_at: datetime | None


@dataclass(frozen=True, slots=True)
class Past:
    """A contact that was decided. `heard` is masked; `left_after` is how long somebody held who then gave up."""

    id: str
    grounds: Grounds
    decided: Decided
    heard: str = ""
    left_after: timedelta | None = None
    is_sample: bool = False

    @property
    def at(self) -> datetime:
        """When it was decided."""
        return self.grounds.facts.now


def past_of(
    contact: str, line: PhoneNumber, channel: str, file: Mapping[str, Any], abandoned_at: datetime | None
) -> Past | None:
    """Read a contact's decision file; None when nothing was decided, or its grounds were not kept.

    `abandoned_at` is when a person hung up who had not been served.
    """
    decision, grounds = file.get("decision"), file.get("grounds")
    if not decision or not grounds:
        return None
    target = decision["target_at"]
    known = grounds_of(grounds, line, channel)
    return Past(
        id=contact,
        grounds=known,
        decided=Decided(
            outcome=Outcome(decision["outcome"]),
            queue=decision["queue"],
            rule=decision["rule"],
            priority=decision["priority"],
            target_at=datetime.fromisoformat(target) if target else None,
        ),
        heard=str(file.get("heard") or ""),
        left_after=abandoned_at - known.facts.now if abandoned_at else None,
        is_sample=bool(file.get("sample")),
    )
