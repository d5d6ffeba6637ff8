"""Opening, joining, converting and closing requests inside the caller's transaction; the same for every channel."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from guichet.callbacks.joining import (
    CHOOSING,
    HANGING_UP,
    citizen_subject,
    join,
    new_request,
    number_subject,
    raised,
)
from guichet.callbacks.letting_go import DROPPED, let_agent_go, offer_next
from guichet.callbacks.lifecycle import Cause, Move, move_request
from guichet.callbacks.ports import Unit
from guichet.callbacks.request import Demand, Request, RequestKind, RequestState
from guichet.core.errors import Conflict, NotFound
from guichet.core.ids import CitizenId, ContactId, RequestId
from guichet.core.jobs import ConfirmRequest, RingAgent, TextRequest
from guichet.core.phone import PhoneNumber
from guichet.routing.following import ReminderRules
from guichet.routing.intent import AGENT, DANGER
from guichet.routing.measures import MERGED

_TRIES = 5
NO_RAISE = ReminderRules()
"""Reminders that add nothing to the urgency."""
UNNAMED = frozenset({"", AGENT})
"""Matters that say only that somebody wants an agent."""
_CLOSING = {
    RequestState.DONE: Move.FINISH,
    RequestState.CANCELLED: Move.CANCEL,
    RequestState.EXPIRED: Move.EXPIRE,
    RequestState.EXHAUSTED: Move.EXHAUST,
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Opened:
    """The request that serves a demand, and whether the demand opened it."""

    request: Request
    is_new: bool


async def open_request(unit: Unit, demand: Demand, now: datetime, reminders: ReminderRules = NO_RAISE) -> Opened:
    """Open a request, or join the one that is open (the rules are in `joining`); harmless when repeated.

    Asking again may make it more urgent, by the rules of `reminders`.
    Puts RingAgent for who holds, ConfirmRequest (once a request) for who is called or written to.
    """
    for _ in range(_TRIES):
        opened = await _open_or_join(unit, demand, now, reminders)
        if opened is not None:
            await _follow_up(unit, opened.request, now + CHOOSING if demand.call else None)
            outcome = "request opened" if opened.is_new else "request joined"
            log.info(outcome, request=opened.request.id, kind=opened.request.kind.value)
            return opened
    raise Conflict("the request keeps changing; ask again")


async def remind(unit: Unit, request: Request, contact: ContactId, rules: ReminderRules, now: datetime) -> Request:
    """Count a contact as a reminder of an open request, which may become more urgent; once for each contact.

    Raises Conflict where the request changes at this moment.
    """
    if not await unit.requests.link(request.id, contact, now):
        return request
    reminded = await _current(unit, request.id)
    urgent = raised(reminded, rules)
    if reminded.state.is_open and not await unit.requests.change(reminded, urgent):
        raise Conflict("the request has changed meanwhile")
    log.info("request reminded", request=request.id, reminders=reminded.reminders)
    return urgent


async def find_open(
    unit: Unit, citizen: CitizenId | None, number: PhoneNumber | None, intent: str | None
) -> Request | None:
    """Return the open request that somebody is reminding us of: of their matter, or else the only one they have."""
    found = list(await unit.requests.open_of_citizen(citizen)) if citizen else []
    if not found and number is not None:
        at_number = await unit.requests.open_of_number(number)
        found = [one for one in at_number if citizen is None or one.citizen is None]
    if intent is not None and intent not in UNNAMED:
        found = [one for one in found if one.intent in {intent, *UNNAMED}]
    return found[0] if len(found) == 1 else None


async def is_out(unit: Unit, demand: Demand) -> bool:
    """Whether the request that a demand would join is out: an agent is being rung for it, or the citizen."""
    request = await _find(unit, demand)
    return request is not None and request.is_out


async def become_callback(
    unit: Unit, request_id: RequestId, now: datetime, number: PhoneNumber | None = None
) -> Request:
    """Let somebody leave the hold queue and be called back at their place, at `number` or the one they have.

    An agent who is being rung is let go. Without any number the request is cancelled: nobody could be called. Nothing
    changes for who talks already, or whose request has ended.
    """
    request = await _current(unit, request_id)
    if not request.state.is_open or request.state is RequestState.TALKING:
        return request
    reached = number or request.number
    if reached is None:
        return await close_request(unit, request_id, RequestState.CANCELLED, "left the queue without a number", now)
    request = await let_agent_go(unit, request, Cause("citizen", now, DROPPED))
    later = max(request.not_before or now, now + HANGING_UP)
    called = request.evolve(
        kind=RequestKind.CALLBACK, number=reached, call=None, changed_at=now, not_before=later, entered_at=None
    )
    if not await unit.requests.change(request, called):
        raise Conflict("the request has changed meanwhile")
    await _follow_up(unit, called, now + CHOOSING)
    return called


async def entered_queue(unit: Unit, request_id: RequestId, now: datetime) -> None:
    """Take in that the carrier has the caller in its queue: an agent who accepts may be connected from now on.

    Raises Conflict where the request changes at this moment.
    """
    request = await unit.requests.get(request_id)
    if request is None or not request.holds or request.entered_at is not None:
        return
    if not await unit.requests.change(request, request.evolve(entered_at=now)):
        raise Conflict("the request has changed meanwhile")


async def close_request(
    unit: Unit, request_id: RequestId, state: RequestState, reason: str, now: datetime, actor: str = "system"
) -> Request:
    """End a request: done, cancelled, expired or exhausted. One that has ended already is returned as it is.

    Raises Conflict where its present state cannot end so. An agent who is being rung for it is let go.
    """
    request = await _current(unit, request_id)
    if not request.state.is_open:
        return request
    cause = Cause(actor, now, reason)
    if request.is_out:
        request = await let_agent_go(unit, request, Cause("system", now, DROPPED))
    closed, event = move_request(request, _CLOSING[state], cause)
    if not await unit.requests.change(request, closed, event):
        raise Conflict("the request has changed meanwhile")
    log.info("request closed", request=request.id, state=state.value)
    return closed


async def tell_served(unit: Unit, request: Request) -> None:
    """Have the texts sent that follow when a citizen has been served: that their request is closed, a survey; once."""
    await unit.jobs.put(TextRequest(request.id, "served"), key=f"served:{request.id}")


async def _find(unit: Unit, demand: Demand) -> Request | None:
    """Find the open request that a demand is about, giving it to its citizen where they have become known."""
    return await _of_matter(unit, demand) or await _of_unnamed(unit, demand)


async def _of_unnamed(unit: Unit, demand: Demand) -> Request | None:
    """Find the request of somebody who only says that they want an agent, or had only said so before.

    They mean the one thing they wait for. Where the matter is said later, the request becomes one about it; it keeps
    its place. Of whom only the number is known, that is the one open request at a mobile; at a landline it could not be
    told whose it is.
    """
    if demand.citizen is not None:
        found = list(await unit.requests.open_of_citizen(demand.citizen))
    elif demand.number is not None:
        at_number = await unit.requests.open_of_number(demand.number)
        is_own = demand.number.can_receive_texts
        found = [one for one in at_number if is_own or one.citizen is None]
    else:
        return None
    if demand.intent in UNNAMED:
        calm = [one for one in found if one.intent != DANGER]
        return calm[0] if len(calm) == 1 else None
    unnamed = [one for one in found if one.intent in UNNAMED]
    if demand.intent == DANGER or len(unnamed) != 1 or unnamed[0].state is not RequestState.WAITING:
        return None
    named = unnamed[0].evolve(intent=demand.intent, queue=demand.queue)
    return named if await unit.requests.change(unnamed[0], named) else None


async def _of_matter(unit: Unit, demand: Demand) -> Request | None:
    """Find the open request of the same person for the same matter."""
    requests, intent = unit.requests, demand.intent
    own = await requests.open_of_subject(citizen_subject(demand.citizen), intent) if demand.citizen else None
    if demand.number is None:
        return own
    unknown = await requests.open_of_subject(number_subject(demand.number), intent)
    if demand.citizen is not None:
        return await _adopt(unit, own, unknown, demand)
    if unknown is not None:
        return unknown
    answered_there = await requests.open_of_number(demand.number, intent)
    return answered_there[0] if len(answered_there) == 1 else None


async def _adopt(unit: Unit, own: Request | None, unknown: Request | None, demand: Demand) -> Request | None:
    if unknown is None or demand.citizen is None:
        return own
    if own is None:
        adopted = await unit.requests.adopt(unknown, demand.citizen)
        return await _current(unit, unknown.id) if adopted else None
    if {own.state, unknown.state} != {RequestState.WAITING}:
        return own
    return await _merge(unit, own, unknown, demand)


async def _merge(unit: Unit, own: Request, unknown: Request, demand: Demand) -> Request:
    """Make one of two: the older goes on, with the better place and all contacts of both."""
    older, younger = sorted((own, unknown), key=lambda request: request.opened_at)
    at = max(older.changed_at, younger.changed_at)
    await close_request(unit, younger.id, RequestState.CANCELLED, f"{MERGED} into {older.reference}", at)
    if older is unknown and demand.citizen is not None:
        await unit.requests.adopt(older, demand.citizen)
    for contact in await unit.requests.contacts_of(younger.id):
        await unit.requests.link(older.id, contact, at)
    older = await _current(unit, older.id)
    better = older.evolve(
        target_at=min(older.target_at, younger.target_at), priority=max(older.priority, younger.priority)
    )
    if younger.holds and not older.holds:
        better = better.evolve(
            kind=younger.kind, call=younger.call, held_since=younger.held_since, entered_at=younger.entered_at
        )
    elif younger.slot_at is not None:
        # What was chosen last was promised last.
        better = better.evolve(
            kind=younger.kind,
            not_before=younger.not_before,
            put_off_until=None,
            slot_at=younger.slot_at,
            slot_until=younger.slot_until,
        )
    await unit.requests.change(older, better)
    return better


async def _open_or_join(unit: Unit, demand: Demand, now: datetime, reminders: ReminderRules) -> Opened | None:
    """Open or join; None when the open request has ended or moved under our hands."""
    request = await _find(unit, demand)
    is_new = False
    if request is None:
        fresh = new_request(demand, now)
        request = await unit.requests.open(fresh)
        is_new = request is None
        request = request or fresh
    reminds = await unit.requests.link(request.id, demand.contact, now)
    request = await _current(unit, request.id)
    if is_new:
        return Opened(request, is_new=True)
    joined = join(request, demand, now)
    if reminds:
        joined = raised(joined, reminders)
    if request.state.is_open and await unit.requests.change(request, joined):
        return Opened(joined, is_new=False)
    return None


async def _follow_up(unit: Unit, request: Request, confirm_at: datetime | None) -> None:
    """Put the job that a waiting request needs; keys make it one.

    Who asks in a call may choose a slot in it: the text comes when the call has ended, or at `confirm_at` at last.
    """
    is_in_hand = request.state is RequestState.OFFERED
    if request.state is not RequestState.WAITING and not (is_in_hand and request.holds):
        return
    if request.kind is RequestKind.HOLD:
        since = request.held_since.timestamp() if request.held_since else 0
        await unit.jobs.put(RingAgent(request.id), key=f"ring:{request.id}:{since:.0f}:{request.call}")
    else:
        await unit.jobs.put(ConfirmRequest(request.id), key=f"confirm:{request.id}", not_before=confirm_at)
    if request.kind is RequestKind.CALLBACK:
        moment = request.not_before.timestamp() if request.not_before else 0
        await offer_next(unit, f"{request.id}:{moment:.0f}", request.not_before)


async def _current(unit: Unit, request_id: RequestId) -> Request:
    request = await unit.requests.get(request_id)
    if request is None:
        raise NotFound("there is no such request")
    return request
