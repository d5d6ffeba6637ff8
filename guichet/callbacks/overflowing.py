"""Who has held for long in a queue goes over to the one it overflows to, at their place. Inside a transaction."""

from datetime import datetime

import structlog

from guichet.callbacks.holding import is_to_overflow
from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.lifecycle import Cause, Event
from guichet.callbacks.order import place_of
from guichet.callbacks.ports import Unit
from guichet.callbacks.waiting import loads
from guichet.core.errors import Conflict
from guichet.core.ids import RequestId
from guichet.routing.hold_rules import why_not
from guichet.routing.hours import is_open
from guichet.routing.rule_book import RuleBook

_OVERFLOWS = "overflows from"

log = structlog.get_logger()


async def overflow(unit: Unit, request_id: RequestId, book: RuleBook, now: datetime) -> bool:
    """Give somebody who holds to the other queue, if it is open and has room; say whether it was done.

    Raises Conflict where the request changes at this moment.
    """
    request = await unit.requests.get(request_id)
    queue = book.queues.get(request.queue) if request is not None else None
    other = book.queues.get(queue.hold.to or "") if queue is not None else None
    if request is None or queue is None or other is None or not is_to_overflow(request, now, queue.hold):
        return False
    if any(event.cause.reason.startswith(_OVERFLOWS) for event in await unit.requests.events_of(request_id)):
        return False  # once: two queues that overflow to each other would pass people to and fro
    line = book.line(request.line) or book.lines[0]
    if not is_open(other.hours or line.hours, book.calendar, now):
        return False
    found = await loads(unit, [other], request.language, place_of(request), book, now)
    if why_not(other.hold, found[other.name]) is not None:
        return False
    if not await unit.requests.change(request, request.evolve(queue=other.name)):
        raise Conflict("the request has changed meanwhile")
    reason = f"{_OVERFLOWS} {queue.name} to {other.name} after {queue.hold.after_minutes} min"
    await unit.requests.note(Event(request.id, None, request.state, request.state, Cause("system", now, reason)))
    await offer_next(unit, f"{request.id}:over:{other.name}")
    log.info("overflowed", request=request.id, queue=other.name)
    return True
