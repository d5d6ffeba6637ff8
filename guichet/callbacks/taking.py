"""A request that an agent has in hand, inside a transaction: to write, or to look at before they call.

    waiting --take, or given by the order--> offered (theirs) --give back, lapse--> waiting
                                                |-- call ---> dialing_agent, as one that is dispatched
                                                +-- finish (served in writing, or otherwise) ---> done

A request is in one agent's hand, and an agent has one at most: the state is checked as it is written, and the second is
told who was quicker. Whoever was free while they have it is busy; whoever pauses and takes one goes on pausing. What
nobody touches for UNTOUCHED is given back: nothing is forgotten in a drawer.
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
from guichet.callbacks.ports import RingingUnit, Unit
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.service import tell_served
from guichet.callbacks.windows import next_window
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import AgentId, ContactId, RequestId
from guichet.core.language import Bilingual
from guichet.routing.agent import Agent, Presence
from guichet.routing.rule_book import RuleBook

log = structlog.get_logger()
WITH_SOMEBODY = frozenset({Presence.RINGING, Presence.BUSY, Presence.WRAP_UP})
ANSWERED = "answered by text"
"""Why a request ends that an agent has answered in writing."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody else has the request."""

    by: AgentId


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
    request = await _current(unit, request_id)
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
    if agent.presence in WITH_SOMEBODY or await unit.requests.in_hand_of(agent_id) is not None:
        raise Conflict("finish with the one you have before you take another")
    return await take_for(unit, request, agent, agent_id, now)


async def take_next(unit: Unit, agent_id: AgentId, book: RuleBook, now: datetime) -> Request | None:
    """Let an agent take the first in the order of the queues that they serve: a text, or a callback.

    What they have in hand comes first; None where nobody waits for them. Raises as `take`. Who holds is rung for.
    """
    held = await unit.requests.in_hand_of(agent_id)
    if held is not None:
        return held
    agent = await unit.agents.get(agent_id)
    served = {(queue, language) for queue in _queues_of(agent, book) for language in agent.languages}
    first = await unit.requests.first_in_order(served, now, writing=served)
    taken = await take(unit, first.id, agent_id, now) if first is not None else None
    return taken if isinstance(taken, Request) else None


async def keep(unit: Unit, request_id: RequestId, agent_id: AgentId, now: datetime) -> None:
    """Take in that the agent is still at it. Raises Conflict where they do not have it in hand."""
    request = await own(unit, request_id, agent_id)
    await _write(unit, request, request.evolve(changed_at=now))


async def give_back(
    unit: Unit, request_id: RequestId, agent_id: AgentId, now: datetime, *, later: datetime | None = None
) -> Request:
    """Let a request wait again, at its place or from a later moment on; its agent is free."""
    request = await own(unit, request_id, agent_id)
    waiting = await let_go_in_hand(unit, request, Cause(agent_id, now, "given back"), Presence.AVAILABLE)
    if later is None:
        return waiting
    put_off = waiting.evolve(not_before=later, put_off_until=None)
    await _write(unit, waiting, put_off)
    await offer_next(unit, f"{request_id}:later:{later.timestamp():.0f}", later)
    return put_off


async def lapse(unit: Unit, request_id: RequestId, now: datetime) -> None:
    """Give back what nobody has touched for UNTOUCHED; its agent is set away, as one who lets calls ring."""
    request = await unit.requests.get(request_id)
    if request is None or request.state is not RequestState.OFFERED:
        return
    if now - request.changed_at < UNTOUCHED:
        await watch_in_hand(unit, request, request.changed_at + UNTOUCHED)
        return
    await let_go_in_hand(unit, request, Cause("system", now, "untouched for too long"), Presence.AWAY)
    log.info("request given back", request=request.id, agent=request.agent)


async def finish(unit: Unit, request_id: RequestId, agent_id: AgentId, reason: str, now: datetime) -> Request:
    """End a request that its agent has served without the telephone; they are free."""
    request = await own(unit, request_id, agent_id)
    done, event = move_request(request, Move.FINISH, Cause(agent_id, now, reason))
    await _write(unit, request, done, event)
    await free_if_idle(unit, agent_id, now)
    await tell_served(unit, done)
    log.info("request finished", request=request.id, agent=agent_id)
    return done


async def prepare_call(
    unit: RingingUnit, request_id: RequestId, agent_id: AgentId, book: RuleBook, now: datetime
) -> tuple[Leg, Agent]:
    """Commit to ringing the agent who has taken a request, to call its person.

    Raises BadInput where nobody may be called: no number, never to be called, or no hour for it now.
    """
    request = await own(unit, request_id, agent_id)
    if not request.holds:
        await _check_may_ring(unit, request, book, now)
    agent = await unit.agents.get(agent_id)
    called = request if request.holds else request.evolve(kind=RequestKind.CALLBACK)
    await unit.agents.change(agent_id, Presence.BUSY, Presence.RINGING, now)
    return await begin_attempt(unit, request, called, agent, Cause(agent_id, now, "called by their agent"))


async def free_if_idle(unit: Unit, agent_id: AgentId, now: datetime) -> bool:
    """Make a busy agent free whose request has gone elsewhere; say whether they were."""
    is_free = await unit.agents.change(agent_id, Presence.BUSY, Presence.AVAILABLE, now)
    if is_free:
        await offer_next(unit, f"{agent_id}:free:{now.timestamp():.3f}")
    return is_free


async def own(unit: Unit, request_id: RequestId, agent_id: AgentId) -> Request:
    """Return a request that the agent has taken. Raises Conflict where it is not theirs (any more)."""
    request = await _current(unit, request_id)
    if request.agent != agent_id or request.state is not RequestState.OFFERED:
        raise Conflict("this case is not in your hands: take it first")
    return request


def _queues_of(agent: Agent, book: RuleBook) -> frozenset[str]:
    """Return the queues that an agent serves; one that has left the book is served by who has its name for a skill."""
    named = {queue.name for queue in book.queues.values() if agent.skills & (queue.skills or {queue.name})}
    return frozenset(named | (agent.skills - set(book.queues)))


async def _check_may_ring(unit: RingingUnit, request: Request, book: RuleBook, now: datetime) -> None:
    """Raise BadInput, with the reason, where the citizen is not to be called now."""
    if request.calls_at is None:
        raise BadInput("there is no number to call")
    if await is_never_called(unit, request):
        raise BadInput("this person is never called: write to them")
    opens = next_window(book, request, now)
    if opens is None or opens > now:
        when = f"before {opens.astimezone(book.calendar.zone):%d/%m %H:%M}" if opens else "in sight"
        raise BadInput(f"this is no hour to call them: none {when}; give the case back, or finish it with a later date")


async def _write(unit: Unit, before: Request, after: Request, event: Event | None = None) -> None:
    if not await unit.requests.change(before, after, event):
        raise Conflict("the request has changed meanwhile")


async def _current(unit: Unit, request_id: RequestId) -> Request:
    request = await unit.requests.get(request_id)
    if request is None:
        raise NotFound("there is no such request")
    return request
