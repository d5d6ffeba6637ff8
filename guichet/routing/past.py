"""A past contact as a replay sees it: the grounds of its last decision, and what was decided. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.decision import Facts, Grounds, Outcome, Settled
from guichet.routing.hold_rules import Load


@dataclass(frozen=True, slots=True)
class Past:
    """A contact that was decided. `heard` is masked; `left_after` is how long somebody held who then gave up.

    `version` is that of the rule book that decided; empty where it is not known.
    """

    id: str
    grounds: Grounds
    decided: Settled
    heard: str = ""
    left_after: timedelta | None = None
    is_sample: bool = False
    version: str = ""

    @property
    def at(self) -> datetime:
        """When it was decided."""
        return self.grounds.facts.now


class _Decision(msgspec.Struct, gc=False):
    """The decision in a file (`decision_file.of_decision`), as far as it is needed; files of old have less."""

    outcome: Outcome
    queue: str
    rule: str
    version: str = ""
    priority: int = 0
    target_at: datetime | None = None


class _Grounds(msgspec.Struct, gc=False):
    """The grounds in a file (`decision_file.of_grounds`)."""

    now: datetime
    language: Language
    intent: str | None
    certainty: str
    wants_agent: bool
    caller_known: bool
    free: frozenset[str]
    closed: tuple[tuple[datetime, datetime], ...]
    for_checked: bool = False
    is_checked: bool = False
    loads: dict[str, Load] = {}


class _File(msgspec.Struct, gc=False):
    """A decision file, as far as it is needed."""

    decision: _Decision | None = None
    grounds: _Grounds | None = None
    heard: str | None = None
    sample: bool = False


_decode = msgspec.json.Decoder(_File).decode


def past_of(
    contact: str, line: PhoneNumber, channel: str, file: str | bytes, abandoned_at: datetime | None
) -> Past | None:
    """Read a contact's decision file (JSON); None when nothing was decided, or its grounds were not kept.

    `abandoned_at` is when a person hung up who had not been served.
    """
    kept = _decode(file)
    decision, grounds = kept.decision, kept.grounds
    if decision is None or grounds is None:
        return None
    facts = Facts(
        line=line,
        channel=channel,
        language=grounds.language,
        now=grounds.now,
        intent=grounds.intent,
        certainty=grounds.certainty,
        wants_agent=grounds.wants_agent,
        caller_known=grounds.caller_known,
        for_checked=grounds.for_checked,
        is_checked=grounds.is_checked,
    )
    return Past(
        id=contact,
        grounds=Grounds(facts, grounds.free, grounds.closed, grounds.loads),
        decided=Settled(decision.outcome, decision.queue, decision.rule, decision.priority, decision.target_at),
        heard=kept.heard or "",
        left_after=abandoned_at - grounds.now if abandoned_at else None,
        is_sample=kept.sample,
        version=decision.version,
    )
