"""Requests over the API: the one order, why each stands where it stands, opening, moving and closing them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from guichet.callbacks.booking import FARTHEST, LEAD, board, book_slot
from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.order import why_here
from guichet.callbacks.request import Demand, Request, RequestKind, RequestState
from guichet.callbacks.service import close_request, open_request, position
from guichet.callbacks.slots import Slot
from guichet.callbacks.windows import next_window
from guichet.console.api.etag import etag_of
from guichet.console.api.kinds import USUAL_LIMIT, Limit, MaybeCursor, MaybeId, MaybeMoment, MaybeShort, Moment, Note, Phone, Short, moment
from guichet.console.api.listing import NEWEST_REQUESTS, OLDEST_REQUESTS, PLACE, Wanted
from guichet.console.api.operation import Answer, Asked, Operation
from guichet.console.api.token import Scope
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import CitizenId, ContactId, RequestId, new_id
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.decide import decide
from guichet.routing.decision import Facts

_COLUMNS = (
    "id", "reference", "kind", "state", "citizen", "number", "callback_number", "line", "language", "intent", "queue",
    "priority", "opened_at", "target_at", "changed_at", "closed_at", "agent", "reminders", "not_before", "slot_at",
    "slot_until",
)
_NO_CONTACT = "api"
"""The prefix of what stands for a contact where there was none: another system has asked."""
_AHEAD = timedelta(days=8)


class RequestOrder(StrEnum):
    """How requests are listed: `place` is the one order in which open ones are served."""

    NEWEST = "newest"
    OLDEST = "oldest"
    PLACE = "place"


_ORDERS = {RequestOrder.NEWEST: NEWEST_REQUESTS, RequestOrder.OLDEST: OLDEST_REQUESTS, RequestOrder.PLACE: PLACE}


class RequestBrief(msgspec.Struct, frozen=True):
    """A request. A callback is not made before `not_before`, and was promised between `slot_at` and `slot_until`."""

    id: str
    reference: str
    kind: RequestKind
    state: RequestState
    citizen: str | None
    number: str | None
    callback_number: str | None
    line: str
    language: str
    intent: str
    queue: str
    priority: int
    opened_at: datetime
    target_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    agent: str | None
    reminders: int
    not_before: datetime | None
    slot_at: datetime | None
    slot_until: datetime | None


class RequestsPage(msgspec.Struct, frozen=True):
    """A page of requests."""

    items: tuple[RequestBrief, ...]
    next: str | None


class Why(msgspec.Struct, frozen=True):
    """A reason in both languages."""

    fr: str
    en: str


class PlaceShown(msgspec.Struct, frozen=True):
    """Where an open request stands: how many of its queue are served before it, and why it stands there."""

    ahead: int
    wait_minutes: int | None
    because: tuple[Why, ...]


class ChangeShown(msgspec.Struct, frozen=True):
    """A transition of a request, or of the attempt of that id; by whom, when and why."""

    at: datetime
    before: str
    after: str
    actor: str
    reason: str
    attempt: str | None


class AttemptShown(msgspec.Struct, frozen=True):
    """A try to reach an agent, and then the citizen."""

    id: str
    agent: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    result: str


class RequestShown(msgspec.Struct, frozen=True):
    """A request with all that happened to it; `place` is null once it has ended."""

    request: RequestBrief
    contacts: tuple[str, ...]
    place: PlaceShown | None
    changes: tuple[ChangeShown, ...]
    attempts: tuple[AttemptShown, ...]


class RequestsWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which requests; `since` and `until` are about when they were opened."""

    order: RequestOrder = RequestOrder.NEWEST
    open: bool | UnsetType = UNSET
    state: RequestState | UnsetType = UNSET
    kind: RequestKind | UnsetType = UNSET
    queue: MaybeShort = UNSET
    intent: MaybeShort = UNSET
    citizen: MaybeId = UNSET
    agent: MaybeId = UNSET
    reference: MaybeShort = UNSET
    since: MaybeMoment = UNSET
    until: MaybeMoment = UNSET
    limit: Limit = USUAL_LIMIT
    cursor: MaybeCursor = UNSET


class HowReached(StrEnum):
    """How somebody is answered."""

    CALLBACK = "callback"
    TEXT = "text"


class NewRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A demand of a citizen, or of somebody known by number alone; the rules give it its queue, urgency and target.

    `line` is the number of yours they are called from (the first of the rule book if left out); `contact` the call or
    conversation it came from, if there was one.
    """

    intent: Short
    kind: HowReached = HowReached.CALLBACK
    citizen: MaybeId = UNSET
    number: Phone | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    line: Phone | UnsetType = UNSET
    contact: MaybeId = UNSET


class RequestRef(msgspec.Struct, frozen=True):
    """Where a request stands after a change. `joined`: the person had asked before, and it is that request."""

    id: str
    reference: str
    state: RequestState
    joined: bool = False


class RequestChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be changed of a request that waits; what is left out stays.

    `slot_at` promises the slot that begins then (`/slots` lists them), null gives it back: called as soon as possible.
    `not_before` puts a callback off without promising a slot. `callback_number` is where to call, null their own.
    """

    slot_at: Moment | None | UnsetType = UNSET
    not_before: MaybeMoment = UNSET
    callback_number: Phone | None | UnsetType = UNSET


class Closing(StrEnum):
    """How a request is ended from outside: served elsewhere, or not wanted any more."""

    DONE = "done"
    CANCELLED = "cancelled"


class Close(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a request ends, and why (kept in its history: no name, no number)."""

    state: Closing
    reason: Note


class SlotShown(msgspec.Struct, frozen=True):
    """A slot for a callback; the end is outside."""

    starts: datetime
    ends: datetime
    free: bool


class SlotsShown(msgspec.Struct, frozen=True):
    """The slots of a request in the eight days to come."""

    items: tuple[SlotShown, ...]


async def _list(asked: Asked) -> Answer:
    wanted: RequestsWanted = asked.query
    if wanted.order is RequestOrder.PLACE and wanted.open is False:
        raise BadInput("only open requests have a place: leave out open=false, or take another order")
    names = ("state", "kind", "queue", "intent", "citizen", "agent", "reference")
    equal = {name: getattr(wanted, name) for name in names if getattr(wanted, name) is not UNSET}
    since, until = moment(wanted.since), moment(wanted.until)
    rows, following = await asked.unit.listing.page(
        Wanted(
            "requests",
            _COLUMNS,
            _ORDERS[wanted.order],
            wanted.limit,
            None if wanted.cursor is UNSET else str(wanted.cursor),
            equal=equal,
            since=None if since is None else ("opened_at", since),
            until=None if until is None else ("opened_at", until),
            is_open=None if wanted.open is UNSET else bool(wanted.open),
        )
    )
    page = RequestsPage(tuple(map(_brief, rows)), following)
    return Answer(page, detail={"requests": [one.id for one in page.items]})


async def _read(asked: Asked) -> Answer:
    request = await _found(asked)
    unit, row = asked.unit, await asked.unit.listing.row("requests", request.id, _COLUMNS)
    if row is None:
        raise NotFound("there is no such request")
    brief = _brief(row)
    events = await unit.requests.events_of(request.id)
    shown = RequestShown(
        request=brief,
        contacts=tuple(one for one in await unit.requests.contacts_of(request.id) if not _is_none(one)),
        place=await _place(asked, request) if request.state.is_open else None,
        changes=tuple(
            ChangeShown(one.cause.at, one.before, one.after, one.cause.actor, one.cause.reason, one.attempt)
            for one in events
        ),
        attempts=tuple(AttemptShown(**one) for one in await unit.listing.attempts_of(request.id)),
    )
    return Answer(shown, f"request:{request.id}", etag=_etag(request))


async def _place(asked: Asked, request: Request) -> PlaceShown:
    found = await position(asked.unit, request)
    zone = asked.tools.book().calendar.zone
    because = tuple(Why(text.fr, text.en) for text in why_here(request, asked.now, zone))
    return PlaceShown(found.ahead, found.wait_minutes, because)


async def _open(asked: Asked) -> Answer:
    demand = await _demand(asked, asked.body)
    opened = await open_request(asked.unit, demand, asked.now)
    request = opened.request
    shown = RequestRef(request.id, request.reference, request.state, joined=not opened.is_new)
    return Answer(shown, f"request:{request.id}", etag=_etag(request), location=f"/requests/{request.id}")


async def _demand(asked: Asked, given: NewRequest) -> Demand:
    """Return what is asked for, as the rules in force take it. Raises BadInput for what nothing can be made of."""
    tools, book = asked.tools, asked.tools.book()
    if tools.intents.find(given.intent) is None:
        raise BadInput("there is no such matter in the intent book: see `guichet intents match`")
    citizen = None if given.citizen is UNSET else await asked.unit.citizens.get(CitizenId(str(given.citizen)))
    if citizen is None and given.citizen is not UNSET:
        raise BadInput("nobody on record has this id: leave `citizen` out for somebody known by number alone")
    number = PhoneNumber.parse(str(given.number)) if given.number is not UNSET else None
    number = number or next(iter(citizen.phones if citizen else ()), None)
    if number is None:
        raise BadInput("there is no number to answer at: give `number`")
    if given.kind is HowReached.CALLBACK and citizen is not None and citizen.never_call:
        raise BadInput("this person is never to be called: open a request of kind `text`")
    line = book.lines[0].number if given.line is UNSET else PhoneNumber.parse(str(given.line))
    if book.line(line) is None:
        raise BadInput("the rule book has no such line")
    contact = await _contact(asked, given)
    language = given.language if given.language is not UNSET else citizen.language if citizen else None
    language = Language(language) if language else Language.FR
    facts = Facts(
        line=line,
        channel="sms" if given.kind is HowReached.TEXT else "voice",
        language=language,
        now=asked.now,
        intent=given.intent,
        certainty="sure" if citizen else "unknown",
        caller_known=citizen is not None,
    )
    decision = decide(book, facts)
    return Demand(
        contact=contact,
        channel=facts.channel,
        kind=RequestKind(given.kind.value),
        citizen=citizen.id if citizen else None,
        number=number,
        line=line,
        language=language,
        intent=given.intent,
        queue=decision.queue,
        target_at=decision.target_at or asked.now + timedelta(minutes=decision.target_minutes),
        priority=decision.priority,
    )


async def _contact(asked: Asked, given: NewRequest) -> ContactId:
    if given.contact is UNSET:
        return ContactId(new_id(_NO_CONTACT))
    contact = ContactId(str(given.contact))
    if await asked.unit.contacts.get(contact) is None:
        raise BadInput("there is no such contact: leave `contact` out where there was none")
    return contact


async def _change(asked: Asked) -> Answer:
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
    return Answer(_ref(request), f"request:{request.id}", {"changed": changed}, etag=_etag(request))


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


async def _close(asked: Asked) -> Answer:
    given: Close = asked.body
    request = await _guarded(asked)
    state = RequestState(given.state.value)
    if not request.state.is_open and request.state is not state:
        raise Conflict(f"this request is {request.state.value}: it cannot end otherwise any more")
    if request.state is RequestState.TALKING:
        raise Conflict("an agent is talking with this citizen: the request ends with the conversation")
    closed = await close_request(asked.unit, request.id, state, given.reason, asked.now, actor=asked.token.id)
    return Answer(_ref(closed), f"request:{request.id}", {"state": state.value}, etag=_etag(closed))


async def _slots(asked: Asked) -> Answer:
    request = await _found(asked)
    if not request.state.is_open:
        raise Conflict("this request has ended: there is nothing to promise")
    slots, free = await _board(asked, request)
    return Answer(SlotsShown(tuple(SlotShown(one.starts, one.ends, one in free) for one in slots)))


async def _board(asked: Asked, request: Request) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    now = asked.now
    seen = await board(asked.unit, asked.tools.book(), request, now + LEAD, now + _AHEAD)
    return tuple(seen.slots), tuple(seen.free)


async def _found(asked: Asked) -> Request:
    """Return the request of the path. Raises NotFound."""
    request = await asked.unit.requests.get(RequestId(asked.path["id"]))
    if request is None:
        raise NotFound("there is no such request")
    return request


async def _guarded(asked: Asked) -> Request:
    """Return the request of the path, which nobody else changes meanwhile, in the state that the client knows."""
    await asked.unit.listing.lock("requests", asked.path["id"])
    request = await _found(asked)
    asked.check(_etag(request))
    return request


async def _waiting(asked: Asked) -> Request:
    request = await _guarded(asked)
    if request.state is not RequestState.WAITING or request.kind is RequestKind.HOLD:
        raise Conflict(f"only a callback or text that waits can be moved: this {request.kind} is {request.state}")
    return request


def _etag(request: Request) -> str:
    told: dict[str, Any] = {name: getattr(request, name, None) for name in _COLUMNS}
    numbers = ("number", "callback_number", "line")
    return etag_of(told | {name: told[name] and told[name].e164 for name in numbers})


def _ref(request: Request) -> RequestRef:
    return RequestRef(request.id, request.reference, request.state)


def _brief(row: Any) -> RequestBrief:
    return msgspec.convert({name: row[name] for name in _COLUMNS}, RequestBrief)


def _is_none(contact: str) -> bool:
    """Whether it stands for no contact at all."""
    return contact.startswith(f"{_NO_CONTACT}_")


def operations() -> tuple[Operation, ...]:
    """Return the operations on requests."""
    return (
        Operation(
            name="list_requests", method="GET", path="/requests", scope=Scope.REQUESTS_READ,
            summary="List requests, in the one order or by when they were opened",
            query=RequestsWanted, answers=RequestsPage, perform=_list, action="requests.listed",
        ),
        Operation(
            name="open_request", method="POST", path="/requests", scope=Scope.REQUESTS_WRITE,
            summary="Open a request, or join the open one of the same person and matter",
            description="Nobody has two open requests for one matter: asking again is counted, and keeps the place.",
            body=NewRequest, answers=RequestRef, perform=_open, action="request.opened",
            status=201, writes=True, tagged=True,
        ),
        Operation(
            name="read_request", method="GET", path="/requests/{id}", scope=Scope.REQUESTS_READ,
            summary="Read a request with its place, why it stands there, changes and attempts",
            answers=RequestShown, perform=_read, action="request.seen", tagged=True,
        ),
        Operation(
            name="change_request", method="PATCH", path="/requests/{id}", scope=Scope.REQUESTS_WRITE,
            summary="Move a request that waits: a slot, a moment, another number",
            body=RequestChange, answers=RequestRef, perform=_change, action="request.changed",
            writes=True, guarded=True, tagged=True,
        ),
        Operation(
            name="close_request", method="POST", path="/requests/{id}/close", scope=Scope.REQUESTS_WRITE,
            summary="End a request that was served elsewhere or is not wanted any more",
            body=Close, answers=RequestRef, perform=_close, action="request.closed",
            writes=True, guarded=True, tagged=True,
        ),
        Operation(
            name="list_slots", method="GET", path="/requests/{id}/slots", scope=Scope.REQUESTS_READ,
            summary="List the slots that may be promised to a request",
            answers=SlotsShown, perform=_slots,
        ),
    )
