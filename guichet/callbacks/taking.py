"""The service of agents who take requests in hand: to look before they call, or to answer in writing."""

from guichet.callbacks import in_hand
from guichet.callbacks.in_hand import Preview
from guichet.callbacks.offering import Offering
from guichet.callbacks.ports import Begin, BookInForce
from guichet.callbacks.request import Request
from guichet.core.clock import Clock
from guichet.core.ids import AgentId, RequestId


class Taking:
    """What an agent's desk does with requests. All of it raises NotFound and Conflict, with what to do (`in_hand`)."""

    def __init__(self, begin: Begin, read: Begin, offering: Offering, clock: Clock, book: BookInForce) -> None:
        self._begin = begin
        self._read = read
        self._offering = offering
        self._clock = clock
        self._book = book

    async def preview(self, request_id: RequestId) -> Preview:
        """Look at a request without taking it."""
        async with self._read() as unit:
            return await in_hand.preview(unit, request_id, self._book(), self._clock.now())

    async def mine(self, agent_id: AgentId) -> Request | None:
        """Return what an agent has in hand."""
        async with self._read() as unit:
            return await in_hand.in_hand(unit, agent_id)

    async def take(self, agent_id: AgentId, request_id: RequestId) -> Request:
        """Take a text, or a callback, that waits."""
        async with self._begin() as unit:
            return await in_hand.take(unit, agent_id, request_id, self._book(), self._clock.now())

    async def take_next(self, agent_id: AgentId) -> Request | None:
        """Take the first in the order that this agent may answer, or call."""
        async with self._begin() as unit:
            return await in_hand.take_next(unit, agent_id, self._book(), self._clock.now())

    async def keep(self, agent_id: AgentId, request_id: RequestId) -> None:
        """Say that the agent is still at it: what nobody touches for a quarter of an hour is given back."""
        async with self._begin() as unit:
            await in_hand.keep(unit, agent_id, request_id, self._clock.now())

    async def give_back(self, agent_id: AgentId, request_id: RequestId) -> Request:
        """Let it wait again, at its place."""
        async with self._begin() as unit:
            return await in_hand.give_back(unit, agent_id, request_id, self._clock.now())

    async def finish(self, agent_id: AgentId, request_id: RequestId, reason: str) -> Request:
        """Close it as done: served otherwise, in the agent's words (at the counter, by letter)."""
        async with self._begin() as unit:
            return await in_hand.finish(unit, agent_id, request_id, reason[:200], self._clock.now())

    async def call(self, agent_id: AgentId, request_id: RequestId) -> None:
        """Ring the agent, and from their leg the citizen."""
        await self._offering.call(agent_id, request_id)
