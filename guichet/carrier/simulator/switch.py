"""The exchange: rings telephones, carries every leg to its end, interrupts it when somebody asks to."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, assert_never

from guichet.carrier.events import CallState
from guichet.carrier.simulator.behaviour import Behaviour
from guichet.carrier.simulator.calls import CallBook, CallRecord
from guichet.carrier.simulator.leg import Diverted, Ended, Leg
from guichet.carrier.simulator.outcome import Runner
from guichet.carrier.simulator.pace import Pace
from guichet.carrier.simulator.parties import (
    Answers,
    Busy,
    HangUp,
    Machine,
    Moment,
    NoAnswer,
    Party,
    Unreachable,
)
from guichet.carrier.simulator.progress import Hook, Progress
from guichet.carrier.simulator.webhooks import Ask, Webhooks
from guichet.core.clock import Clock

Work = Callable[[Leg], Awaitable[object]]
_AMD_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call to place: its record, who wants to know, how long it rings, and how machines are detected."""

    record: CallRecord
    hook: Hook | None = None
    timeout: float = 60.0
    detects: str = ""
    """`Enable`, `DetectMessageEnd` or nothing."""
    detected: Callable[[Leg], None] | None = None
    """Told of the detection instead of waiting for it (AsyncAmd)."""


class Switch:
    """Knows the parties by number and the legs under way by sid."""

    def __init__(self, runner: Runner, webhooks: Webhooks, pace: Pace, clock: Clock | None = None) -> None:
        self._runner = runner
        self._webhooks = webhooks
        self._pace = pace
        self._legs: dict[str, Leg] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.calls = CallBook(clock)
        self.parties: dict[str, Party] = {}

    def leg(self, sid: str) -> Leg | None:
        """Return the leg of a call that is under way."""
        return self._legs.get(sid)

    async def receive(self, record: CallRecord, caller: Answers, hook: Hook | None, answer: Ask) -> None:
        """Carry a call from a citizen to its end."""
        leg = self._leg(record, Behaviour(caller))
        record.move(CallState.RINGING)

        async def work(leg: Leg) -> None:
            await leg.reach(Moment.RINGING)
            await self._runner.run(leg, answer)

        await self._carry(leg, work, Progress(self._webhooks, record, hook))

    def place(self, outgoing: Outgoing, work: Work) -> Leg:
        """Begin to ring a telephone; `work` is what happens once it is answered. Returns at once."""
        party = self.parties.get(outgoing.record.to, NoAnswer())
        leg = self._leg(outgoing.record, Behaviour(_person(party)))
        progress = Progress(self._webhooks, outgoing.record, outgoing.hook)

        async def whole(leg: Leg) -> None:
            if await self._ring(leg, party, outgoing, progress):
                await work(leg)

        task = asyncio.create_task(self._carry(leg, whole, progress))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return leg

    async def idle(self) -> None:
        """Wait until no call is under way that the carrier itself has placed."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Hang up everywhere."""
        for leg in list(self._legs.values()):
            leg.interrupt(Ended("simulator closed"))
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _leg(self, record: CallRecord, behaviour: Behaviour) -> Leg:
        self.calls.add(record)
        leg = self._legs[record.sid] = Leg(record, behaviour, self._pace)
        return leg

    async def _ring(self, leg: Leg, party: Party, outgoing: Outgoing, progress: Progress) -> bool:
        """Ring; return whether it was answered (and, if asked for, by whom or what)."""
        record = leg.record
        record.move(CallState.INITIATED)
        progress.report("initiated")
        seconds, state = _reaction(party, outgoing.timeout)
        if state is not CallState.FAILED:
            record.move(CallState.RINGING)
            progress.report("ringing")
        await leg.last(seconds)
        record.move(state)
        if state is not CallState.IN_PROGRESS:
            return False
        if outgoing.detects and outgoing.detected is None:
            await self._detect(leg, party, outgoing)
        progress.report("answered")
        if outgoing.detects and outgoing.detected is not None:
            await self._detect(leg, party, outgoing)
            outgoing.detected(leg)
        return True

    async def _detect(self, leg: Leg, party: Party, outgoing: Outgoing) -> None:
        """Find out whether a machine answered, as long as that takes."""
        if not isinstance(party, Machine):
            leg.record.answered_by = "human"
        elif outgoing.detects == "DetectMessageEnd":
            await leg.last(party.seconds)
            leg.record.answered_by = "machine_end_beep"
        else:
            await leg.last(_AMD_SECONDS)
            leg.record.answered_by = "machine_start"

    async def _carry(self, leg: Leg, work: Work, progress: Progress) -> None:
        """Run the leg's work, and whatever it is diverted to, until it is hung up; then report."""
        try:
            while True:
                task = asyncio.ensure_future(work(leg))
                try:
                    waits: set[asyncio.Future[Any]] = {task, leg.interruption}
                    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
                interruption = leg.taken()
                if not isinstance(interruption, Diverted):
                    leg.record.ended_by = interruption.by if interruption else ""
                    break
                work = self._diversion(interruption)
        finally:
            answered = leg.record.state is CallState.IN_PROGRESS
            leg.record.move(CallState.COMPLETED if answered else CallState.CANCELED)
            self._legs.pop(leg.record.sid, None)
            leg.over.set()
            for tap in list(leg.taps.values()):
                await tap.close()
            progress.report("completed")
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error

    def _diversion(self, diverted: Diverted) -> Work:
        return lambda leg: self._runner.run(leg, diverted.to)


def _person(party: Party) -> Answers:
    """Return who behaves on the line once it is answered; a machine records, then hangs up."""
    match party:
        case Answers():
            return party
        case Machine(seconds, records):
            return Answers((HangUp(after=seconds + records),))
        case _:
            return Answers()


def _reaction(party: Party, timeout: float) -> tuple[float, CallState]:
    """Return after how many seconds of ringing what happens."""
    match party:
        case Busy():
            return 1.0, CallState.BUSY
        case Unreachable():
            return 1.0, CallState.FAILED
        case NoAnswer():
            return timeout, CallState.NO_ANSWER
        case Answers() | Machine():
            answered = party.ring <= timeout
            return (party.ring, CallState.IN_PROGRESS) if answered else (timeout, CallState.NO_ANSWER)
        case _:
            assert_never(party)
