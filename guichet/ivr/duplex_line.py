"""The caller's line in a dialogue over one stream: what they say, press and hear at the same time.

reader:  frames → clock, marks, keys, interruption (the prompt falls silent), audio to the recogniser
ask:     plays a question and waits for words, keys, silence, or the end of the line

A prompt that was interrupted goes on when what was heard says nothing ("euh", a cough); words end it. Time is counted
in the caller's audio, as in `hearing`.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from guichet.carrier.media import (
    Key,
    Marked,
    Media,
    Started,
    Stopped,
    StreamEvent,
    decode,
    encode_clear,
    encode_mark,
    encode_media,
)
from guichet.core.errors import BadInput, GuichetError, Unavailable
from guichet.core.ids import CallSid
from guichet.ivr.fillers import says_nothing
from guichet.ivr.hearing import BYTES_PER_MS, OUTBOUND, Action, Hearing, Stage, hear
from guichet.ivr.listening import ListeningService
from guichet.ivr.playback import Clear, Mark, Order, Piece, Playback, Sound
from guichet.ivr.record import TurnRecord
from guichet.ivr.turns import KEYS_ALONE_SECONDS
from guichet.transcripts.heard import Heard
from guichet.transcripts.interruption import Interruption
from guichet.transcripts.recogniser import Listening

MOST_GARBAGE = 20
"""Frames that are no JSON of the carrier's, after which the stream is given up."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits by the wall clock, in seconds: for the stream's start, between two frames, for the recogniser's end."""

    start: float = 10.0
    frame: float = 10.0
    ending: float = 5.0


class DuplexLine:
    """One stream. Use it as a context: the reader runs meanwhile."""

    def __init__(
        self, socket: web.WebSocketResponse, call: CallSid, service: ListeningService, patience: Patience
    ) -> None:
        self._socket = socket
        self._call = call
        self._service = service
        self._patience = patience
        self._stream = ""
        self._now_ms = 0.0
        self._garbage = 0
        self._playback = Playback()
        self._interruption = Interruption()
        self._hearing = Hearing(call, 0)
        self._listening: Listening | None = None
        self._changed = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None
        self.is_over = False
        """Whether the caller has gone or the stream is broken."""
        self.is_refused = False

    async def __aenter__(self) -> Self:
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader

    async def close(self, code: WSCloseCode) -> None:
        """Close the socket: the carrier goes on with the call's TwiML."""
        with suppress(ConnectionError, RuntimeError):
            await self._socket.close(code=code)

    async def has_started(self) -> bool:
        """Wait until the stream has begun; False where it never does, or is another call's."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience.start):
                await self._until(lambda: bool(self._stream))
        return bool(self._stream) and not self.is_over

    async def tell(self, pieces: Sequence[Piece]) -> None:
        """Say something to its end."""
        self._hearing = Hearing(self._call, 0, Stage.ENDED)
        await self._send(self._playback.begin([Piece(piece.audio, whole=True) for piece in pieces], self._now_ms))
        await self._until(lambda: self._playback.is_over)

    async def ask(self, turn: TurnRecord, pieces: Sequence[Piece]) -> tuple[Heard | None, str]:
        """Ask a question; return what was heard (None: nobody could hear) and the keys pressed."""
        self._hearing = Hearing(self._call, turn.keys, Stage.LISTENING)
        self._interruption.forget()
        await self._send(self._playback.begin(pieces, self._now_ms))
        heard = await (self._hear(turn) if turn.listen else self._wait_for_keys())
        if not self.is_over:
            # Who answers in the middle of a notice hears it to its end all the same.
            await self._until(lambda: bool(self._hearing.keys) or not self._playback.has_notice)
            await self._send(self._playback.stop())
        return heard, self._hearing.keys

    async def _hear(self, turn: TurnRecord) -> Heard | None:
        """Listen, again and again while what is heard says nothing and the question is not over."""
        while True:
            self._listening = await self._service.listen(turn, self._playback.left_ms / 1000)
            if self._listening is None:
                return None
            heard = await self._outcome(self._listening)
            if heard is None or self.is_over or self._hearing.keys:
                return heard
            if self._playback.is_over or not says_nothing(heard):
                return heard
            self._interruption.forget()
            await self._send(self._playback.resume(self._now_ms))

    async def _outcome(self, listening: Listening) -> Heard | None:
        """Wait for the end of a listening; keys win over words, and the end of the line over both."""
        ears = asyncio.create_task(listening.heard())
        ears.add_done_callback(lambda _: self._changed.set())
        try:
            await self._until(lambda: self._is_keyed or (ears.done() and self._hearing.stage is not Stage.KEYING))
            listening.stop()
            async with asyncio.timeout(self._patience.ending):
                return await ears
        except (Unavailable, TimeoutError):
            log.warning("the recogniser has failed", call=self._call)
            return None
        finally:
            self._listening = None
            ears.cancel()
            with suppress(asyncio.CancelledError, GuichetError):
                await ears
            with suppress(GuichetError):
                await listening.close()

    async def _wait_for_keys(self) -> None:
        """Wait for keys alone, for a while after the question."""
        await self._until(lambda: self._is_keyed or self._playback.is_over)
        late = self._now_ms + KEYS_ALONE_SECONDS * 1000
        await self._until(lambda: self._is_keyed or (self._now_ms >= late and not self._hearing.keys))

    @property
    def _is_keyed(self) -> bool:
        return self._hearing.stage is Stage.ENDED and bool(self._hearing.keys)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so, or the line is over."""
        while not self.is_over and not is_so():
            self._changed.clear()
            await self._changed.wait()

    async def _read(self) -> None:
        """Read frames until the line is over."""
        try:
            while not self.is_over:
                message = await self._socket.receive(self._patience.frame)
                if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    return
                await self._take(message.data if message.type is WSMsgType.TEXT else "")
                self._changed.set()
        except (TimeoutError, ConnectionError, RuntimeError):
            log.warning("a stream broke", call=self._call)
        finally:
            self.is_over = True
            self._changed.set()

    async def _take(self, text: str) -> None:
        """Take a frame."""
        try:
            event = decode(text)
        except BadInput:
            self._garbage += 1
            self.is_over = self._garbage > MOST_GARBAGE
            return
        match event:
            case Started():
                self._start(event)
            case Marked(name):
                self._playback.marked(name, self._now_ms)
            case Media(payload, track=track) if track != OUTBOUND:
                self._now_ms += len(payload) / BYTES_PER_MS
                await self._follow(payload)
            case Stopped():
                self.is_over = True
            case _:
                pass
        if not isinstance(event, Started):
            await self._react(event)

    def _start(self, started: Started) -> None:
        """Begin, for the call that the token was given to."""
        if self._stream:
            return
        if started.call != self._call:
            log.warning("stream of another call", call=self._call)
            self.is_over = self.is_refused = True
            return
        self._stream = started.stream

    async def _follow(self, payload: bytes) -> None:
        """Fall silent for who begins to speak."""
        self._playback.pass_time(self._now_ms)
        if self._playback.is_playing and self._interruption.feed(payload):
            await self._send(self._playback.pause(self._now_ms))

    async def _react(self, event: StreamEvent) -> None:
        """Feed the recogniser, take keys."""
        self._hearing, action = hear(self._hearing, event)
        if action is Action.FEED and self._listening is not None and isinstance(event, Media):
            self._listening.feed(event.payload)
        if isinstance(event, Key) and self._hearing.keys:
            await self._send(self._playback.stop())

    async def _send(self, orders: Sequence[Order]) -> None:
        """Send orders to the carrier; a line that has gone takes none."""
        try:
            for order in orders:
                await self._socket.send_str(self._written(order))
        except (ConnectionError, RuntimeError):
            self.is_over = True
            self._changed.set()

    def _written(self, order: Order) -> str:
        match order:
            case Sound(audio):
                return encode_media(self._stream, audio)
            case Mark(name):
                return encode_mark(self._stream, name)
            case Clear():
                return encode_clear(self._stream)
