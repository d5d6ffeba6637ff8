"""A floor of agents, callers and telephones, to be driven at random: the gateway on a backend, a carrier by hand.

Callers hold and are in the carrier's queue or not; agents' legs ring, wait, talk, end; webhooks may be lost.
"""

import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copy
from typing import Any

from guichet.callbacks.calling import Calling
from guichet.callbacks.legs import caller_left
from guichet.callbacks.offering import Offering
from guichet.callbacks.passing_on import PassingOn, ToQueue
from guichet.callbacks.presence import Presences
from guichet.callbacks.request import Request
from guichet.callbacks.ringing import Ringing
from guichet.callbacks.service import entered_queue
from guichet.carrier.events import CallProgress, CallState, CallTurn, DialEnded
from guichet.carrier.verbs import DialNumber, DialQueue, Redirect, Verb
from guichet.core.clock import ManualClock
from guichet.core.ids import AttemptId, CallSid, RequestId
from guichet.core.jobs import Job, LapseInHand, MoveCaller, OfferNext, ReconcileAttempt, RingAgent
from guichet.core.telephone import Telephone
from guichet.gateway.database import Database, make_engine
from guichet.gateway.job_runner import JobRunner
from guichet.gateway.relay import Relay
from guichet.routing.agent import Agent
from guichet.routing.rule_book import RuleBook
from tests.callbacks.desk import CallDesk
from tests.callbacks.world import NOON, HandCarrier, Listed, title


@dataclass(eq=False)
class FloorLeg:
    """An agent's leg as the carrier has it, and where it stands."""

    call: CallSid
    attempt: AttemptId
    number: Telephone
    stage: str = "ringing"
    tries: int = 0

    @property
    def child(self) -> CallSid:
        """The citizen's leg, once there is one."""
        return CallSid(f"{self.call}-citizen")

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.stage == "over"


@dataclass
class FloorCarrier(HandCarrier):
    """The carrier: it lists the legs as they are, and ends those it is told to."""

    legs: list[FloorLeg] = field(default_factory=list)

    async def place_call(  # noqa: D102
        self,
        *,
        to: Telephone,
        line: Any,
        answer_path: str,
        status_path: str,
        timeout: int = 25,  # noqa: ASYNC109  # seconds of ringing
    ) -> CallSid:
        call = await super().place_call(
            to=to, line=line, answer_path=answer_path, status_path=status_path, timeout=timeout
        )
        self.legs.append(FloorLeg(call, AttemptId(answer_path.partition("=")[2]), to))
        return call

    async def end_call(self, call: CallSid) -> bool:
        """End a leg."""
        for leg in self.legs:
            if leg.call == call and not leg.is_over:
                leg.stage = "over"
                return True
        return False

    async def calls_to(self, number: Telephone, since: datetime) -> Sequence[Listed]:
        """Return the legs to an agent, as they are."""
        states = {"over": CallState.COMPLETED, "ringing": CallState.RINGING}
        theirs = [leg for leg in reversed(self.legs) if leg.number == number]
        return [Listed(leg.call, states.get(leg.stage, CallState.IN_PROGRESS)) for leg in theirs]


class Floor:
    """What is driven. `rules` may change at any time; `in_queue` are the callers whom the carrier has in its queue."""

    begin: Callable[[], Any]
    read: Callable[[], Any]
    drain: Callable[[], Awaitable[None]]

    def __init__(self, rules: RuleBook, clock: ManualClock) -> None:
        self.rules = rules
        self.clock = clock
        self.carrier = FloorCarrier()
        self.in_queue: set[RequestId] = set()
        self.loses = False
        self.close: Callable[[], Coroutine[Any, Any, None]] = _nothing

    def compose(self) -> None:
        """Put the services on the backend."""
        begin, clock = self.begin, self.clock
        self.offering = Offering(begin, self.read, self.carrier, clock, lambda: self.rules)
        self.ringing = Ringing(begin, self.carrier, clock, title, lambda: self.rules)
        self.calling = Calling(begin, clock, lambda: self.rules)
        self.passing_on = PassingOn(begin, self.carrier, clock, lambda: self.rules)
        self.presences = Presences(begin, self.read, clock, lambda: self.rules)

    @property
    def legs(self) -> list[FloorLeg]:
        """The legs that go on."""
        return [leg for leg in self.carrier.legs if not leg.is_over]

    async def perform(self, job: Job) -> None:
        """Do a job; texts are nobody's concern here."""
        match job:
            case OfferNext():
                await self.offering.offer()
            case RingAgent(request_id):
                await self.offering.ring(request_id)
            case LapseInHand(request_id):
                await self.offering.lapse(request_id)
            case ReconcileAttempt(attempt_id):
                await self.ringing.reconcile(attempt_id)
            case MoveCaller(request_id):
                await self.passing_on.move(request_id)
            case _:
                return

    async def request(self, request_id: RequestId) -> Request:
        """Return a request as it is now."""
        async with self.read() as unit:
            found: Request | None = await unit.requests.get(request_id)
        assert found is not None, "a request has vanished"
        return found

    async def of(self, leg: FloorLeg) -> Request:
        """Return the request that a leg is for."""
        async with self.read() as unit:
            attempt = await unit.attempts.get(leg.attempt)
        assert attempt is not None
        return await self.request(attempt.request)

    async def enters(self, request: Request) -> None:
        """Let a caller be in the carrier's queue, and the carrier ask what they hear."""
        self.in_queue.add(request.id)
        async with self.begin() as unit:
            await entered_queue(unit, request.id, self.clock.now())

    async def hangs_up(self, request: Request) -> None:
        """Let who is on the line hang up: in the queue, on the way to it, or in the conversation."""
        self.in_queue.discard(request.id)
        talking = [leg for leg in self.legs if leg.stage == "talking" and (await self.of(leg)).id == request.id]
        if talking:
            await self.parts(talking[0], by_agent=False)
            return
        async with self.begin() as unit:
            await caller_left(unit, request.id, self.clock.now(), self.rules, bridged=False)

    async def agent_picks_up(self, leg: FloorLeg, keys: str | None) -> None:
        """Let an agent pick up, hear the whisper and press a key, or none."""
        turn = CallTurn(leg.call, CallState.IN_PROGRESS)
        await self.ringing.answered(leg.attempt, turn)
        keyed = CallTurn(leg.call, CallState.IN_PROGRESS, keys)
        await self.follow(leg, await self.ringing.keyed(leg.attempt, keyed))

    async def goes_on(self, leg: FloorLeg) -> None:
        """Let a leg come to its next verb."""
        if leg.stage == "waits":
            await self.follow(leg, await self.ringing.waits(leg.attempt, leg.tries + 1))
        elif leg.stage == "meets":
            request = await self.of(leg)
            if request.id in self.in_queue and request.holds:
                self.in_queue.discard(request.id)
                leg.stage = "talking"
                await self.ringing.connected(leg.attempt)
            else:
                ended = DialEnded(leg.call, "failed", None)
                await self.follow(leg, await self.ringing.done(leg.attempt, ended, leg.tries))

    async def citizen(self, leg: FloorLeg, how: str) -> None:
        """Let the citizen who is called answer with a key, or not at all."""
        if leg.stage != "calls":
            return
        if how in ("busy", "no-answer"):
            await self.tell_of_citizen(leg, CallState(how))
            await self.follow(leg, await self.calling.ended(leg.attempt, DialEnded(leg.call, how, None, leg.child)))
            return
        await self.calling.answered(leg.attempt, CallTurn(leg.child, CallState.IN_PROGRESS))
        await self.calling.keyed(leg.attempt, CallTurn(leg.child, CallState.IN_PROGRESS, how), 2)
        async with self.read() as unit:
            attempt = await unit.attempts.get(leg.attempt)
        if attempt is not None and attempt.bridged_at is not None and attempt.ended_at is None:
            leg.stage = "talking"
        else:
            ended = DialEnded(leg.call, "no-answer", None, leg.child, bridged=False)
            await self.follow(leg, await self.calling.ended(leg.attempt, ended))

    async def parts(self, leg: FloorLeg, *, by_agent: bool) -> None:
        """Let a conversation end."""
        request = await self.of(leg)
        ended = DialEnded(leg.call, "completed", 30, leg.child, bridged=True)
        if request.holds:
            steps = [
                lambda: self.ringing.done(leg.attempt, ended, leg.tries),
                lambda: self._left(request),
            ]
            for step in reversed(steps) if by_agent else steps:
                await step()
        elif not by_agent:
            await self.calling.ended(leg.attempt, ended)
        await self.ends(leg)

    async def passes_on(self, leg: FloorLeg, queue: str) -> None:
        """Let the agent of a conversation pass it on; the citizen's leg is sent to hold."""
        request = await self.of(leg)
        async with self.read() as unit:
            attempt = await unit.attempts.get(leg.attempt)
        assert attempt is not None
        await self.passing_on.pass_on(request.id, attempt.agent, ToQueue(queue))
        await self.ringing.done(leg.attempt, DialEnded(leg.call, "completed", 30, leg.child, bridged=True))
        await self.ends(leg)

    async def ends(self, leg: FloorLeg, state: CallState = CallState.COMPLETED) -> None:
        """End a leg; its status callback may be lost."""
        if leg.is_over:
            return
        was_talking, leg.stage = leg.stage == "talking", "over"
        if not self.loses or was_talking:
            await self.ringing.progress(leg.attempt, CallProgress(leg.call, state, None, None, None))

    async def tell_of_citizen(self, leg: FloorLeg, state: CallState) -> None:
        """Let a status callback of the citizen's leg come."""
        await self.calling.progress(leg.attempt, CallProgress(leg.child, state, None, None, None))

    async def follow(self, leg: FloorLeg, verbs: Sequence[Verb]) -> None:
        """Run an answer on an agent's leg, up to where somebody else is needed."""
        for verb in verbs:
            match verb:
                case DialQueue(action=action):
                    leg.stage, leg.tries = "meets", int(action.rpartition("=")[2])
                    return
                case DialNumber():
                    leg.stage = "calls"
                    return
                case Redirect(path):
                    leg.stage, leg.tries = "waits", int(path.rpartition("=")[2]) - 1
                    return
                case _:
                    continue
        await self.ends(leg)

    async def _left(self, request: Request) -> None:
        async with self.begin() as unit:
            await caller_left(unit, request.id, self.clock.now(), self.rules, bridged=True)


async def _nothing() -> None:
    """Close nothing."""


async def memory_floor(rules: RuleBook, *agents: Agent) -> Floor:
    """Open a floor in memory."""
    desk = CallDesk(*agents)
    floor = Floor(rules, desk.clock)
    floor.begin = floor.read = desk.begin
    floor.compose()
    desk.perform = floor.perform  # type: ignore[method-assign]  # the floor does what the desk would
    floor.drain = desk.jobs
    return floor


async def sqlite_floor(rules: RuleBook, *agents: Agent) -> Floor:
    """Open a floor on a new SQLite file, with the gateway's own transactions and outbox."""
    folder = tempfile.TemporaryDirectory()
    clock = ManualClock(NOON)
    database = Database(make_engine(f"sqlite+aiosqlite:///{copy(await _prepared(), folder.name)}"), clock)
    async with database.begin() as unit:
        for agent in agents:
            await unit.agents.add(agent)
    floor = Floor(rules, clock)
    floor.begin, floor.read = database.begin, database.read
    floor.compose()
    due: list[str] = []
    relay, runner = Relay(database, due.extend), JobRunner(database, floor.perform)

    async def drain() -> None:
        while await relay.once():
            while due:
                await runner.run(due.pop(0))

    async def close() -> None:
        await database.close()
        folder.cleanup()

    floor.drain, floor.close = drain, close
    return floor


@cache
def _shelf() -> Path:
    """Return the folder of the file that is copied."""
    return Path(tempfile.mkdtemp(prefix="guichet-floor-"))


async def _prepared() -> Path:
    """Return an SQLite file with the tables, made once."""
    file = _shelf() / "floor.sqlite"
    if not file.exists():
        database = Database(make_engine(f"sqlite+aiosqlite:///{file}"), ManualClock(NOON))
        await database.upgrade()
        await database.close()
    return file


AGAIN = timedelta(seconds=50)
"""How far the clock goes between two looks, when all is to end well."""
