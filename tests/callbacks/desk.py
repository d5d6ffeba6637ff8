"""A desk that calls citizens back: a unit in memory, a carrier by hand, the services under test, and its people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from guichet.callbacks.calling import Calling
from guichet.callbacks.offering import Offering
from guichet.callbacks.request import Attempt, Request
from guichet.callbacks.ringing import Ringing
from guichet.callbacks.service import open_request
from guichet.carrier.events import CallProgress, CallState, CallTurn, DialEnded
from guichet.carrier.verbs import Verb
from guichet.core.clock import ManualClock
from guichet.core.ids import AttemptId, CallSid
from guichet.core.jobs import Job, OfferNext, ReconcileAttempt, RingAgent
from guichet.routing.agent import Agent
from guichet.routing.rule_book import RuleBook
from tests.callbacks.world import NOON, HandCarrier, MemoryUnit, book, demand, hold, memory_unit, title

Verbs = tuple[Verb, ...]


class CallDesk:
    """Everything on one shared unit; a transaction inside a transaction is an error."""

    def __init__(self, *agents: Agent, rules: RuleBook | None = None) -> None:
        self.unit = memory_unit(*agents)
        self.carrier = HandCarrier()
        self.clock = ManualClock(NOON)
        self.depth = 0
        self.done = 0

        def in_force() -> RuleBook:
            return rules or book()

        self.offering = Offering(self.begin, self.begin, self.carrier, self.clock, in_force)
        self.ringing = Ringing(self.begin, self.carrier, self.clock, title, in_force)
        self.calling = Calling(self.begin, self.clock, in_force)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryUnit]:
        """Open a transaction."""
        assert self.depth == 0, "a transaction inside a transaction"
        self.depth += 1
        try:
            yield self.unit
        finally:
            self.depth -= 1

    async def asks(self, contact: str = "con_1", **changes: Any) -> Request:
        """Let a citizen ask for a callback, and do the jobs."""
        opened = await open_request(self.unit, demand(contact, **changes), self.clock.now())
        await self.jobs()
        return await self.request(opened.request)

    async def holds(self, contact: str = "con_2", call: str = "CA2", **changes: Any) -> Request:
        """Let a citizen come on the line, and do the jobs."""
        opened = await open_request(self.unit, hold(contact, call, **changes), self.clock.now())
        await self.jobs()
        return await self.request(opened.request)

    async def jobs(self) -> None:
        """Do the jobs that are due, each once."""
        queue = self.unit.jobs
        for place, (job, at) in enumerate(zip(queue.jobs, queue.not_before, strict=True)):
            if place >= self.done and at is not None and at > self.clock.now():
                continue
            if place >= self.done:
                await self.perform(job)
        self.done = len(queue.jobs)

    async def perform(self, job: Job) -> None:
        """Do a job."""
        match job:
            case OfferNext():
                await self.offering.offer()
            case RingAgent(request_id):
                await self.offering.ring(request_id)
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
