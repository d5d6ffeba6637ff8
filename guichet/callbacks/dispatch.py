"""Who is served next, inside a transaction: the one order of holders, callbacks and texts meets the free agents.

A free agent gets the first in the order whom they can serve, whichever the queue, holder, callback or text (a text if
they answer texts). Every callback that is out keeps its own agent, so that there are never more than free agents.
What may not be called now (outside its window) is put off to the next window and the next is looked at.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from guichet.callbacks.legs import WATCH_RINGING, Leg, ring_later, watch
from guichet.callbacks.letting_go import offer_next, watch_in_hand
from guichet.callbacks.lifecycle import Cause, Move, move_request
from guichet.callbacks.never import answer_in_writing, is_never_called
from guichet.callbacks.ports import RingingUnit, Unit
from guichet.callbacks.request import Attempt, AttemptState, Request, RequestKind, RequestState
from guichet.callbacks.service import close_request
from guichet.callbacks.store import Served
from guichet.callbacks.warning import wants_warning, warn_one
from guichet.callbacks.windows import next_window
from guichet.core.errors import Conflict
from guichet.core.ids import AgentId, AttemptId, RequestId, new_id
from guichet.routing.agent import Agent, Presence
from guichet.routing.rule_book import RuleBook

_MOST_PUT_OFF = 100
"""Callbacks put off in one transaction; there may be many when a counter closes."""
UNTOUCHED = timedelta(minutes=30)
"""How long an agent may have a request in hand without touching it."""
_NEVER = timedelta(days=30)
"""When a callback is looked at again that no window will ever let through (the book may have changed)."""

log = structlog.get_logger()


async def prepare(unit: RingingUnit, book: RuleBook, now: datetime) -> tuple[Leg, Agent] | None:
    """Take the first in the order and a free agent for them, and commit to ringing the agent; None: nothing to do.

    Raises Conflict where somebody else was quicker (the transaction must not be kept then).
    """
    served = await whom_we_serve(unit, book)
    writing = await whom_we_serve(unit, book, writes=True) if served else ()
    for _ in range(_MOST_PUT_OFF):
        first = await unit.requests.first_in_order(served, now, writing=writing) if served else None
        if first is None:
            return None
        if first.kind is RequestKind.TEXT:
            await _give(unit, first, book, now)
            await offer_next(unit, new_id("more"))
            return None
        if first.holds or not await _put_off(unit, first, book, now):
            return await _take(unit, first, book, now)
    await offer_next(unit, new_id("more"))
    return None


async def prepare_for(
    unit: RingingUnit, request_id: RequestId, book: RuleBook, now: datetime
) -> tuple[Leg, Agent] | None:
    """Do the same because somebody holds; as long as it is not their turn, it is tried again in a while."""
    asked = await unit.requests.get(request_id)
    if asked is not None and asked.holds and asked.state is RequestState.OFFERED and asked.agent is not None:
        return await _ring_who_has_it(unit, asked, asked.agent, now)
    if asked is None or not asked.holds or asked.state is not RequestState.WAITING:
        return None
    prepared = await prepare(unit, book, now)
    if prepared is None or prepared[0].request.id != asked.id:
        await ring_later(unit, asked.id, now)
    return prepared


async def _ring_who_has_it(unit: RingingUnit, asked: Request, agent_id: AgentId, now: datetime) -> tuple[Leg, Agent]:
    """Ring the agent who has a request in hand whose citizen has rung in meanwhile: they are put through to it."""
    await unit.agents.change(agent_id, Presence.BUSY, Presence.RINGING, now)
    agent = await unit.agents.get(agent_id)
    return await begin_attempt(unit, asked, asked, agent, Cause("system", now, "the citizen has rung in"))


async def whom_we_serve(unit: RingingUnit, book: RuleBook, *, writes: bool = False) -> Served:
    """Return the queues, each with a language, for which an agent (who `writes`) is free now."""
    free = await unit.agents.free_abilities(writes=writes)
    by_skill: dict[str, set[str]] = {}
    for queue in book.queues.values():
        for skill in queue.skills:
            by_skill.setdefault(skill, set()).add(queue.name)
    named = {(queue, language) for skill, language in free for queue in by_skill.get(skill, ())}
    # A queue that has left the book is served by those who have its name for a skill.
    return named | {(skill, language) for skill, language in free if skill not in book.queues}


async def is_anything_to_do(unit: RingingUnit, book: RuleBook, now: datetime) -> bool:
    """Whether somebody waits whom a free agent could serve: two cheap questions, asked every few seconds."""
    served = await whom_we_serve(unit, book)
    if not served:
        return False
    writing = await whom_we_serve(unit, book, writes=True)
    return await unit.requests.is_anyone_due(served, now, writing=writing)


async def _take(unit: RingingUnit, first: Request, book: RuleBook, now: datetime) -> tuple[Leg, Agent]:
    queue = book.queues.get(first.queue)
    acquainted = await unit.attempts.acquainted(first.id)
    agent = await unit.agents.claim(
        first.queue,
        first.language,
        now,
        skills=queue.skills if queue else (),
        prefer=replace(acquainted, known=(first.wanted, *acquainted.known)) if first.wanted else acquainted,
    )
    if agent is None:
        raise Conflict("the agent has been taken meanwhile")
    if wants_warning(first, now) and book.calling.notice_minutes and await warn_one(unit, first, book, now):
        first = first.evolve(warned_at=now)
    return await begin_attempt(unit, first, first, agent, Cause("system", now))


async def begin_attempt(
    unit: RingingUnit, before: Request, request: Request, agent: Agent, cause: Cause
) -> tuple[Leg, Agent]:
    """Commit to ringing an agent for a request, kept as `before`. Raises Conflict where either is rung already."""
    attempt = Attempt(AttemptId(new_id("att")), request.id, agent.id, AttemptState.PREPARED, cause.at)
    overtook, cause = await overtaking(unit, request, cause)
    ringing, event = move_request(request, Move.RING, cause, agent=agent.id, overtook=overtook)
    if not await unit.attempts.add(attempt) or not await unit.requests.change(before, ringing, event):
        raise Conflict("this request or agent is being rung already")
    await watch(unit, attempt, cause.at + WATCH_RINGING)
    await offer_next(unit, attempt.id)
    return Leg(attempt, ringing), agent


async def overtaking(unit: Unit, request: Request, cause: Cause) -> tuple[int, Cause]:
    """Return how many are overtaken by whom an agent takes now, and the cause that tells it."""
    if request.state is RequestState.OFFERED:
        return request.overtook, cause  # counted when it was taken in hand
    count = await unit.requests.overtaken_by(request, cause.at)
    told = f"overtakes {count}" if count else ""
    return count, replace(cause, reason="; ".join(part for part in (cause.reason, told) if part))


async def take_for(unit: Unit, request: Request, agent: Agent, actor: str, now: datetime) -> Request:
    """Put a request into an agent's hand. Raises Conflict where somebody else was quicker."""
    overtook, cause = await overtaking(unit, request, Cause(actor, now))
    held, event = move_request(request, Move.OFFER, cause, agent=agent.id, overtook=overtook, asked_at=None)
    if not await unit.requests.change(request, held, event):
        raise Conflict("somebody else was quicker, or you have another request in hand")
    for free in (Presence.AVAILABLE, Presence.WRAP_UP, Presence.RINGING):
        await unit.agents.change(agent.id, free, Presence.BUSY, now)
    await watch_in_hand(unit, held, now + UNTOUCHED)
    log.info("request in hand", request=request.id, agent=agent.id)
    return held


async def _give(unit: RingingUnit, first: Request, book: RuleBook, now: datetime) -> None:
    """Put a text into the hand of a free agent who answers texts. Raises Conflict where nobody is any more."""
    queue = book.queues.get(first.queue)
    skills = queue.skills if queue else ()
    prefer = await unit.attempts.acquainted(first.id)
    agent = await unit.agents.claim(first.queue, first.language, now, skills=skills, prefer=prefer, writes=True)
    if agent is None:
        raise Conflict("the agent has been taken meanwhile")
    await take_for(unit, first, agent, "system", now)


async def _put_off(unit: RingingUnit, first: Request, book: RuleBook, now: datetime) -> bool:
    """Put a callback off that may not go now; say whether it was."""
    if first.calls_at is None:
        await close_request(unit, first.id, RequestState.EXHAUSTED, "no number to call", now)
        return True
    if await is_never_called(unit, first):
        await answer_in_writing(unit, first, Cause("system", now, "never to be called"))
        log.info("callback turned into a text", request=first.id)
        return True
    opens = next_window(book, first, now)
    if opens is not None and opens <= now:
        return False
    later = opens or now + _NEVER
    if not await unit.requests.change(first, first.evolve(not_before=later, put_off_until=later)):
        raise Conflict("the request has changed meanwhile")
    log.info("callback put off", request=first.id)
    return True
