"""Finding, taking and giving back slots for callbacks, inside the caller's transaction; the same for every channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from guichet.callbacks.joining import HANGING_UP
from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.ports import Unit
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.slots import (
    Board,
    Offer,
    Slot,
    nearest,
    slot_in_words,
    slots_between,
    suiting,
    unwished,
    wished,
    with_room,
)
from guichet.callbacks.windows import home_calendar
from guichet.core.errors import Conflict
from guichet.core.ids import RequestId
from guichet.routing.rule_book import RuleBook
from guichet.transcripts.spoken.when import When

FARTHEST = timedelta(days=60)
"""A callback is not put off for longer."""
AHEAD = timedelta(days=8)
"""How far the slots that are offered without a wish, or near to one, lie ahead: a week and its day."""
BEHIND = timedelta(days=2)
"""How long before a wish a slot may be offered instead."""
LEAD = timedelta(minutes=15)
"""A slot that begins sooner is not offered: as soon as possible is as good, and choosing takes its time."""
MOST_OFFERED = 3

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Found:
    """What suits a wish: the best slot with room, or else those nearest to it.

    `is_full` says that slots suit it, none of which has room; otherwise nobody is called at that time.
    """

    best: Slot | None = None
    near: tuple[Slot, ...] = ()
    is_full: bool = False


async def board(unit: Unit, book: RuleBook, request: Request, since: datetime, until: datetime) -> Board:
    """Return the slots of a request that start in a stretch of time, and which of them have room for it."""
    slots = slots_between(book, request, since, until)
    if not slots:
        return Board()
    queue = book.queues.get(request.queue)
    skills = queue.skills if queue is not None else ()
    at_work = 0
    if not book.calling.slots.plans(request.queue):
        at_work = await unit.agents.staffed(request.queue, request.language, skills=skills)
    taken = await unit.requests.slots_taken(request.queue, slots[0].starts, slots[-1].ends, but=request.id)
    return Board(slots, with_room(book, request.queue, slots, taken, at_work))


async def find(unit: Unit, book: RuleBook, request: Request, when: When, now: datetime) -> Found:
    """Look for a slot that suits a wish, in the words of the citizen's own clock."""
    zone = home_calendar(book, request).zone
    wish = wished(when, zone)
    if wish.starts - now > FARTHEST:
        return Found()
    seen = await board(unit, book, request, max(now + LEAD, wish.starts - BEHIND), max(now, wish.starts) + AHEAD)
    seen = seen.without(unwished(when, zone))
    suits = suiting(seen.slots, wish)
    best = next((slot for slot in suits if slot in seen.free), None)
    near = () if best else nearest(seen.free, wish, zone, MOST_OFFERED)
    return Found(best, near, is_full=bool(suits) and best is None)


async def book_slot(unit: Unit, book: RuleBook, request_id: RequestId, slot: Slot, now: datetime) -> Request | None:
    """Promise a slot to a request, one after the other in a queue; None where it has no room any more.

    Nothing is promised either to a request that waits no more. Raises Conflict where it changes at this moment.
    """
    asked = await unit.requests.get(request_id)
    if asked is None or asked.state is not RequestState.WAITING:
        return None
    await unit.requests.lock_slots(asked.queue)
    seen = await board(unit, book, asked, max(now, slot.starts), slot.ends)
    if slot not in seen.free:
        return None
    booked = asked.evolve(
        kind=RequestKind.CALLBACK,
        not_before=slot.starts,
        slot_at=slot.starts,
        slot_until=slot.ends,
        warned_at=None,
        put_off_until=None,
        changed_at=now,
    )
    if not await unit.requests.change(asked, booked):
        raise Conflict("the request has changed meanwhile")
    await offer_next(unit, f"{asked.id}:{slot.starts.timestamp():.0f}", slot.starts)
    log.info("slot booked", request=asked.id, slot=slot.starts.isoformat())
    return booked


async def call_soon(unit: Unit, request_id: RequestId, now: datetime) -> None:
    """Give a slot back: they are called as soon as possible, once they have hung up."""
    await _wait_until(unit, request_id, now + HANGING_UP, now)


async def wait_for_choice(unit: Unit, request_id: RequestId, until: datetime, now: datetime) -> None:
    """Keep who is choosing a slot on the telephone from being called meanwhile; a slot that they have stays theirs."""
    request = await unit.requests.get(request_id)
    if request is not None and request.slot_at is None:
        await _wait_until(unit, request_id, until, now)


async def _wait_until(unit: Unit, request_id: RequestId, moment: datetime, now: datetime) -> None:
    request = await unit.requests.get(request_id)
    if request is None or request.state is not RequestState.WAITING or request.kind is not RequestKind.CALLBACK:
        return
    waits = request.evolve(not_before=moment, put_off_until=None, slot_at=None, slot_until=None, changed_at=now)
    if not await unit.requests.change(request, waits):
        raise Conflict("the request has changed meanwhile")
    await offer_next(unit, f"{request.id}:{moment.timestamp():.0f}", moment)


def promised(request: Request) -> Slot | None:
    """Return the slot that a request has, unless it is over or the callback has been put off beyond it."""
    if request.kind is not RequestKind.CALLBACK or request.slot_at is None or request.slot_until is None:
        return None
    is_later = request.not_before is not None and request.not_before >= request.slot_until
    return None if is_later else Slot(request.slot_at, request.slot_until)


def offers(book: RuleBook, request: Request, slots: Sequence[Slot], now: datetime) -> tuple[Offer, ...]:
    """Say slots on the clock of who is called."""
    zone = home_calendar(book, request).zone
    return tuple(Offer(slot, slot_in_words(slot, now, zone)) for slot in slots)
