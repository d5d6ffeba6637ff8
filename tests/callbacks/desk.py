"""A desk that calls citizens back: a unit in memory, a carrier by hand, the services under test, and its people."""

import copy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from guichet.callbacks.calling import Calling
from guichet.callbacks.offering import Offering
from guichet.callbacks.request import Attempt, Request
from guichet.callbacks.ringing import Ringing
from guichet.callbacks.service import entered_queue, open_request
from guichet.carrier.events import CallProgress, CallState, CallTurn, DialEnded
from guichet.carrier.verbs import Verb
from guichet.core.clock import ManualClock
from guichet.core.ids import AttemptId, CallSid
from guichet.core.jobs import Job, LapseInHand, OfferNext, ReconcileAttempt, RingAgent
from guichet.routing.agent import Agent
from guichet.routing.rule_book import RuleBook
from tests.callbacks.world import NOON, HandCarrier, MemoryUnit, book, demand, hold, memory_unit, title

Verbs = tuple[Verb, ...]


class Kept:
    """A unit as it was when a transaction began."""

    def __init__(self, unit: MemoryUnit) -> None:
        self._values = [{name: copy.copy(value) for name, value in vars(each).items()} for each in self._all(unit)]

    @staticmethod
    def _all(unit: MemoryUnit) -> tuple[object, ...]:
        return (unit.requests, unit.attempts, unit.agents, unit.jobs)

    def restore(self, unit: MemoryUnit) -> None:
        """Undo whatever has been done since; the stores' events are one list and stay one."""
        for store, values in zip(self._all(unit), self._values, strict=True):
            vars(store).update(values)
        vars(unit.attempts)["events"] = vars(unit.requests)["events"]


class CallDesk:
    """Everything on one shared unit; a transaction inside a transaction is an error."""

    def __init__(self, *agents: Agent, rules: RuleBook | None = None) -> None:
        self.unit = memory_unit(*agents)
        self.clock = ManualClock(NOON)
        self.depth = 0
        self.before_commit: Callable[[], None] = lambda: None
        self._rules = rules
        self._ran: set[int] = set()
        self._asked = 0
        self.carrier = HandCarrier()

    @property
    def carrier(self) -> HandCarrier:
        """The carrier; another one may be put in its place."""
        return self._carrier

    @carrier.setter
    def carrier(self, carrier: HandCarrier) -> None:
        def in_force() -> RuleBook:
            return self._rules or book()

        self._carrier = carrier
        self.offering = Offering(self.begin, self.begin, carrier, self.clock, in_force)
        self.ringing = Ringing(self.begin, carrier, self.clock, title, in_force)
        self.calling = Calling(self.begin, self.clock, in_force)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryUnit]:
        """Open a transaction; an exception undoes it."""
        assert self.depth == 0, "a transaction inside a transaction"
        kept = Kept(self.unit)
        self.depth += 1
        try:
            yield self.unit
            self.before_commit()
        except BaseException:
            kept.restore(self.unit)
            raise
        finally:
            self.depth -= 1

    async def asks(self, contact: str = "con_1", **changes: Any) -> Request:
        """Let a citizen ask for a callback, and do the jobs; who asks later is promised it a little later."""
        changes.setdefault("target_at", self._next_target())
        opened = await open_request(self.unit, demand(contact, **changes), self.clock.now())
        await self.jobs()
        return await self.request(opened.request)

    async def holds(self, contact: str = "con_2", call: str = "CA2", **changes: Any) -> Request:
        """Let a citizen come on the line and into the carrier's queue, and do the jobs."""
        changes.setdefault("target_at", self._next_target())
        opened = await open_request(self.unit, hold(contact, call, **changes), self.clock.now())
        await entered_queue(self.unit, opened.request.id, self.clock.now())
        await self.jobs()
        return await self.request(opened.request)

    def _next_target(self) -> datetime:
        self._asked += 1
        return NOON + timedelta(hours=4, seconds=self._asked)

    async def jobs(self) -> None:
        """Do the jobs that are due, and those that they make due; a job that fails is to be done again."""
        while (place := self._next_job()) is not None:
            await self.perform(self.unit.jobs.jobs[place])
            self._ran.add(place)

    def _next_job(self) -> int | None:
        now, queue = self.clock.now(), self.unit.jobs
        for place, at in enumerate(queue.not_before):
            if place not in self._ran and (at is None or at <= now):
                return place
        return None

    async def perform(self, job: Job) -> None:
        """Do a job."""
        match job:
            case OfferNext():
                await self.offering.offer()
            case RingAgent(request_id):
                await self.offering.ring(request_id)
            case LapseInHand(request_id):
                await self.offering.lapse(request_id)
            case ReconcileAttempt(attempt_id):
                await self.ringing.reconcile(attempt_id)
            case _:
                return

    async def request(self, request: Request) -> Request:
        """Return a request as it is now."""
        found = await self.unit.requests.get(request.id)
        assert found is not None
        return found

    async def attempt(self, number: int = 1) -> Attempt:
        """Return the attempt of the carrier's nth call."""
        path = self.carrier.placed[number - 1]["answer_path"]
        found = await self.unit.attempts.get(AttemptId(path.partition("=")[2]))
        assert found is not None
        return found

    async def agent_accepts(self, number: int = 1, keys: str | None = "1") -> Verbs:
        """Let the agent of the nth call pick up and press a key."""
        attempt = await self.attempt(number)
        turn = CallTurn(leg(number), CallState.IN_PROGRESS)
        await self.ringing.answered(attempt.id, turn)
        return await self.ringing.keyed(attempt.id, CallTurn(leg(number), CallState.IN_PROGRESS, keys))

    async def agent_leg(self, state: CallState, number: int = 1) -> None:
        """Let a status callback of the agent's leg come."""
        attempt = await self.attempt(number)
        await self.ringing.progress(attempt.id, CallProgress(leg(number), state, None, None, None))

    async def citizen_answers(self, number: int = 1) -> Verbs:
        """Let the citizen's phone be picked up."""
        attempt = await self.attempt(number)
        return await self.calling.answered(attempt.id, CallTurn(child(number), CallState.IN_PROGRESS))

    async def citizen_keys(self, keys: str | None, number: int = 1, asked: int = 1) -> Verbs:
        """Let the citizen press a key, or none in time."""
        attempt = await self.attempt(number)
        return await self.calling.keyed(attempt.id, CallTurn(child(number), CallState.IN_PROGRESS, keys), asked)

    async def citizen_leg(self, state: CallState, number: int = 1) -> None:
        """Let a status callback of the citizen's leg come."""
        attempt = await self.attempt(number)
        await self.calling.progress(attempt.id, CallProgress(child(number), state, None, None, None))

    async def dial_ends(self, result: str, number: int = 1, *, bridged: bool | None = None) -> Verbs:
        """Let the Dial of the agent's leg end."""
        attempt = await self.attempt(number)
        return await self.calling.ended(attempt.id, DialEnded(leg(number), result, None, child(number), bridged))


def leg(number: int = 1) -> CallSid:
    """Return the agent's leg of the carrier's nth call."""
    return CallSid(f"CA-agent-{number}")


def child(number: int = 1) -> CallSid:
    """Return the citizen's leg of the carrier's nth call."""
    return CallSid(f"CA-citizen-{number}")
