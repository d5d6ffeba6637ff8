"""What callers on hold hear: their position and the likely wait at once, then music; key 1 asks for a callback."""

import structlog

from guichet.callbacks.holding import Over, hold_advice
from guichet.callbacks.service import entered_queue, position
from guichet.carrier.verbs import Gather, Leave, Pause, Play, Redirect, Say, Verb
from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.ids import RequestId
from guichet.ivr import script as said
from guichet.ivr.ports import Begin

MUSIC = "/voice/audio/attente.wav"
MUSIC_LOOPS = 2
"""About 24 seconds between two announcements."""

log = structlog.get_logger()


class HoldService:
    """Serves the carrier's question what a waiting caller shall hear."""

    def __init__(self, read: Begin, begin: Begin, clock: Clock) -> None:
        self._read = read
        self._begin = begin
        self._clock = clock

    async def waiting(self, request_id: RequestId, keys: str | None) -> tuple[Verb, ...]:
        """Say where they stand, then music; let them out when they press 1 or nobody is being found any more."""
        if keys == "1":
            log.info("left the queue", request=request_id)
            return (Leave(),)
        async with self._read() as unit:
            request = await unit.requests.get(request_id)
            if request is None or isinstance(hold_advice(request, self._clock.now()), Over):
                return (Leave(),)
            place = await position(unit, request)
        if request.entered_at is None:
            await self._entered(request_id)
        texts = (said.waiting(place.ahead, place.wait_minutes), said.STILL_HOLDING)
        spoken = tuple(Say(text.to(request.language), request.language) for text in texts)
        return on_hold(request_id, spoken)

    @again_on_conflict
    async def _entered(self, request_id: RequestId) -> None:
        """Take in that they are in the queue now: the carrier asks this of nobody else."""
        async with self._begin() as unit:
            await entered_queue(unit, request_id, self._clock.now())


def on_hold(request_id: RequestId, spoken: tuple[Say, ...]) -> tuple[Verb, ...]:
    """Return the verbs of somebody who waits: what is said, music, and again; a key interrupts both."""
    again = f"/voice/hold?request={request_id}"
    prompts: tuple[Say | Play | Pause, ...] = (*spoken, Play(MUSIC, loop=MUSIC_LOOPS))
    return (Gather(action=again, prompts=prompts, timeout=1, digits=1, finish_on=""), Redirect(again))
