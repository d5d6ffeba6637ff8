"""Moving and closing a request over the API, through the services that calls and texts use."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from guichet.callbacks.booking import AHEAD, FARTHEST, LEAD, board, book_slot
from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.service import close_request
from guichet.callbacks.slots import Slot
from guichet.callbacks.windows import next_window
from guichet.console.api.kinds import moment
from guichet.console.api.operation import Answer, Asked
from guichet.console.api.request_shapes import Close, RequestChange, SlotShown, SlotsShown
from guichet.console.api.request_state import etag, found, ref
from guichet.core.errors import BadInput, Conflict
from guichet.core.phone import PhoneNumber


async def change(asked: Asked) -> Answer:
    """Move a request that waits: a slot, a moment, another number."""
    given: RequestChange = asked.body
    request = await _waiting(asked)
    if given.slot_at is not UNSET and given.not_before is not UNSET:
        raise BadInput("give `slot_at` or `not_before`: a slot has its own beginning")
    if given.callback_number is not UNSET:
        request = await _call_at(asked, request, given.callback_number)
    if given.slot_at is not UNSET:
        request = await _promise(asked, request, moment(given.slot_at))
    if given.not_before is not UNSET:
        request = await _put_off(asked, request, moment(given.not_before))
    changed = sorted(name for name, value in msgspec.structs.asdict(given).items() if value is not UNSET)
    return Answer(ref(request), f"request:{request.id}", {"changed": changed}, etag=etag(request))


async def _call_at(asked: Asked, request: Request, given: str | UnsetType | None) -> Request:
    number = None if given is None else PhoneNumber.parse(str(given))
    other = None if number == request.number else number
    return await _written(asked, request, request.evolve(callback_number=other, changed_at=asked.now))


async def _promise(asked: Asked, request: Request, starts: datetime | None) -> Request:
    if starts is None:
        freed = request.evolve(slot_at=None, slot_until=None, not_before=None, put_off_until=None, changed_at=asked.now)
        freed = await _written(asked, request, freed)
        await offer_next(asked.unit, f"{request.id}:{asked.now.timestamp():.0f}")
        return freed
    slot = next((one for one in (await _board(asked, request))[0] if one.starts == starts), None)
    booked = slot and await book_slot(asked.unit, asked.tools.book(), request.id, slot, asked.now)
    if not booked:
        raise Conflict("there is no such slot, or it is full by now: see /slots")
    return booked


async def _put_off(asked: Asked, request: Request, wish: datetime | None) -> Request:
    """Set the earliest moment: the wished one, or the next after it at which citizens are called."""
    book, now = asked.tools.book(), asked.now
    at = next_window(book, request, max(wish, now)) if wish and wish - now < FARTHEST else None
    if request.kind is not RequestKind.CALLBACK or at is None or at - now >= FARTHEST:
        raise BadInput("nobody is called back then: give a moment of the counter's hours within two months")
    changes = {"not_before": at, "warned_at": None, "put_off_until": None, "slot_at": None, "slot_until": None}
    later = await _written(asked, request, request.evolve(changed_at=now, **changes))
    await offer_next(asked.unit, f"{request.id}:{at.timestamp():.0f}", at)
    return later


async def _written(asked: Asked, before: Request, after: Request) -> Request:
    if not await asked.unit.requests.change(before, after):
        raise Conflict("the request has changed meanwhile")
    return after


async def close(asked: Asked) -> Answer:
    """End a request from outside."""
    given: Close = asked.body
    request = await _guarded(asked)
    state = RequestState(given.state.value)
    if not request.state.is_open and request.state is not state:
        raise Conflict(f"this request is {request.state.value}: it cannot end otherwise any more")
    if request.state is RequestState.TALKING:
        raise Conflict("an agent is talking with this citizen: the request ends with the conversation")
    closed = await close_request(asked.unit, request.id, state, given.reason, asked.now, actor=asked.token.id)
    return Answer(ref(closed), f"request:{request.id}", {"state": state.value}, etag=etag(closed))


async def slots(asked: Asked) -> Answer:
    """List the slots that may be promised: none to a request that has ended."""
    request = await found(asked)
    every, free = await _board(asked, request) if request.state.is_open else ((), ())
    return Answer(SlotsShown(tuple(SlotShown(one.starts, one.ends, one in free) for one in every)))


async def _board(asked: Asked, request: Request) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    now = asked.now
    seen = await board(asked.unit, asked.tools.book(), request, now + LEAD, now + AHEAD)
    return tuple(seen.slots), tuple(seen.free)


async def _guarded(asked: Asked) -> Request:
    """Return the request of the path, which nobody else changes meanwhile, in the state that the client knows."""
    await asked.unit.listing.lock("requests", asked.path["id"])
    request = await found(asked)
    asked.check(etag(request))
    return request


async def _waiting(asked: Asked) -> Request:
    request = await _guarded(asked)
    if request.state is not RequestState.WAITING or request.kind is RequestKind.HOLD:
        raise Conflict(f"only a callback or text that waits can be moved: this {request.kind} is {request.state}")
    return request
