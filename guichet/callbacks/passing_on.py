"""Passing a conversation on to another agent or queue: the citizen holds again, and the context goes along.

agent asks -> attempt ended, the agent writes up, the request waits for the other | commit -> the citizen's leg is sent
              to hold (MoveCaller) -> the next agent is rung and told by whom it comes, and why
"""

from dataclasses import dataclass

import structlog

from guichet.callbacks.legs import Leg, leg_of, turned
from guichet.callbacks.lifecycle import Cause, Move, Turn, move_request
from guichet.callbacks.ports import Begin, BookInForce, RingingCarrier, RingingUnit
from guichet.callbacks.request import AttemptState, Request, RequestKind, RequestState
from guichet.callbacks.service import become_callback
from guichet.callbacks.store import PASSED_ON
from guichet.callbacks.wrapping_up import begin_wrap_up
from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import AgentId, CallSid, RequestId
from guichet.core.jobs import MoveCaller, RingAgent
from guichet.routing.agent import Agent
from guichet.routing.rule_book import RuleBook

MOST_LETTERS = 300

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ToQueue:
    """To whoever of a queue is free next."""

    queue: str


@dataclass(frozen=True, slots=True)
class ToAgent:
    """To an agent, who must be free; if they do not answer, to another one of a queue that they serve."""

    agent: AgentId


class PassingOn:
    """Passes conversations on, as agents ask for at their desk."""

    def __init__(self, begin: Begin, carrier: RingingCarrier, clock: Clock, book: BookInForce) -> None:
        self._begin = begin
        self._carrier = carrier
        self._clock = clock
        self._book = book

    @again_on_conflict
    async def pass_on(self, request_id: RequestId, by: AgentId, to: ToQueue | ToAgent, note: str = "") -> Request:
        """Pass the conversation that an agent has on, with a note for the next one; return the request.

        The citizen hears that they are passed on, and keeps their place. Raises BadInput for a queue that the book does
        not have or an agent who serves none, Conflict where that agent is not free, or `by` does not talk with them.
        """
        if len(note) > MOST_LETTERS:
            raise BadInput(f"a note has at most {MOST_LETTERS} letters")
        now, book = self._clock.now(), self._book()
        async with self._begin() as unit:
            leg, call = await conversation(unit, request_id, by)
            queue, wanted = await _aim(unit, leg.request, to, book)
            waits = await let_go(unit, leg, Cause(by, now, PASSED_ON), book)
            held = waits.evolve(
                kind=RequestKind.HOLD,
                queue=queue,
                call=call,
                held_since=now,
                entered_at=None,
                wanted=wanted,
                passed_by=by,
                passed_note=note.strip(),
            )
            if not await unit.requests.change(waits, held):
                raise Conflict("the request has changed meanwhile")
            key = f"{leg.attempt.id}:{PASSED_ON}"
            await unit.jobs.put(MoveCaller(held.id), key=f"move:{key}")
            await unit.jobs.put(RingAgent(held.id), key=f"ring:{key}")
        log.info("passed on", request=request_id, queue=queue)
        return held

    async def move(self, request_id: RequestId) -> None:
        """Run the job MoveCaller: send the citizen's leg to hold; who has hung up meanwhile is called back."""
        async with self._begin() as unit:
            request = await unit.requests.get(request_id)
        if request is None or not request.holds or request.call is None or request.entered_at is not None:
            return
        if not await self._carrier.redirect_call(request.call, f"/voice/passed?request={request_id}"):
            await self._gone(request_id)

    @again_on_conflict
    async def _gone(self, request_id: RequestId) -> None:
        async with self._begin() as unit:
            await become_callback(unit, request_id, self._clock.now())


async def conversation(unit: RingingUnit, request_id: RequestId, by: AgentId) -> tuple[Leg, CallSid]:
    """Return the conversation that an agent has, and the citizen's leg. Raises NotFound, or Conflict."""
    if await unit.requests.get(request_id) is None:
        raise NotFound("there is no such request")
    live = await unit.attempts.live_of(request_id)
    leg = await leg_of(unit, live.id) if live else None
    if leg is None or leg.attempt.agent != by or leg.attempt.state is not AttemptState.BRIDGED:
        raise Conflict("this agent does not talk with them (any more)")
    call = leg.request.call if leg.request.holds else leg.attempt.citizen_call
    if call is None or leg.request.state is not RequestState.TALKING:
        raise Conflict("they do not talk (any more)")
    return leg, call


async def let_go(unit: RingingUnit, leg: Leg, cause: Cause, book: RuleBook) -> Request:
    """End an agent's part of a conversation: they write it up, the request waits again."""
    leg = await turned(unit, leg, Turn.END, cause)
    waits, event = move_request(leg.request, Move.RELEASE, cause)
    if not await unit.requests.change(leg.request, waits, event):
        raise Conflict("the request has changed meanwhile")
    await begin_wrap_up(unit, leg.attempt, leg.request, book, cause.at)
    return waits


async def _aim(
    unit: RingingUnit, request: Request, to: ToQueue | ToAgent, book: RuleBook
) -> tuple[str, AgentId | None]:
    """Return the queue that a request goes to, and the agent who is wanted."""
    if isinstance(to, ToQueue):
        if to.queue not in book.queues:
            raise BadInput(f"there is no queue '{to.queue}'; there are {', '.join(book.queues)}")
        return to.queue, None
    agent = await unit.agents.get(to.agent)
    if request.language not in agent.languages:
        raise BadInput(f"{agent.name} does not speak their language")
    served = _queues(agent, book)
    if not served:
        raise BadInput(f"{agent.name} serves no queue of the rule book")
    if not agent.can_be_rung:
        raise Conflict(f"{agent.name} is not free ({agent.presence.value}): pass it on to a queue")
    return request.queue if request.queue in served else served[0], agent.id


def _queues(agent: Agent, book: RuleBook) -> list[str]:
    return [queue.name for queue in book.queues.values() if queue.skills & agent.skills]
