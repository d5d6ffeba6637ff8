"""<Enqueue>: hold music asked for again and again, until somebody takes the caller out or they leave."""

import asyncio
from typing import Any

from guichet.carrier.simulator.flow import HOLD_REAL_SECONDS
from guichet.carrier.simulator.leg import Diverted, Leg
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.outcome import End, Outcome, Runner
from guichet.carrier.simulator.parties import Moment
from guichet.carrier.simulator.queues import MOST, Member, Queue, Queues, Taken
from guichet.carrier.simulator.steps import Enqueue, Gather, Hangup, Leave, Pause, Play, Redirect, Say

WAIT_VERBS = frozenset({Play, Say, Pause, Gather, Redirect, Leave, Hangup})
CONNECTED_VERBS = frozenset({Play, Say, Pause, Redirect})
_MUSIC_SECONDS = 30.0


class Holding:
    """Runs <Enqueue>; `patience` is how many real seconds a person holds at most."""

    def __init__(self, runner: Runner, queues: Queues, patience: float) -> None:
        self._runner = runner
        self._queues = queues
        self._patience = patience

    async def enqueue(self, leg: Leg, step: Enqueue, url: str) -> Outcome:
        """Hold until taken, gone or told to leave; the action hears how it ended."""
        queue = self._queues.open(step.name)
        if len(queue.members) >= MOST:
            return self._left(step, url, {"QueueResult": "queue-full", "QueueTime": "0", "QueueSid": queue.sid})
        member = queue.join(leg)
        result = "error"
        leg.note(Kind.HOLD, "entered", queue=step.name, position=str(queue.position(member)))
        try:
            result = await self._hold(leg, step, url, queue, member)
        except asyncio.CancelledError:
            if step.action is not None:
                diverted = leg.interruption.done() and isinstance(leg.interruption.result(), Diverted)
                bridged = member.taken.done()
                result = "redirected" if diverted else "bridged" if bridged else "hangup"
                self._runner.tell(leg, step.action, url, self._form(queue, member, result))
            raise
        finally:
            queue.leave(member)
            member.parted.set()
            leg.note(Kind.HOLD, "left", queue=step.name, result=result)
        if result == "gone":
            return End.HUNG_UP
        return self._left(step, url, self._form(queue, member, result))

    def _left(self, step: Enqueue, url: str, form: dict[str, str]) -> Outcome:
        return self._runner.follow(step.action, url, form) if step.action is not None else None

    def _form(self, queue: Queue, member: Member, result: str) -> dict[str, str]:
        return {"QueueResult": result, "QueueTime": str(member.seconds), "QueueSid": queue.sid}

    async def _hold(self, leg: Leg, step: Enqueue, url: str, queue: Queue, member: Member) -> str:
        """Return how the wait ended: bridged, leave, error, or gone (hung up by the wait document)."""
        await leg.reach(Moment.HOLD)
        music = asyncio.create_task(self._music(leg, step, url, queue, member))
        try:
            waits: set[asyncio.Future[Any]] = {music, member.taken}
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            music.cancel()
            await asyncio.gather(music, return_exceptions=True)
        if not member.taken.done():
            return music.result()
        await self._connect(leg, member, member.taken.result())
        return "bridged"

    async def _connect(self, leg: Leg, member: Member, taken: Taken) -> None:
        """Say what is said before the bridge, then be in it until it is over."""
        if taken.connected is not None:
            form = {"QueueTime": str(member.seconds), "DequeingCallSid": taken.by.record.sid}
            await self._runner.run(leg, self._runner.follow(taken.connected, taken.url, form), CONNECTED_VERBS)
        member.ready.set()
        await member.parted.wait()

    async def _music(self, leg: Leg, step: Enqueue, url: str, queue: Queue, member: Member) -> str:
        leg.on_hold = True
        try:
            async with asyncio.timeout(self._patience):
                while (result := await self._round(leg, step, url, queue, member)) is None:
                    pass
        except TimeoutError:
            leg.note(Kind.COMPLAINT, f"nobody took the caller out of the queue in {self._patience:.0f} real seconds")
            return await leg.hang_up("person, out of patience")
        finally:
            leg.on_hold = False
        return result

    async def _round(self, leg: Leg, step: Enqueue, url: str, queue: Queue, member: Member) -> str | None:
        """Play the music once; return how the wait ended, or None to go on."""
        if step.wait is None:
            await leg.wait(HOLD_REAL_SECONDS, _MUSIC_SECONDS)
            return None
        form = {
            "QueueSid": queue.sid,
            "QueuePosition": str(queue.position(member)),
            "QueueTime": str(member.seconds),
            "AvgQueueTime": "0",
            "CurrentQueueSize": str(len(queue.members)),
            "MaxQueueSize": str(MOST),
        }
        end = await self._runner.run(leg, self._runner.follow(step.wait, url, form), WAIT_VERBS)
        if end is not End.FINISHED:
            return {End.LEFT: "leave", End.HUNG_UP: "gone"}.get(end, "error")
        return None
