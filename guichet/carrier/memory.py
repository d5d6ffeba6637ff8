"""The twin of the carrier in memory: remembers what was asked, and fails as tests tell it to.

`fail` says how the next requests fail; one that fails with `processed=True` is done all the same, as when the answer is
lost on the way.
"""

from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import datetime

from guichet.carrier.client import PlacedCall, SentText, checked_body, checked_ringing, checked_since
from guichet.carrier.events import CallState, MessageState, RecordingSid
from guichet.core.clock import Clock, SystemClock
from guichet.core.errors import GuichetError, InDoubt, NotFound, Unavailable
from guichet.core.ids import CallSid, MessageSid
from guichet.core.phone import PhoneNumber
from guichet.core.telephone import Telephone


@dataclass(frozen=True, slots=True)
class AskedText:
    """A text we asked for."""

    message: MessageSid
    to: PhoneNumber
    line: PhoneNumber
    body: str = field(repr=False)
    status_path: str


@dataclass(frozen=True, slots=True)
class AskedCall:
    """A call we asked for."""

    call: CallSid
    to: Telephone
    line: PhoneNumber
    answer_path: str
    status_path: str
    timeout: int


@dataclass(frozen=True, slots=True)
class AskedEnd:
    """A call we asked to end."""

    call: CallSid


@dataclass(frozen=True, slots=True)
class AskedRedirect:
    """A call we asked to go on elsewhere."""

    call: CallSid
    path: str


Asked = AskedText | AskedCall | AskedEnd | AskedRedirect


class MemoryCarrier:
    """Does what it is asked at once: texts stay queued and calls ring until `put_call` says otherwise."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.asked: list[Asked] = []
        self.recordings: dict[RecordingSid, bytes] = {}
        self.closed = False
        self._clock = clock or SystemClock()
        self._calls: dict[CallSid, PlacedCall] = {}
        self._texts: dict[MessageSid, SentText] = {}
        self._failures: deque[tuple[GuichetError, bool]] = deque()

    @property
    def texts(self) -> list[AskedText]:
        """The texts that were asked for, oldest first."""
        return [asked for asked in self.asked if isinstance(asked, AskedText)]

    @property
    def calls(self) -> list[AskedCall]:
        """The calls that were asked for, oldest first."""
        return [asked for asked in self.asked if isinstance(asked, AskedCall)]

    def fail(self, *errors: GuichetError, processed: bool = False) -> None:
        """Make the next requests fail, one error each; with `processed`, what they ask for is done nevertheless."""
        self._failures.extend((error, processed) for error in errors)

    def put_call(self, call: CallSid, state: CallState, seconds: int | None = None) -> None:
        """Say where a placed call stands now."""
        self._calls[call] = replace(self._calls[call], state=state, seconds=seconds)

    def put_text(self, message: MessageSid, state: MessageState, error: int | None = None) -> None:
        """Say where a sent text stands now."""
        self._texts[message] = replace(self._texts[message], state=state, error=error)

    def add_call(self, call: PlacedCall) -> None:
        """Add a call that was placed or came in without us (a citizen's, which can be ended and redirected)."""
        self._calls[call.call] = call

    async def send_text(self, *, to: PhoneNumber, line: PhoneNumber, body: str, status_path: str) -> MessageSid:
        """Remember a text."""
        checked_body(body)
        lost = self._begin()
        message = MessageSid(f"SM{len(self._texts) + 1:032x}")
        self._texts[message] = SentText(message, to, line, body, MessageState.QUEUED, self._now())
        self.asked.append(AskedText(message, to, line, body, status_path))
        self._end(lost)
        return message

    async def place_call(
        self,
        *,
        to: Telephone,
        line: PhoneNumber,
        answer_path: str,
        status_path: str,
        timeout: int = 25,  # noqa: ASYNC109 - seconds of ringing, not of waiting
    ) -> CallSid:
        """Remember a call."""
        checked_ringing(timeout)
        lost = self._begin()
        call = CallSid(f"CA{len(self._calls) + 1:032x}")
        self._calls[call] = PlacedCall(call, to, line, CallState.RINGING, self._now())
        self.asked.append(AskedCall(call, to, line, answer_path, status_path, timeout))
        self._end(lost)
        return call

    async def end_call(self, call: CallSid) -> bool:
        """End a call that was placed or added."""
        lost = self._begin()
        self.asked.append(AskedEnd(call))
        alive = self._is_alive(call)
        if alive:
            self.put_call(call, CallState.COMPLETED, 0)
        if isinstance(lost, InDoubt):
            raise Unavailable(str(lost))
        self._end(lost)
        return alive

    async def redirect_call(self, call: CallSid, path: str) -> bool:
        """Remember where a call was sent."""
        lost = self._begin()
        self.asked.append(AskedRedirect(call, path))
        self._end(lost)
        return self._is_alive(call)

    async def calls_to(self, number: Telephone, since: datetime) -> tuple[PlacedCall, ...]:
        """List the calls placed to a number, newest first."""
        since = checked_since(since)
        self._end(self._begin())
        return tuple(c for c in reversed(self._calls.values()) if c.to == number and c.created_at >= since)

    async def call_of(self, call: CallSid) -> PlacedCall | None:
        """Fetch one call."""
        self._end(self._begin())
        return self._calls.get(call)

    async def texts_to(self, number: PhoneNumber, since: datetime) -> tuple[SentText, ...]:
        """List the texts sent to a number, newest first."""
        since = checked_since(since)
        self._end(self._begin())
        return tuple(t for t in reversed(self._texts.values()) if t.to == number and t.created_at >= since)

    async def recording(self, recording: RecordingSid) -> AsyncGenerator[bytes, None]:
        """Give a recording in two pieces."""
        self._end(self._begin())
        audio = self.recordings.get(recording)
        if audio is None:
            raise NotFound("there is no such recording at the carrier, or not yet")
        half = len(audio) // 2
        for piece in (audio[:half], audio[half:]):
            if piece:
                yield piece

    async def delete_recording(self, recording: RecordingSid) -> bool:
        """Forget a recording."""
        self._end(self._begin())
        return self.recordings.pop(recording, None) is not None

    async def check(self) -> None:
        """Be there, unless told to fail."""
        self._end(self._begin())

    async def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def _begin(self) -> GuichetError | None:
        """Raise the next failure now, or return it for the end of a request that is processed all the same."""
        if not self._failures:
            return None
        error, processed = self._failures.popleft()
        if not processed:
            raise error
        return error

    @staticmethod
    def _end(lost: GuichetError | None) -> None:
        """Raise the failure of a request that was processed."""
        if lost is not None:
            raise lost

    def _is_alive(self, call: CallSid) -> bool:
        placed = self._calls.get(call)
        return placed is not None and not placed.state.is_final

    def _now(self) -> datetime:
        """Return the present to the second, as the carrier keeps it."""
        return self._clock.now().replace(microsecond=0)
