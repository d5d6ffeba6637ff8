"""One turn of listening in the recogniser process, seen from the gateway: audio there, the outcome back, the lag."""

import asyncio
from collections.abc import Callable

from guichet.core.errors import Unavailable
from guichet.transcripts.engine_wire import Audio, Question, Stop
from guichet.transcripts.heard import Heard
from guichet.transcripts.punctual import Punctuality

ANSWER_SECONDS = 10.0
"""How long after `stop` an answer must have come."""

Monotonic = Callable[[], float]
"""Tells seconds that never go back."""


class VoskListening:
    """One turn in the recogniser process."""

    def __init__(
        self, number: int, send: Callable[[Question], None], leave: Callable[[int], None], now: Monotonic
    ) -> None:
        self._number = number
        self._send = send
        self._leave = leave
        self._now = now
        self._punctuality = Punctuality()
        self._outcome: asyncio.Future[Heard] = asyncio.get_running_loop().create_future()
        self._watch: asyncio.TimerHandle | None = None

    def feed(self, mulaw: bytes) -> None:
        """Pass audio on; never blocks, and does nothing once the turn has ended."""
        if not self._outcome.done() and mulaw:
            self._send(Audio(self._number, mulaw, self._punctuality.came(len(mulaw), self._now())))

    def worked(self, due: float) -> None:
        """Note that the audio up to what was due then has been worked through."""
        self._punctuality.worked(due, self._now())

    @property
    def lag(self) -> float:
        """Seconds that the decoder is behind the caller."""
        return self._punctuality.lag(self._now())

    async def heard(self) -> Heard:
        """Wait for the end. Raises Unavailable if the process died or gave up."""
        return await asyncio.shield(self._outcome)

    def stop(self) -> None:
        """Ask for what there is; it must come soon."""
        if not self._outcome.done() and self._watch is None:
            self._send(Stop(self._number))
            self._watch = asyncio.get_running_loop().call_later(ANSWER_SECONDS, self.fail, "no answer in time")

    async def close(self) -> None:
        """Leave the turn."""
        self.fail("the turn was closed")

    def settle(self, heard: Heard) -> None:
        """End with what was heard."""
        if not self._outcome.done():
            self._outcome.set_result(heard)
        self._end()

    def fail(self, reason: str) -> None:
        """End with Unavailable, unless it has ended well."""
        if not self._outcome.done():
            self._outcome.set_exception(Unavailable(f"speech recognition: {reason}"))
            self._outcome.exception()  # whoever waits is told; nobody need wait
        self._end()

    def _end(self) -> None:
        """Stop the watch and free the number."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        self._leave(self._number)
