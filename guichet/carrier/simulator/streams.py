"""The verbs of media streams: <Connect><Stream>, <Start><Stream>, <Stop>."""

import asyncio
import contextlib
import itertools
from random import Random

from guichet.carrier.simulator.calls import new_sid
from guichet.carrier.simulator.frames import Frames
from guichet.carrier.simulator.leg import Leg
from guichet.carrier.simulator.listener import Listener
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.media_socket import MediaSocket, StreamRefused
from guichet.carrier.simulator.outcome import Outcome, Runner
from guichet.carrier.simulator.steps import StopStream, Stream
from guichet.carrier.simulator.talker import Ears, Talker
from guichet.carrier.simulator.webhooks import Webhooks

_TRACKS = {
    "inbound_track": ("inbound",),
    "outbound_track": ("outbound",),
    "both_tracks": ("inbound", "outbound"),
}


class Streams:
    """Opens media sockets for a leg; `patience` is how many seconds the person stays in one that never ends.

    `reading` is how many real seconds the gateway has to read what it was sent.
    """

    def __init__(
        self, runner: Runner, webhooks: Webhooks, seed: int, patience: float, reading: float, ears: Ears | None = None
    ) -> None:
        self._ears = ears
        self._runner = runner
        self._webhooks = webhooks
        self._patience = patience
        self._reading = reading
        self._seeds = itertools.count(seed)

    async def stream(self, leg: Leg, step: Stream, url: str) -> Outcome:
        """Run a stream: to its end when two-way, in the background when one-way."""
        opened = await self._open(leg, step, url)
        if opened is None:
            return self._runner.follow(step.action, url, {}) if step.action else None
        socket, frames = opened
        if not step.two_way:
            leg.taps[step.name or frames.stream] = Listener(socket, frames)
            return None
        await self._converse(leg, step, socket, frames)
        self._report(leg, step, url, frames.stream, "stream-stopped")
        return self._runner.follow(step.action, url, {}) if step.action else None

    async def stop(self, leg: Leg, step: StopStream, url: str) -> Outcome:  # noqa: ARG002 -- a verb runner
        """Close a one-way stream, or all of them."""
        names = [step.name] if step.name else list(leg.taps)
        for name in names:
            tap = leg.taps.pop(name, None)
            if tap is None:
                leg.note(Kind.COMPLAINT, f"<Stop> names a stream {name!r} that does not run")
            else:
                await tap.close()
        return None

    async def _open(self, leg: Leg, step: Stream, url: str) -> tuple[MediaSocket, Frames] | None:
        """Connect and greet; None (and an error in the log) when the gateway refuses."""
        sid = new_sid("MZ")
        path = self._webhooks.address.path(step.url)
        try:
            socket = await MediaSocket.open(step.url, self._webhooks.address, self._webhooks.signer)
        except StreamRefused as refused:
            leg.note(Kind.ERROR, str(refused), path=path)
            self._report(leg, step, url, sid, "stream-error")
            return None
        leg.note(Kind.STREAM, "opened", path=path, stream=sid)
        self._report(leg, step, url, sid, "stream-started")
        frames = Frames(sid, leg.record.sid, leg.record.account, Random(next(self._seeds)))  # noqa: S311 -- jitter
        await socket.send(frames.connected())
        await socket.send(frames.start(_TRACKS[step.track], step.parameters))
        return socket, frames

    async def _converse(self, leg: Leg, step: Stream, socket: MediaSocket, frames: Frames) -> None:
        """Speak and listen until the gateway closes; a hang-up sends `stop`, a cut sends nothing."""
        talker = Talker(leg, socket, frames, patience=self._patience, reading=self._reading, ears=self._ears)
        socket.listen(talker.take)
        trouble = self._webhooks.mischief.stream(self._webhooks.address.path(step.url))
        try:
            await talker.run(cut_after=trouble.after if trouble is not None else None)
        finally:
            how = "cut" if talker.was_cut else "closed" if socket.closed.is_set() else "hung up"
            leg.record.heard += talker.playback.heard
            if talker.playback.heard:
                leg.note(Kind.HEARD, "audio", seconds=f"{len(talker.playback.heard) / 8000:.2f}")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await socket.send(frames.stop())
                    await socket.close()
            leg.note(Kind.STREAM, how, stream=frames.stream, seconds=f"{talker.seconds:.2f}")

    def _report(self, leg: Leg, step: Stream, url: str, sid: str, event: str) -> None:
        if step.status is not None:
            form = {"StreamSid": sid, "StreamName": step.name or sid, "StreamEvent": event}
            self._runner.tell(leg, step.status, url, form)
