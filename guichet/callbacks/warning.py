"""Telling citizens by text that their callback is near, once, inside a transaction.

A callback is near when nobody before it in the order would leave it without an agent: fewer stand before it than
agents are at work for its queue, and its window opens within the notice of the rules.
"""

from collections import Counter
from datetime import datetime, timedelta

from guichet.callbacks.never import is_never_called
from guichet.callbacks.ports import RingingUnit
from guichet.callbacks.request import Request, RequestKind
from guichet.callbacks.windows import may_ring, next_window
from guichet.core.jobs import TextRequest
from guichet.core.language import Language
from guichet.routing.rule_book import RuleBook

FRESH = timedelta(minutes=10)
"""Who has asked so lately knows that we will call."""


def wants_warning(request: Request, now: datetime) -> bool:
    """Whether nothing has been said of a callback since it was asked for, some time ago."""
    is_old = now - request.opened_at >= FRESH
    return request.kind is RequestKind.CALLBACK and request.warned_at is None and is_old


async def is_anybody_near(unit: RingingUnit, book: RuleBook, now: datetime) -> bool:
    """Whether `warn` may have something to do: one cheap question."""
    notice = timedelta(minutes=book.calling.notice_minutes)
    return bool(notice) and any(wants_warning(request, now) for request in await unit.requests.nearest(now + notice))


async def warn(unit: RingingUnit, book: RuleBook, now: datetime) -> int:
    """Have those warned whose callback is near; return how many."""
    notice = timedelta(minutes=book.calling.notice_minutes)
    before: Counter[tuple[str, Language]] = Counter()
    staff: dict[tuple[str, Language], int] = {}
    warned = 0
    for request in await unit.requests.nearest(now + notice):
        served = (request.queue, request.language)
        if served not in staff:
            queue = book.queues.get(request.queue)
            staff[served] = await unit.agents.staffed(*served, skills=queue.skills if queue else ())
        opens = next_window(book, request, now) if request.kind is RequestKind.CALLBACK else now
        if opens is None or opens > now + notice:
            continue
        is_near = before[served] < staff[served]
        before[served] += 1
        if is_near and wants_warning(request, now):
            warned += await warn_one(unit, request, book, now)
    return warned


async def warn_one(unit: RingingUnit, request: Request, book: RuleBook, now: datetime) -> bool:
    """Have one warned, at a decent hour, unless they are never to be called; say whether they are."""
    if await is_never_called(unit, request) or not may_ring(book, request, now):
        return False
    if not await unit.requests.change(request, request.evolve(warned_at=now)):
        return False
    await unit.jobs.put(TextRequest(request.id, "warning"), key=f"warning:{request.id}:{now.timestamp():.0f}")
    return True
