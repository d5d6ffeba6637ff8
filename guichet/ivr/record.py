"""A call and its turns as they are kept in SQL. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from guichet.core.ids import CallSid, ContactId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.ivr.call import Call
from guichet.transcripts.heard import Expectation, Heard


class StreamState(StrEnum):
    """Where the media stream of a turn stands."""

    NONE = "none"
    OPEN = "open"
    DONE = "done"


class ResultKind(StrEnum):
    """What a media stream has brought."""

    SPEECH = "speech"
    KEYS = "keys"
    SILENCE = "silence"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What a media stream has brought: `heard` is masked, `value` is what was asked for, `keys` were pressed."""

    kind: ResultKind
    heard: Heard | None = None
    value: str | None = None
    keys: str = ""


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One question and what its stream has brought; `keys` is the most it takes, `grace` seconds more than usual."""

    call: CallSid
    number: int
    contact: ContactId
    language: Language
    expects: Expectation
    keys: int
    listen: bool
    opened_at: datetime
    stream: StreamState = StreamState.NONE
    result: TurnResult | None = None
    grace: float = 0.0


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A call: its state before turn `turn`, and `answer`, the TwiML that opened that turn (empty in the first)."""

    id: CallSid
    contact: ContactId
    line: PhoneNumber
    caller: PhoneNumber | None
    started_at: datetime
    state: Call
    turn: int = 1
    answer: str = ""
    ended_at: datetime | None = None

    def evolve(self, **changes: Any) -> "CallRecord":
        """Return a copy with changes."""
        return replace(self, **changes)


def was_informed(call: CallRecord) -> bool:
    """Whether the caller of an ended call hung up on the urgent message, heard to its end, and wanted nothing else."""
    state = call.state
    if not state.urgent or state.outcome or state.intent or state.wants_agent or call.ended_at is None:
        return False
    return (call.ended_at - call.started_at).total_seconds() >= state.urgent_seconds
