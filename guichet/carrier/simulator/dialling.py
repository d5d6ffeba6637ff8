"""<Dial>: numbers and browser phones that ring, a queue whose first caller is taken, a conference."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from guichet.carrier.events import CallState
from guichet.carrier.simulator.address import Address
from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.conferences import Conferences
from guichet.carrier.simulator.conversation import converse
from guichet.carrier.simulator.leg import Ended, Leg
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.outcome import End, Outcome, Runner
from guichet.carrier.simulator.progress import Hook
from guichet.carrier.simulator.queues import Queues, Taken
from guichet.carrier.simulator.steps import (
    Dial,
    DialClient,
    DialConference,
    DialNumber,
    DialQueue,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Say,
    StatusHook,
    StopStream,
    Stream,
)
from guichet.carrier.simulator.switch import Outgoing, Switch

WHISPER_VERBS = frozenset({Say, Play, Pause, Gather, Record, Redirect, Hangup, Stream, StopStream})
"""Everything but <Dial>, <Enqueue> and the like may run on the called leg before the bridge."""
_QUEUE_REAL_SECONDS = 0.5
"""An empty queue is watched at least so long in real time: in instant mode callers need a moment to arrive."""


@dataclass(slots=True)
class _Race:
    """Several telephones that ring for one Dial: the first to accept wins."""

    winner: "asyncio.Future[Leg]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    parted: asyncio.Event = field(default_factory=asyncio.Event)
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Manners:
    """What Twilio leaves open, or people do: how long they usually talk, the status of a call declined in its whisper.

    Twilio does not document DialCallStatus for a callee who answers and hangs up before the bridge.
    """

    talk_seconds: float = 20.0
    declined_status: str = "no-answer"


class Dialling:
    """Runs <Dial>."""

    def __init__(self, runner: Runner, switch: Switch, queues: Queues, address: Address, manners: Manners) -> None:
        self._runner = runner
        self._switch = switch
        self._queues = queues
        self._conferences = Conferences(runner, manners.talk_seconds)
        self._address = address
        self._manners = manners

    async def dial(self, leg: Leg, step: Dial, url: str) -> Outcome:
        """Connect, and go on when it is over: at the action, else at the next verb."""
        match step.targets:
            case ():
                form = {"DialCallStatus": "failed", "DialBridged": "false"}
            case (DialQueue() as noun,):
                form = await self._queue(leg, step, noun, url)
            case (DialConference() as noun,):
                form = await self._conferences.join(leg, noun, url)
            case _:
                form = await self._numbers(leg, step, url)
        return self._runner.follow(step.action, url, form) if step.action is not None else None

    async def _queue(self, leg: Leg, step: Dial, noun: DialQueue, url: str) -> dict[str, str]:
        queue = self._queues.find(noun.name)
        if queue is None:
            leg.note(Kind.ERROR, f"13256: <Dial><Queue> names a queue {noun.name!r} that nobody ever entered")
            return {"DialCallStatus": "failed", "DialBridged": "false"}
        pace = leg.pace
        member = await queue.first(max(_QUEUE_REAL_SECONDS, 0.0 if pace.is_instant else step.timeout / pace.speed))
        if member is None:
            return {"DialCallStatus": "no-answer", "DialBridged": "false", "QueueSid": queue.sid}
        try:
            member.taken.set_result(Taken(leg, noun.connected, url))
            if not await _sooner(member.ready, member.leg.over):
                return {"DialCallStatus": "no-answer", "DialBridged": "false", "QueueSid": queue.sid}
            seconds = await converse(leg, member.leg, self._manners.talk_seconds, step.limit)
        finally:
            member.parted.set()
        return _completed(member.leg, seconds) | {"QueueSid": queue.sid, "QueueTime": str(member.seconds)}

    async def _numbers(self, leg: Leg, step: Dial, url: str) -> dict[str, str]:
        race = _Race()
        children = [
            self._ring(leg, step, target, url, race)
            for target in step.targets
            if isinstance(target, (DialNumber, DialClient))
        ]
        everybody = asyncio.create_task(_all_over(children))
        winner, away = None, asyncio.Event()
        try:
            waits: set[asyncio.Future[Any]] = {everybody, race.winner}
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if not race.winner.done():
                return self._unanswered(children, race)
            winner = race.winner.result()
            away = winner.away
            for child in children:
                if child is not winner:
                    child.interrupt(Ended("somebody else answered"))
            seconds = await converse(leg, winner, self._manners.talk_seconds, step.limit)
            return _completed(winner, seconds)
        finally:
            everybody.cancel()
            race.parted.set()
            for child in children:
                if child is not winner or not away.is_set():
                    child.interrupt(Ended("the dial is over"))
            await asyncio.gather(everybody, return_exceptions=True)

    def _ring(self, leg: Leg, step: Dial, target: DialNumber | DialClient, url: str, race: _Race) -> Leg:
        number = target.number if isinstance(target, DialNumber) else f"client:{target.identity}"
        shown = step.caller_id or (leg.record.from_ if leg.record.direction == "inbound" else leg.record.to)
        whisper = "" if target.whisper is None else self._address.absolute(target.whisper.url, url)
        record = CallRecord(
            account=leg.record.account,
            from_=shown,
            to=number,
            direction="outbound-dial",
            parent=leg.record.sid,
            asked=whisper,
        )
        detects = target.detects_machine if isinstance(target, DialNumber) else ""
        outgoing = Outgoing(record, self._hook(target.status, url), step.timeout, detects)

        async def answered(child: Leg) -> None:
            if target.whisper is not None:
                end = await self._runner.run(child, self._runner.follow(target.whisper, url, {}), WHISPER_VERBS)
                if end is not End.FINISHED:
                    race.declined = True
                    return
            if not race.winner.done():
                race.winner.set_result(child)
                await race.parted.wait()

        return self._switch.place(outgoing, answered)

    def _hook(self, status: StatusHook | None, url: str) -> Hook | None:
        if status is None:
            return None
        return Hook(self._address.absolute(status.target.url, url), status.target.method, status.events)

    def _unanswered(self, children: list[Leg], race: _Race) -> dict[str, str]:
        last = children[-1].record
        status = last.state.value
        if race.declined or last.state is CallState.COMPLETED:
            status = self._manners.declined_status
        return {"DialCallSid": last.sid, "DialCallStatus": status, "DialBridged": "false"}


def _completed(other: Leg, seconds: float) -> dict[str, str]:
    return {
        "DialCallSid": other.record.sid,
        "DialCallStatus": "completed",
        "DialCallDuration": str(round(seconds)),
        "DialBridged": "true",
    }


async def _all_over(legs: list[Leg]) -> None:
    for leg in legs:
        await leg.over.wait()


async def _sooner(wanted: asyncio.Event, other: asyncio.Event) -> bool:
    """Wait for one of two events; return whether it was the first."""
    waits = [asyncio.create_task(event.wait()) for event in (wanted, other)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    return wanted.is_set()
