"""The media socket: `/media/{token}`. The signature is checked and the token taken before the handshake is accepted.

reader:  frames → hearing (pure) → audio to the recogniser, keys to the result
ears:    waits for the recogniser's end
Whichever ends first ends the turn. The result is kept, and only then is the socket closed: the carrier then asks
for the next turn within milliseconds.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from guichet.carrier.media import LARGEST_FRAME, Media, decode
from guichet.carrier.signature import SignatureCheck
from guichet.carrier.web import target
from guichet.core.errors import BadInput, Forged, GuichetError, Unavailable
from guichet.ivr.duplex import Duplex
from guichet.ivr.hearing import Action, Hearing, Stage, hear
from guichet.ivr.hold_ears import HoldEars
from guichet.ivr.listening import ListeningService
from guichet.ivr.record import TurnRecord
from guichet.transcripts.heard import Heard
from guichet.transcripts.recogniser import Listening

MOST_GARBAGE = 20
"""Frames that are no JSON of the carrier's, after which the stream is given up."""

Run = Callable[[web.WebSocketResponse, TurnRecord], Coroutine[None, None, None]]
"""Runs a stream from its handshake to its end."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits by the wall clock, in seconds: for the stream's start, between two frames, and for a whole stream."""

    start: float = 10.0
    frame: float = 10.0
    stream: float = 90.0
    ending: float = 5.0


@dataclass(slots=True)
class _Socket:
    """A stream under way."""

    socket: web.WebSocketResponse
    hearing: Hearing
    listening: Listening | None = None
    reader: "asyncio.Task[None] | None" = None
    ears: "asyncio.Task[Heard] | None" = None
    was_cut: bool = False
    refused: bool = False
    garbage: int = 0

    def stop_reading(self) -> None:
        """End the turn, unless the caller is typing: keys win."""
        if self.reader is not None and not self.hearing.keys:
            self.reader.cancel()


def media_route(service: ListeningService, check: SignatureCheck, patience: Patience | None = None) -> web.RouteDef:
    """Return the route of media streams, for a server that ends them only with itself."""
    return MediaStreams(service, check, patience).routes()[0]


class MediaStreams:
    """Accepts streams and runs each to its end."""

    def __init__(
        self,
        service: ListeningService,
        check: SignatureCheck,
        patience: Patience | None = None,
        duplex: Duplex | None = None,
        ears: HoldEars | None = None,
    ) -> None:
        self._duplex = duplex
        self._ears = ears
        self._service = service
        self._check = check
        self._patience = patience or Patience()
        self._running: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of media streams: of a turn, of who holds, and (in that mode) of a whole dialogue."""
        runs: dict[str, Run] = {"": self._run}
        if self._ears is not None:
            runs["/hold"] = self._ears.run
        if self._duplex is not None:
            runs["/duplex"] = self._duplex.run
        return [web.get(f"/media/{{token}}{path}", partial(self._accept, run=run)) for path, run in runs.items()]

    @property
    def under_way(self) -> int:
        """How many streams are open."""
        return len(self._running)

    async def close(self) -> None:
        """End the streams that are under way; their calls go on with the next node that is asked."""
        for running in self._running:
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _accept(self, request: web.Request, run: Run) -> web.StreamResponse:
        """Answer the handshake: 403 to a bad signature or token, 400 to what is no handshake."""
        try:
            self._check.stream(target(request), request.headers)
        except Forged:
            return web.Response(status=403)
        socket = web.WebSocketResponse(timeout=1.0, autoclose=False, compress=False, max_msg_size=LARGEST_FRAME)
        if not socket.can_prepare(request).ok:
            return web.Response(status=400)
        try:
            turn = await self._service.claim(request.match_info["token"])
        except GuichetError:
            log.exception("a stream could not be claimed")
            return web.Response(status=503)
        if turn is None:
            log.warning("stream refused")
            return web.Response(status=403)
        await socket.prepare(request)
        # A task of its own: what was heard is kept even when the server drops the handler of a broken connection.
        running = asyncio.create_task(run(socket, turn))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        await asyncio.shield(running)
        return socket

    async def _run(self, socket: web.WebSocketResponse, turn: TurnRecord) -> None:
        """Run a stream: read, keep the result, close; whatever fails, the socket is closed so that the call goes on."""
        stream = _Socket(socket, Hearing(turn.call, turn.keys))
        try:
            await self._read_until_end(stream, turn)
            heard = await self._heard(stream)
            await self._service.keep(turn, heard, stream.hearing.keys, was_cut=stream.was_cut)
        except GuichetError:
            log.exception("a turn could not be kept", call=turn.call, turn=turn.number)
        finally:
            await _free(stream)
            code = WSCloseCode.POLICY_VIOLATION if stream.refused else WSCloseCode.OK
            with suppress(ConnectionError, RuntimeError):
                await socket.close(code=code)

    async def _read_until_end(self, stream: _Socket, turn: TurnRecord) -> None:
        """Read frames until the turn has its end, the recogniser has, or patience has."""
        stream.reader = asyncio.create_task(self._read(stream, turn))
        try:
            done, _ = await asyncio.wait({stream.reader}, timeout=self._patience.stream + turn.grace)
        finally:
            stream.reader.cancel()
        if not done:
            log.warning("stream too long", call=turn.call, turn=turn.number)
        elif not stream.reader.cancelled():
            stream.reader.result()

    async def _read(self, stream: _Socket, turn: TurnRecord) -> None:
        """Read frames; return when nothing more is to come, or the socket is closed, cut or without a sign of life."""
        while stream.hearing.stage is not Stage.ENDED:
            waiting = stream.hearing.stage is Stage.WAITING
            try:
                message = await stream.socket.receive(self._patience.start if waiting else self._patience.frame)
            except TimeoutError:
                stream.was_cut = True
                return
            if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                stream.was_cut = True
                return
            await self._take(stream, turn, message.data if message.type is WSMsgType.TEXT else "")

    async def _take(self, stream: _Socket, turn: TurnRecord, text: str) -> None:
        """Take one frame."""
        try:
            event = decode(text)
        except BadInput:
            stream.garbage += 1
            if stream.garbage > MOST_GARBAGE:
                stream.was_cut = True
                stream.hearing = Hearing(turn.call, turn.keys, Stage.ENDED)
            return
        stream.hearing, action = hear(stream.hearing, event)
        match action:
            case Action.LISTEN:
                await self._listen(stream, turn)
            case Action.FEED if stream.listening is not None and isinstance(event, Media):
                stream.listening.feed(event.payload)
            case Action.REFUSE:
                log.warning("stream of another call", call=turn.call, turn=turn.number)
                stream.refused = True
            case _:
                return

    async def _listen(self, stream: _Socket, turn: TurnRecord) -> None:
        """Open the recogniser, whose end ends the turn; without one there is nothing to wait for."""
        stream.listening = await self._service.listen(turn)
        if stream.listening is None:
            stream.hearing = Hearing(turn.call, turn.keys, Stage.ENDED)
            return
        stream.ears = asyncio.create_task(stream.listening.heard())
        stream.ears.add_done_callback(lambda _: stream.stop_reading())

    async def _heard(self, stream: _Socket) -> Heard | None:
        """Return what was heard, cut short where the turn was; None when there was nobody to hear."""
        if stream.listening is None or stream.ears is None:
            return None
        stream.listening.stop()
        try:
            async with asyncio.timeout(self._patience.ending):
                return await stream.ears
        except (Unavailable, TimeoutError):
            log.warning("the recogniser has failed", call=stream.hearing.call)
            return None


async def _free(stream: _Socket) -> None:
    """Give the recogniser back."""
    if stream.ears is not None:
        stream.ears.cancel()
        with suppress(asyncio.CancelledError, GuichetError):
            await stream.ears
    if stream.listening is not None:
        with suppress(GuichetError):
            await stream.listening.close()
