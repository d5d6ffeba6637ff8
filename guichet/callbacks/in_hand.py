"""Requests that an agent has in hand: a text to answer, a callback to look at before calling. Inside a transaction.

    waiting --take, give--> offered: one agent has it --back, lapse--> waiting, at its place
                               |-- call (a callback) ---> dialing_agent, as one that is dispatched
                               +-- finish (answered in writing) ---> done

An agent has one in hand at most, and a request one agent. Whoever was free while they have it is busy; whoever pauses
and takes one all the same goes on pausing. What nobody touches for UNTOUCHED is given back: nothing is forgotten in a
drawer.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog

from guichet.callbacks.dispatch import UNTOUCHED, begin_attempt, take_for
from guichet.callbacks.legs import Leg
from guichet.callbacks.letting_go import let_go_in_hand, offer_next, watch_in_hand
from guichet.callbacks.lifecycle import Cause, Event, Move, move_request
from guichet.callbacks.never import is_never_called
from guichet.callbacks.order import why_here
from guichet.callbacks.ports import RingingUnit
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.service import tell_served
from guichet.callbacks.windows import next_window
from guichet.core.errors import Conflict, NotFound
from guichet.core.ids import AgentId, ContactId, RequestId
from guichet.core.language import Bilingual
from guichet.routing.agent import Agent, Presence
from guichet.routing.rule_book import RuleBook

_SERVES = frozenset({Presence.RINGING, Presence.BUSY})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Preview:
    """What an agent looks at before they call or write.

    `because` says why it stands where it stands. `never_call` tells that it is to be answered in writing; `opens_at` is
    when the citizen may be called next (None: at no time in sight), and `may_call` whether that is now. `tries` are how
    the attempts so far ended, `contacts` the calls and texts that it is about, `events` what happened.
    """

    request: Request
    because: tuple[Bilingual, ...]
    never_call: bool
    may_call: bool
    opens_at: datetime | None
    tries: tuple[str, ...]
    contacts: tuple[ContactId, ...]
    events: tuple[Event, ...]


async def preview(unit: RingingUnit, request_id: RequestId, book: RuleBook, now: datetime) -> Preview:
    """Look at a request; changes nothing. Raises NotFound."""
    request = await _known(unit, request_id)
    opens_at = next_window(book, request, now)
    never = await is_never_called(unit, request)
    return Preview(
        request=request,
        because=why_here(request, now, book.calendar.zone),
        never_call=never,
        may_call=not never and opens_at is not None and opens_at <= now,
        opens_at=opens_at,
        tries=tuple(await unit.attempts.results_of(request.id)),
        contacts=tuple(await unit.requests.contacts_of(request.id)),
        events=tuple(await unit.requests.events_of(request.id)),
    )


async def in_hand(unit: RingingUnit, agent_id: AgentId) -> Request | None:
    """Return what an agent has in hand."""
    return await unit.requests.in_hand_of(agent_id)


async def take(unit: RingingUnit, agent_id: AgentId, request_id: RequestId, book: RuleBook, now: datetime) -> Request:
    """Let an agent take a request that waits: a text, or a callback. Taking it twice is taking it once.

    Raises NotFound; Conflict where somebody else has it, where it waits on the line (it is rung), or where the agent is
    with a citizen or has another in hand, or does not serve its queue.
    """
    agent, request = await unit.agents.get(agent_id), await _known(unit, request_id)
    held = await unit.requests.in_hand_of(agent_id)
    if held is not None:
        if held.id == request.id:
            return held
        raise Conflict(f"you have {held.reference} in hand: answer it or give it back first")
    if request.holds:
        raise Conflict("this person waits on the line: a free agent is being rung for them")
    if request.state is not RequestState.WAITING:
        raise Conflict("somebody else has this request")
    if agent.presence in _SERVES:
        raise Conflict("you are with a citizen: take the next when you have finished")
    if not can_serve(agent, request, book):
        raise Conflict(f"you do not serve the queue {request.queue} in this language")
    return await take_for(unit, request, agent, agent_id, now)


async def take_next(unit: RingingUnit, agent_id: AgentId, book: RuleBook, now: datetime) -> Request | None:
    """Let an agent take the first in the order whom they may answer: a text that is due, or a callback.

    None where nobody waits for them. Raises as `take`. Who holds on the line is rung for by itself.
    """
    held = await unit.requests.in_hand_of(agent_id)
    if held is not None:
        return held
    agent = await unit.agents.get(agent_id)
    served = {(queue, language) for queue in _queues_of(agent, book) for language in agent.languages}
    first = await unit.requests.first_in_order(served, now, writing=served)
    if first is None:
        return None
    return await take(unit, agent_id, first.id, book, now)


async def keep(unit: RingingUnit, agent_id: AgentId, request_id: RequestId, now: datetime) -> None:
    """Take in that the agent is still at it. Raises Conflict where they do not have it in hand."""
    request = await own(unit, agent_id, request_id)
    if not await unit.requests.change(request, request.evolve(changed_at=now)):
        raise Conflict("the request has changed meanwhile")


async def give_back(unit: RingingUnit, agent_id: AgentId, request_id: RequestId, now: datetime) -> Request:
    """Let it wait again, at its place. Raises Conflict where the agent does not have it in hand."""
    request = await own(unit, agent_id, request_id)
    return await let_go_in_hand(unit, request, Cause(agent_id, now, "given back"), Presence.AVAILABLE)


async def lapse(unit: RingingUnit, request_id: RequestId, now: datetime) -> None:
    """Give back what nobody has touched for UNTOUCHED; its agent is set away, as one who lets calls ring."""
    request = await unit.requests.get(request_id)
    if request is None or request.state is not RequestState.OFFERED:
        return
    if now - request.changed_at < UNTOUCHED:
        await watch_in_hand(unit, request, request.changed_at + UNTOUCHED)
        return
    await let_go_in_hand(unit, request, Cause("system", now, "untouched for too long"), Presence.AWAY)
    log.info("request given back", request=request.id, agent=request.agent)


async def finish(unit: RingingUnit, agent_id: AgentId, request_id: RequestId, reason: str, now: datetime) -> Request:
    """Close what the agent has in hand as done. Raises Conflict where they do not have it."""
    request = await own(unit, agent_id, request_id)
    done, event = move_request(request, Move.FINISH, Cause(agent_id, now, reason))
    if not await unit.requests.change(request, done, event):
        raise Conflict("the request has changed meanwhile")
    if await unit.agents.change(agent_id, Presence.BUSY, Presence.AVAILABLE, now):
        await offer_next(unit, f"{request.id}:answered")
    await tell_served(unit, done)
    log.info("request answered", request=request.id, agent=agent_id)
    return done


ANSWERED = "answered by text"
"""Why a request ends that an agent has answered in writing."""


async def own(unit: RingingUnit, agent_id: AgentId, request_id: RequestId) -> Request:
    """Return a request that the agent has in hand. Raises NotFound or Conflict."""
    request = await _known(unit, request_id)
    if request.state is not RequestState.OFFERED or request.agent != agent_id:
        raise Conflict("you do not have this request in hand (any more): take it first")
    return request


def can_serve(agent: Agent, request: Request, book: RuleBook) -> bool:
    """Whether an agent serves the queue of a request, in its language."""
    return request.language in agent.languages and request.queue in _queues_of(agent, book)


def _queues_of(agent: Agent, book: RuleBook) -> frozenset[str]:
    """Return the queues that an agent serves; one that has left the book is served by who has its name for a skill."""
    named = {queue.name for queue in book.queues.values() if agent.skills & (queue.skills or {queue.name})}
    return frozenset(named | (agent.skills - set(book.queues)))


async def check_may_ring(unit: RingingUnit, request: Request, book: RuleBook, now: datetime) -> None:
    """Raise Conflict, with the reason, where the citizen of a callback is not to be called now."""
    if request.kind is RequestKind.HOLD:
        return
    if request.calls_at is None:
        raise Conflict("there is no number to call")
    if await is_never_called(unit, request):
        raise Conflict("this person is never to be called: answer in writing")
    opens_at = next_window(book, request, now)
    if opens_at is None or opens_at > now:
        when = f"before {opens_at.astimezone(book.calendar.zone):%d/%m %H:%M}" if opens_at else "at any time in sight"
        raise Conflict(f"this person may not be called {when}: calls are made in the hours of the rule book alone")


async def ring_own(
    unit: RingingUnit, agent_id: AgentId, request_id: RequestId, book: RuleBook, now: datetime
) -> tuple[Leg, Agent]:
    """Commit to ringing the agent for what they have in hand, and then the citizen. Raises Conflict."""
    request = await own(unit, agent_id, request_id)
    await check_may_ring(unit, request, book, now)
    agent = await unit.agents.get(agent_id)
    called = request if request.kind is not RequestKind.TEXT else request.evolve(kind=RequestKind.CALLBACK)
    await unit.agents.change(agent_id, Presence.BUSY, Presence.RINGING, now)
    return await begin_attempt(unit, request, called, agent, Cause(agent_id, now, "called from the desk"))


async def _known(unit: RingingUnit, request_id: RequestId) -> Request:
    request = await unit.requests.get(request_id)
    if request is None:
        raise NotFound("there is no such request")
    return request
