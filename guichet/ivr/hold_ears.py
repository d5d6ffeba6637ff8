"""Hears what people on hold say, for a wish alone: "rappelez-moi", "par SMS". The socket `/media/{token}/hold`.

one-way stream beside the queue → somebody speaks → do they still hold? → recogniser → a wish? → the call is sent where
                                        │ no: the socket is closed                     │      it asks back, with its key
                                        ▼                                              ▼ no: forgotten at once

Nothing that is said here is kept, in words or in sound. While nobody speaks no recogniser is at work, and before one is
opened it is looked whether the person still waits: a conversation with an agent is never listened to. Without any ears
(a stream that breaks, no recogniser) the keys still work.
"""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from guichet.callbacks.ports import BookInForce
from guichet.callbacks.request import AttemptState
from guichet.carrier.media import Media, Started, Stopped, decode
from guichet.core.errors import BadInput, GuichetError, Unavailable
from guichet.core.ids import CallSid
from guichet.ivr.call import At
from guichet.ivr.hearing import OUTBOUND
from guichet.ivr.hold import rules_of
from guichet.ivr.hold_wishes import Wish, offered, wish_in
from guichet.ivr.listening import ListeningService
from guichet.ivr.ports import Begin
from guichet.ivr.record import TurnRecord
from guichet.transcripts.interruption import Interruption
from guichet.transcripts.recogniser import Listening

ASKED_PATH = "/voice/held/asked"
"""Where a caller is sent whom we have overheard."""
_BEFORE = 50
"""Frames (of 20 ms) before a voice is noticed that belong to what it says."""
_SIGN_OF_LIFE = 10.0
"""Seconds between two frames after which a stream is given up."""
_MOST_GARBAGE = 20

log = structlog.get_logger()


class RedirectingCarrier(Protocol):
    """The carrier, as far as asking somebody back goes."""

    async def redirect_call(self, call: CallSid, path: str) -> bool:
        """Make a call in progress ask `path` what to do; False if it had ended."""
        ...


@dataclass(slots=True)
class _Line:
    """One stream under way."""

    socket: web.WebSocketResponse
    turn: TurnRecord
    garbage: int = 0
    voice: Interruption = field(default_factory=Interruption)
    before: deque[bytes] = field(default_factory=lambda: deque(maxlen=_BEFORE))
    listening: Listening | None = None
    ears: "asyncio.Task[bool] | None" = None


class HoldEars:
    """Runs the streams of people on hold."""

    def __init__(
        self,
        read: Begin,
        listening: ListeningService,
        carrier: RedirectingCarrier,
        book: BookInForce,
    ) -> None:
        self._read = read
        self._listening = listening
        self._carrier = carrier
        self._book = book

    async def run(self, socket: web.WebSocketResponse, turn: TurnRecord) -> None:
        """Listen until a wish is heard, nobody holds any more or the stream ends; then close it."""
        line = _Line(socket, turn)
        try:
            if await self._holds(turn) is not None:
                await self._follow(line)
        except (GuichetError, TimeoutError, ConnectionError, RuntimeError) as error:
            log.warning("ears on hold gave up", call=turn.call, error=type(error).__name__)
        finally:
            await _rest(line)
            with suppress(GuichetError):
                # What is announced to them later is what still works: the keys.
                await self._listening.give_back(turn)
            with suppress(ConnectionError, RuntimeError):
                await socket.close(code=WSCloseCode.OK)

    async def _follow(self, line: _Line) -> None:
        """Read frames until the end."""
        while True:
            if line.ears is not None and line.ears.done():
                if line.ears.result():
                    return
                await _rest(line)
            message = await line.socket.receive(_SIGN_OF_LIFE)
            if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                return
            if not await self._take(line, message.data if message.type is WSMsgType.TEXT else ""):
                return

    async def _take(self, line: _Line, text: str) -> bool:
        """Take a frame; False where nothing more is to come."""
        try:
            event = decode(text)
        except BadInput:
            line.garbage += 1
            return line.garbage <= _MOST_GARBAGE
        match event:
            case Started(call=call):
                return call == line.turn.call
            case Media(payload, track=track) if track != OUTBOUND:
                return await self._hear(line, payload)
            case _:
                return not isinstance(event, Stopped)

    async def _hear(self, line: _Line, payload: bytes) -> bool:
        """Take what they say; False where nobody is to be listened to any more."""
        if line.listening is not None:
            line.listening.feed(payload)
            return True
        line.before.append(payload)
        if not line.voice.feed(payload):
            return True
        if await self._holds(line.turn) is None:
            return False
        line.voice.forget()
        line.listening = await self._listening.listen(line.turn)
        if line.listening is not None:
            line.listening.feed(b"".join(line.before))
            line.ears = asyncio.create_task(self._understand(line.listening, line.turn))
        line.before.clear()
        return True

    async def _understand(self, listening: Listening, turn: TurnRecord) -> bool:
        """Hear somebody out; say whether it was a wish, and the call is asked back."""
        heard = await listening.heard()
        wish = next((wish for text in heard.readings if (wish := wish_in(text)) is not None), None)
        offers = await self._holds(turn) if wish is not None else None
        if wish is None or offers is None or wish not in offers:
            return False
        log.info("overheard a wish", call=turn.call, wish=wish.name.lower())
        try:
            return await self._carrier.redirect_call(turn.call, f"{ASKED_PATH}?n={turn.number}&wish={wish.value}")
        except Unavailable as error:
            # They hold on, and may say it again, or press its key.
            log.warning("cannot ask back", call=turn.call, reason=type(error).__name__)
            return False

    async def _holds(self, turn: TurnRecord) -> tuple[Wish, ...] | None:
        """Return what somebody may wish for; None where they do not hold (any more), or are not to be listened to."""
        async with self._read() as unit:
            record = await unit.calls.find(turn.call)
            if record is None or record.ended_at is not None or record.turn != turn.number:
                return None
            request = await unit.requests.get(record.state.request) if record.state.request else None
            attempt = await unit.attempts.live_of(request.id) if request is not None else None
        if record.state.at is not At.HOLD or request is None or not request.holds or request.state.is_talking:
            return None
        if attempt is not None and attempt.state in (AttemptState.ACCEPTED, AttemptState.BRIDGED):
            return None
        book = self._book()
        return offered(request, takes_messages=book.recordings.offer) if rules_of(book, request).voice else None


async def _rest(line: _Line) -> None:
    """Be ready for the next who speaks: give the recogniser back."""
    if line.ears is not None:
        line.ears.cancel()
        with suppress(asyncio.CancelledError, GuichetError):
            await line.ears
    if line.listening is not None:
        with suppress(GuichetError):
            await line.listening.close()
    line.ears, line.listening = None, None
