"""Work to be done after the transaction that caused it: small frozen messages and the port that takes them. Pure.

A job carries ids only, survives JSON and may run twice. It is put into the outbox in the same transaction as its
cause; the gateway hands it to RQ after the commit and again whenever Redis has lost it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guichet.core.ids import AgentId, AttemptId, CallSid, ContactId, MessageId, RequestId


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Send a queued text through the carrier."""

    message_id: MessageId


@dataclass(frozen=True, slots=True)
class ConfirmRequest:
    """Compose and queue the confirmation text of a request (once, whatever the number of runs)."""

    request_id: RequestId


@dataclass(frozen=True, slots=True)
class TextContact:
    """Compose and queue a text to the person of a contact, from the template of that name."""

    contact_id: ContactId
    template: str


@dataclass(frozen=True, slots=True)
class RingAgent:
    """Find an agent for a citizen on hold and ring them."""

    request_id: RequestId


@dataclass(frozen=True, slots=True)
class OfferNext:
    """Give a free agent the next in the one order of holders and callbacks, and go on while there are both."""


@dataclass(frozen=True, slots=True)
class LapseInHand:
    """Give back a request that an agent has had in hand for too long without touching it."""

    request_id: RequestId


@dataclass(frozen=True, slots=True)
class TextRequest:
    """Compose and queue a text about a request, from the template of that name."""

    request_id: RequestId
    template: str


@dataclass(frozen=True, slots=True)
class AskSatisfaction:
    """Ask the citizen of a request that is done how they were served."""

    request_id: RequestId


@dataclass(frozen=True, slots=True)
class MoveCaller:
    """Send the leg of a citizen whose conversation is passed on to hold."""

    request_id: RequestId


@dataclass(frozen=True, slots=True)
class WarnCaller:
    """Have the warning said on the citizen's leg of a call that is ended for incivility."""

    request_id: RequestId
    call: CallSid


@dataclass(frozen=True, slots=True)
class TextAgent:
    """Compose and queue a text to an agent's own telephone, from the template of that name."""

    agent_id: AgentId
    template: str


@dataclass(frozen=True, slots=True)
class ReconcileAttempt:
    """Ask the carrier what became of an attempt whose placing is in doubt."""

    attempt_id: AttemptId


@dataclass(frozen=True, slots=True)
class DeliverHook:
    """Tell another system of something that happened: one delivery of one outgoing webhook."""

    delivery_id: str


@dataclass(frozen=True, slots=True)
class TranscribeRecording:
    """Fetch a recorded message, hear it, delete it at the carrier; a long one is gone on with by another such job."""

    recording_id: str


@dataclass(frozen=True, slots=True)
class CountDays:
    """Count the days that pages of measures are made of, as far as it is due."""


Job = (
    SendMessage
    | ConfirmRequest
    | TextContact
    | TextRequest
    | TextAgent
    | MoveCaller
    | WarnCaller
    | RingAgent
    | OfferNext
    | LapseInHand
    | AskSatisfaction
    | ReconcileAttempt
    | TranscribeRecording
    | DeliverHook
    | CountDays
)


class JobQueue(Protocol):
    """Takes jobs inside the current transaction."""

    async def put(self, job: Job, *, key: str | None = None, not_before: datetime | None = None) -> None:
        """Queue a job for now, or for `not_before` (UTC).

        With a `key`, a second job of the same key is ignored; unless the first has begun before the moment asked for.
        """
        ...


class MemoryJobQueue:
    """The twin in memory: a list that tests read."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.not_before: list[datetime | None] = []
        self._keys: set[str] = set()

    async def put(self, job: Job, *, key: str | None = None, not_before: datetime | None = None) -> None:
        """Append the job unless its key was seen."""
        if key is not None:
            if key in self._keys:
                return
            self._keys.add(key)
        self.jobs.append(job)
        self.not_before.append(not_before)
