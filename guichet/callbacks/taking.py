"""A request that an agent has taken themselves, inside a transaction: to write, or to call when they are ready.

waiting --take--> offered (theirs) --call--> dialing_agent …    offered --give back--> waiting
                                   --finish--> done

Whoever has one is busy: no other is offered to them meanwhile. Two cannot have the same: the state is checked as it is
written, and the second is told who was quicker.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog

from guichet.callbacks.legs import WATCH_RINGING, Leg, watch
from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.lifecycle import Cause, Event, Move, move_request
from guichet.callbacks.ports import RingingUnit, Unit
from guichet.callbacks.request import Attempt, AttemptState, Request, RequestKind, RequestState
from guichet.callbacks.windows import next_window
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import AgentId, AttemptId, RequestId, new_id
from guichet.routing.agent import Agent, Presence
from guichet.routing.rule_book import RuleBook

log = structlog.get_logger()
WITH_SOMEBODY = frozenset({Presence.RINGING, Presence.BUSY, Presence.WRAP_UP})


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody else has the request."""

    by: AgentId


async def take(unit: Unit, request_id: RequestId, agent_id: AgentId, now: datetime) -> Request | Taken:
    """Give a waiting request to the agent who wants it; the same agent may ask twice.

    Raises NotFound, Conflict for a request that cannot be taken (its person holds on the line, or it has ended), and
    Conflict while the agent has somebody else.
    """
    request = await _current(unit, request_id)
    if request.agent == agent_id and request.state.is_open:
        return request
    if request.agent is not None and request.state.is_open:
        return Taken(request.agent)
    if request.state is not RequestState.WAITING or request.kind is RequestKind.HOLD:
        raise Conflict(f"a request that is {request.state.value} ({request.kind.value}) cannot be taken")
    agent = await unit.agents.get(agent_id)
    if agent.presence in WITH_SOMEBODY:
        raise Conflict("finish with the one you have before you take another")
    overtaken = await unit.requests.overtaken_by(request, now)
    cause = Cause(agent_id, now, f"overtakes {overtaken}" if overtaken else "taken")
    offered, event = move_request(request, Move.OFFER, cause, agent=agent_id)
    is_mine = await unit.requests.change(request, offered, event)
    if not is_mine or not await unit.agents.change(agent_id, agent.presence, Presence.BUSY, now):
        raise Conflict("somebody was quicker")
    log.info("request taken", request=request_id, agent=agent_id)
    return offered


async def give_back(
    unit: Unit, request_id: RequestId, agent_id: AgentId, now: datetime, *, later: datetime | None = None
) -> Request:
    """Let a request wait again, at its place or from a later moment on; its agent is free."""
    request = await own(unit, request_id, agent_id)
    waiting, event = move_request(request, Move.RELEASE, Cause(agent_id, now, "given back"))
    if later is not None:
        waiting = waiting.evolve(not_before=later, put_off_until=None)
    await _write(unit, request, waiting, event)
    await _free(unit, agent_id, now)
    await offer_next(unit, f"{request_id}:back:{now.timestamp():.3f}", later)
    return waiting


async def finish(unit: Unit, request_id: RequestId, agent_id: AgentId, reason: str, now: datetime) -> Request:
    """End a request that its agent has served without the telephone; they are free."""
    request = await own(unit, request_id, agent_id)
    done, event = move_request(request, Move.FINISH, Cause(agent_id, now, reason))
    await _write(unit, request, done, event)
    await _free(unit, agent_id, now)
    return done


async def prepare_call(
    unit: RingingUnit, request_id: RequestId, agent_id: AgentId, book: RuleBook, now: datetime
) -> tuple[Leg, Agent]:
    """Commit to ringing the agent who has taken a request, to call its person.

    Raises BadInput where nobody may be called: no number, never to be called, or no hour for it now.
    """
    request = await own(unit, request_id, agent_id)
    if request.calls_at is None:
        raise BadInput("there is no number to call")
    citizen = await unit.citizens.get(request.citizen) if request.citizen else None
    if citizen is not None and citizen.never_call:
        raise BadInput("this person is never called: write to them")
    opens = next_window(book, request, now)
    if opens is None or opens > now:
        raise BadInput("this is no hour to call them: give the case back, or finish it with a later date")
    attempt = Attempt(AttemptId(new_id("att")), request.id, agent_id, AttemptState.PREPARED, now)
    ringing, event = move_request(request, Move.RING, Cause(agent_id, now, "called by their agent"))
    await _write(unit, request, ringing.evolve(kind=RequestKind.CALLBACK), event)
    is_free = await unit.agents.change(agent_id, Presence.BUSY, Presence.RINGING, now)
    if not is_free or not await unit.attempts.add(attempt):
        raise Conflict("this request or agent is being rung already")
    await watch(unit, attempt, now + WATCH_RINGING)
    return Leg(attempt, await _current(unit, request_id)), await unit.agents.get(agent_id)


async def free_if_idle(unit: Unit, agent_id: AgentId, now: datetime) -> bool:
    """Make a busy agent free whose request has gone elsewhere; say whether they were."""
    return await unit.agents.change(agent_id, Presence.BUSY, Presence.AVAILABLE, now)


async def own(unit: Unit, request_id: RequestId, agent_id: AgentId) -> Request:
    """Return a request that the agent has taken. Raises Conflict where it is not theirs (any more)."""
    request = await _current(unit, request_id)
    if request.agent != agent_id or request.state is not RequestState.OFFERED:
        raise Conflict("this case is not in your hands: take it first")
    return request


async def _free(unit: Unit, agent_id: AgentId, now: datetime) -> None:
    if await unit.agents.change(agent_id, Presence.BUSY, Presence.AVAILABLE, now):
        await offer_next(unit, f"{agent_id}:free:{now.timestamp():.3f}")


async def _write(unit: Unit, before: Request, after: Request, event: Event) -> None:
    if not await unit.requests.change(before, after, event):
        raise Conflict("the request has changed meanwhile")


async def _current(unit: Unit, request_id: RequestId) -> Request:
    request = await unit.requests.get(request_id)
    if request is None:
        raise NotFound("there is no such request")
    return request
