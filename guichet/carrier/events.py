"""What the carrier tells us, as frozen values in our own words. Pure.

`carrier.webhooks` makes them from forms. Nothing outside `carrier` knows a field name of Twilio's.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from guichet.core.ids import CallSid, MessageSid
from guichet.core.phone import PhoneNumber

RecordingSid = NewType("RecordingSid", str)
"""The carrier's id of a recording."""


class CallState(StrEnum):
    """Where a call stands at the carrier."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return self in _FINAL_CALL


_FINAL_CALL = frozenset(
    {CallState.COMPLETED, CallState.BUSY, CallState.FAILED, CallState.NO_ANSWER, CallState.CANCELED}
)


@dataclass(frozen=True, slots=True)
class IncomingCall:
    """A citizen rings. `caller` is None when hidden or no telephone number; `line` is the number they dialled.

    `headers` are the names of the SIP headers that came with the call, in small letters.
    """

    call: CallSid
    caller: PhoneNumber | None
    line: PhoneNumber
    headers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CallTurn:
    """A webhook inside a call: the turn it answers, and the keys pressed (None where the verb gathered none).

    `parent` is the call that dialled this one, where a Dial did.
    """

    call: CallSid
    state: CallState
    keys: str | None = field(default=None, repr=False)
    parent: CallSid | None = None


@dataclass(frozen=True, slots=True)
class CallProgress:
    """A status callback of a call; may come late, twice or out of order (`sequence` counts from 0)."""

    call: CallSid
    state: CallState
    sequence: int | None
    seconds: int | None
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class QueueLeft:
    """A caller left a queue: bridged, hangup, leave, redirected, queue-full, error or system-error."""

    call: CallSid
    result: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class QueueWait:
    """The carrier asks what a waiting caller shall hear; position counts from 1."""

    call: CallSid
    position: int
    seconds: int


@dataclass(frozen=True, slots=True)
class DialEnded:
    """A Dial ended: completed, answered, busy, no-answer, failed or canceled. `child` is the call it had placed.

    `bridged` says whether the two were ever connected; None where the carrier does not say.
    """

    call: CallSid
    result: str
    seconds: int | None
    child: CallSid | None = None
    bridged: bool | None = None


@dataclass(frozen=True, slots=True)
class RecordingReady:
    """A recording's end: `completed` (it can be fetched) or `absent` (nothing was said)."""

    call: CallSid
    recording: RecordingSid
    state: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A citizen texts. `opt_out` is STOP, START or HELP when the carrier itself has recognised and answered it."""

    message: MessageSid
    sender: PhoneNumber | None
    line: PhoneNumber
    body: str = field(default="", repr=False)
    media: int = 0
    opt_out: str | None = None


class MessageState(StrEnum):
    """Where a text of ours stands at the carrier."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        """Order in which states may follow one another; final states share the highest."""
        return _MESSAGE_RANK[self]

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return self.rank == _MESSAGE_RANK[MessageState.DELIVERED]


_MESSAGE_RANK = {
    MessageState.QUEUED: 0,
    MessageState.SENDING: 1,
    MessageState.SENT: 2,
    MessageState.DELIVERED: 3,
    MessageState.UNDELIVERED: 3,
    MessageState.FAILED: 3,
}


@dataclass(frozen=True, slots=True)
class MessageProgress:
    """A delivery callback of a text of ours; may come late, twice or out of order."""

    message: MessageSid
    state: MessageState
    error: int | None = None
