"""The port to the carrier's REST service: what we can ask it to do. Pure.

Every method raises Unavailable when the carrier never processed the request (ask again later), and Refused for good.
A request that may have been processed without our knowing is InDoubt: find out with `calls_to` or `texts_to` before
asking again. Asking twice to end a call or to delete a recording is harmless: those are never in doubt.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from guichet.carrier.events import CallState, MessageState, RecordingSid
from guichet.core.errors import BadInput
from guichet.core.ids import CallSid, MessageSid
from guichet.core.phone import PhoneNumber
from guichet.core.telephone import Telephone

LONGEST_TEXT = 1600
"""Characters in a text (https://www.twilio.com/docs/api/errors/21617)."""

LONGEST_RINGING = 600
"""Seconds that a call may ring."""


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call we had asked for, as the carrier has it; `seconds` (since it was answered) once it has ended."""

    call: CallSid
    to: Telephone
    line: PhoneNumber | None
    state: CallState
    created_at: datetime
    seconds: int | None = None
    ended_at: datetime | None = None

    @property
    def lasted(self) -> timedelta | None:
        """How long ago it had been asked for when it ended, ringing included; None: not over, or not known."""
        return self.ended_at - self.created_at if self.ended_at is not None else None


@dataclass(frozen=True, slots=True)
class SentText:
    """A text we had asked for, as the carrier's list has it."""

    message: MessageSid
    to: PhoneNumber
    line: PhoneNumber | None
    body: str = field(repr=False)
    state: MessageState
    created_at: datetime
    error: int | None = None


class Carrier(Protocol):
    """Asks the carrier for things. Paths are ours, with their query; the carrier comes back to them."""

    async def send_text(self, *, to: PhoneNumber, line: PhoneNumber, body: str, status_path: str) -> MessageSid:
        """Send a text of 1 to 1600 characters (else BadInput). OptedOut: never write to them again."""
        ...

    async def place_call(
        self,
        *,
        to: Telephone,
        line: PhoneNumber,
        answer_path: str,
        status_path: str,
        timeout: int = 25,  # noqa: ASYNC109 - seconds of ringing, not of waiting
    ) -> CallSid:
        """Call somebody; `answer_path` is asked what to do when they answer. `timeout` is seconds of ringing."""
        ...

    async def end_call(self, call: CallSid) -> bool:
        """End a call, ringing or in progress; False if it had ended already."""
        ...

    async def redirect_call(self, call: CallSid, path: str) -> bool:
        """Make a call in progress ask `path` what to do; False if it had ended already."""
        ...

    async def calls_to(self, number: Telephone, since: datetime) -> tuple[PlacedCall, ...]:
        """List the calls we placed to a number, made at `since` (to the second, the carrier's clock) or later."""
        ...

    async def call_of(self, call: CallSid) -> PlacedCall | None:
        """Fetch one call to a number, whoever asked for it; a leg that our verbs have dialled is in no list of ours."""
        ...

    async def texts_to(self, number: PhoneNumber, since: datetime) -> tuple[SentText, ...]:
        """List the texts we sent to a number, made at `since` (to the second, the carrier's clock) or later."""
        ...

    def recording(self, recording: RecordingSid) -> AsyncGenerator[bytes, None]:
        """Stream the WAV file of a recording, in pieces of any length. NotFound: not there, or not there yet."""
        ...

    async def delete_recording(self, recording: RecordingSid) -> bool:
        """Delete a recording at the carrier; False if there was none."""
        ...

    async def check(self) -> None:
        """Ask for our account; the error says what is wrong and how to mend it."""
        ...

    async def close(self) -> None:
        """Close connections; nothing can be asked afterwards."""
        ...


def checked_body(body: str) -> str:
    """Return the body of a text we may send, or raise BadInput."""
    if not body.strip() or len(body) > LONGEST_TEXT:
        raise BadInput(f"a text has 1 to {LONGEST_TEXT} characters")
    return body


def checked_ringing(timeout: int) -> int:
    """Return the seconds a call may ring, or raise BadInput."""
    if not 1 <= timeout <= LONGEST_RINGING:
        raise BadInput(f"a call rings for 1 to {LONGEST_RINGING} seconds")
    return timeout


def checked_since(since: datetime) -> datetime:
    """Return the moment to the second, as the carrier keeps it; BadInput for a naive one."""
    if since.tzinfo is None:
        raise BadInput("a moment is an aware datetime")
    return since.replace(microsecond=0)
