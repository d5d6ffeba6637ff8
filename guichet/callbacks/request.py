"""A request: the one open demand of a citizen for a matter, whatever the channel and however often they ask. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from guichet.core.ids import AgentId, AttemptId, CallSid, CitizenId, ContactId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber


class RequestKind(StrEnum):
    """How the citizen waits: on the line, for a call, or for a text."""

    HOLD = "hold"
    CALLBACK = "callback"
    TEXT = "text"


class RequestState(StrEnum):
    """Where a request stands (the picture and the transitions are in `callbacks.lifecycle`)."""

    WAITING = "waiting"
    OFFERED = "offered"
    DIALING_AGENT = "dialing_agent"
    DIALING_CITIZEN = "dialing_citizen"
    TALKING = "talking"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"

    @property
    def is_open(self) -> bool:
        """Whether somebody is still waiting for us."""
        return self not in _ENDED

    @property
    def is_talking(self) -> bool:
        """Whether an agent and the citizen talk."""
        return self is RequestState.TALKING


_OUT = frozenset({RequestState.OFFERED, RequestState.DIALING_AGENT, RequestState.DIALING_CITIZEN})
_ENDED = frozenset({RequestState.DONE, RequestState.CANCELLED, RequestState.EXPIRED, RequestState.EXHAUSTED})


@dataclass(frozen=True, slots=True)
class Demand:
    """What a contact asks for: enough to open a request, or to join the one that is open."""

    contact: ContactId
    channel: str
    kind: RequestKind
    citizen: CitizenId | None
    number: PhoneNumber | None
    line: PhoneNumber
    language: Language
    intent: str
    queue: str
    target_at: datetime
    priority: int = 0
    call: CallSid | None = None
    relayed: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """The one open demand.

    `call` is the citizen's call while they hold, since `held_since`; they are in the carrier's queue since
    `entered_at` (None: something is still being said to them). `connected_at` is when an agent last took them.
    `reminders` counts later contacts about it. A callback is not made before `not_before` (None: as soon as possible);
    at `warned_at` a text told that it is near. `put_off_until` is `not_before` where the opening hours alone say so:
    other hours make it obsolete, unlike a time that the citizen has chosen. They were promised a call between `slot_at`
    and `slot_until`. An agent who has passed it on is `passed_by`, with `passed_note`, to the agent who is `wanted`.
    At `asked_at` an agent has asked its citizen something by text, whose answer is awaited until `not_before`.
    `overtook` is how many who had come before were passed when an agent took it last; `ask_for` is somebody else to ask
    for on the telephone; `relayed` says that they telephone by a text relay service.
    """

    id: RequestId
    reference: str
    kind: RequestKind
    state: RequestState
    citizen: CitizenId | None
    number: PhoneNumber | None
    line: PhoneNumber
    language: Language
    intent: str
    queue: str
    priority: int
    opened_at: datetime
    target_at: datetime
    changed_at: datetime
    contact: ContactId
    call: CallSid | None = None
    agent: AgentId | None = None
    reminders: int = 0
    held_since: datetime | None = None
    connected_at: datetime | None = None
    not_before: datetime | None = None
    callback_number: PhoneNumber | None = None
    warned_at: datetime | None = None
    put_off_until: datetime | None = None
    entered_at: datetime | None = None
    slot_at: datetime | None = None
    slot_until: datetime | None = None
    wanted: AgentId | None = None
    passed_by: AgentId | None = None
    passed_note: str = ""
    overtook: int = 0
    ask_for: str | None = None
    asked_at: datetime | None = None
    relayed: bool = False

    @property
    def calls_at(self) -> PhoneNumber | None:
        """The number to call them back at: the one they chose for it, else theirs."""
        return self.callback_number or self.number

    @property
    def is_out(self) -> bool:
        """Whether an agent is being rung for it, or the citizen: both are soon connected."""
        return self.state in _OUT

    @property
    def holds(self) -> bool:
        """Whether the citizen waits on the line."""
        return self.kind is RequestKind.HOLD and self.state.is_open

    def evolve(self, **changes: Any) -> "Request":
        """Return a copy with changes."""
        return replace(self, **changes)


class AttemptState(StrEnum):
    """Where one try to reach an agent (and then the citizen) stands."""

    PREPARED = "prepared"
    RINGING = "ringing"
    ACCEPTED = "accepted"
    BRIDGED = "bridged"
    ENDED = "ended"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return self in (AttemptState.ENDED, AttemptState.FAILED)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try; committed before the carrier is asked.

    `call` is the agent's leg and `citizen_call` the citizen's (of a callback), once the carrier has named them. They
    talked from `bridged_at` to `ended_at`; the agent had written it up at `wrapped_up_at`.
    """

    id: AttemptId
    request: RequestId
    agent: AgentId
    state: AttemptState
    started_at: datetime
    call: CallSid | None = None
    ended_at: datetime | None = None
    result: str = ""
    citizen_call: CallSid | None = None
    bridged_at: datetime | None = None
    wrapped_up_at: datetime | None = None

    def evolve(self, **changes: Any) -> "Attempt":
        """Return a copy with changes."""
        return replace(self, **changes)
