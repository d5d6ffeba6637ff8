"""Who is served next, inside a transaction: the one order of holders and callbacks meets the free agents.

A free agent gets the first in the order whom they can serve, whichever the queue, holder or callback. Every callback
that is out keeps its own agent, so that there are never more of them than free agents. What may not be called now
(outside its window) is put off to the next window and the next in the order is looked at.
"""

from datetime import datetime, timedelta

import structlog

from guichet.callbacks.legs import WATCH_RINGING, Leg, ring_later, watch
from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.lifecycle import Cause, Move, move_request
from guichet.callbacks.ports import RingingUnit
from guichet.callbacks.request import Attempt, AttemptState, Request, RequestKind, RequestState
from guichet.callbacks.service import close_request
from guichet.callbacks.store import Served
from guichet.callbacks.warning import wants_warning, warn_one
from guichet.callbacks.windows import next_window
from guichet.core.errors import Conflict
from guichet.core.ids import AttemptId, RequestId, new_id
from guichet.core.jobs import TextRequest
from guichet.routing.agent import Agent
from guichet.routing.rule_book import RuleBook

_MOST_PUT_OFF = 100
"""Callbacks put off in one transaction; there may be many when a counter closes."""
_NEVER = timedelta(days=30)
"""When a callback is looked at again that no window will ever let through (the book may have changed)."""

log = structlog.get_logger()


async def prepare(unit: RingingUnit, book: RuleBook, now: datetime) -> tuple[Leg, Agent] | None:
    """Take the first in the order and a free agent for them, and commit to ringing the agent; None: nothing to do.

    Raises Conflict where somebody else was quicker (the transaction must not be kept then).
    """
    served = await whom_we_serve(unit, book)
    for _ in range(_MOST_PUT_OFF):
        first = await unit.requests.first_in_order(served, now) if served else None
        if first is None:
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
    if asked is None or not asked.holds or asked.state is not RequestState.WAITING:
        return None
    prepared = await prepare(unit, book, now)
    if prepared is None or prepared[0].request.id != asked.id:
        await ring_later(unit, asked.id, now)
    return prepared


async def whom_we_serve(unit: RingingUnit, book: RuleBook) -> Served:
    """Return the queues, each with a language, for which an agent is free now."""
    free = await unit.agents.free_abilities()
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
    return bool(served) and await unit.requests.is_anyone_due(served, now)


async def _take(unit: RingingUnit, first: Request, book: RuleBook, now: datetime) -> tuple[Leg, Agent]:
    queue = book.queues.get(first.queue)
    acquainted = await unit.attempts.acquainted(first.id)
    agent = await unit.agents.claim(
        first.queue,
        first.language,
        now,
        skills=queue.skills if queue else (),
        known=(first.wanted, *acquainted.known) if first.wanted else acquainted.known,
        parted=acquainted.parted,
    )
    if agent is None:
        raise Conflict("the agent has been taken meanwhile")
    if wants_warning(first, now) and book.calling.notice_minutes and await warn_one(unit, first, book, now):
        first = first.evolve(warned_at=now)
    attempt = Attempt(AttemptId(new_id("att")), first.id, agent.id, AttemptState.PREPARED, now)
    overtaken = await unit.requests.overtaken_by(first, now)
    reason = f"overtakes {overtaken}" if overtaken else ""
    ringing, event = move_request(first, Move.RING, Cause("system", now, reason), agent=agent.id)
    if not await unit.attempts.add(attempt) or not await unit.requests.change(first, ringing, event):
        raise Conflict("this request or agent is being rung already")
    await watch(unit, attempt, now + WATCH_RINGING)
    await offer_next(unit, attempt.id)
    return Leg(attempt, ringing), agent


async def _put_off(unit: RingingUnit, first: Request, book: RuleBook, now: datetime) -> bool:
    """Put a callback off that may not go now; say whether it was."""
    if first.calls_at is None:
        await close_request(unit, first.id, RequestState.EXHAUSTED, "no number to call", now)
        return True
    citizen = await unit.citizens.get(first.citizen) if first.citizen else None
    if citizen is not None and citizen.never_call:
        await _by_text(unit, first, now)
        return True
    opens = next_window(book, first, now)
    if opens is not None and opens <= now:
        return False
    later = opens or now + _NEVER
    if not await unit.requests.change(first, first.evolve(not_before=later, put_off_until=later)):
        raise Conflict("the request has changed meanwhile")
    log.info("callback put off", request=first.id)
    return True


async def _by_text(unit: RingingUnit, request: Request, now: datetime) -> None:
    """Let somebody who is never called be answered in writing, at the same place."""
    written = request.evolve(kind=RequestKind.TEXT, changed_at=now)
    if not await unit.requests.change(request, written):
        raise Conflict("the request has changed meanwhile")
    await unit.jobs.put(TextRequest(request.id, "by_text"), key=f"by_text:{request.id}")
    log.info("callback turned into a text", request=request.id)
