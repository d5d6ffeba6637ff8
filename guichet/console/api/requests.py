"""Requests over the API: the one order, why each stands where it stands, and what may be done to it."""

from typing import Any

import msgspec
from msgspec import UNSET

from guichet.callbacks.joining import is_contact
from guichet.callbacks.order import why_here
from guichet.callbacks.request import Request
from guichet.callbacks.waiting import position
from guichet.console.api.kinds import moment
from guichet.console.api.listing import NEWEST_REQUESTS, OLDEST_REQUESTS, PLACE, Wanted
from guichet.console.api.operation import Answer, Asked, Operation
from guichet.console.api.request_changes import change, close, slots
from guichet.console.api.request_opening import open_one
from guichet.console.api.request_shapes import (
    AttemptShown,
    ChangeShown,
    Close,
    NewRequest,
    PlaceShown,
    RequestBrief,
    RequestChange,
    RequestOrder,
    RequestRef,
    RequestShown,
    RequestsPage,
    RequestsWanted,
    SlotsShown,
    Why,
)
from guichet.console.api.request_state import COLUMNS, etag, found
from guichet.console.api.token import Scope
from guichet.core.errors import BadInput, NotFound

_ORDERS = {RequestOrder.NEWEST: NEWEST_REQUESTS, RequestOrder.OLDEST: OLDEST_REQUESTS, RequestOrder.PLACE: PLACE}


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
            COLUMNS,
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
    request = await found(asked)
    unit, row = asked.unit, await asked.unit.listing.row("requests", request.id, COLUMNS)
    if row is None:
        raise NotFound("there is no such request")
    brief = _brief(row)
    events = await unit.requests.events_of(request.id)
    shown = RequestShown(
        request=brief,
        contacts=tuple(one for one in await unit.requests.contacts_of(request.id) if is_contact(one)),
        place=await _place(asked, request) if request.state.is_open else None,
        changes=tuple(
            ChangeShown(one.cause.at, one.before, one.after, one.cause.actor, one.cause.reason, one.attempt)
            for one in events
        ),
        attempts=tuple(AttemptShown(**one) for one in await unit.listing.attempts_of(request.id)),
    )
    return Answer(shown, f"request:{request.id}", etag=etag(request))


async def _place(asked: Asked, request: Request) -> PlaceShown:
    found = await position(asked.unit, request, asked.tools.book(), asked.now)
    zone = asked.tools.book().calendar.zone
    because = tuple(Why(text.fr, text.en) for text in why_here(request, asked.now, zone))
    return PlaceShown(found.ahead, found.wait_minutes, because)


def _brief(row: Any) -> RequestBrief:
    return msgspec.convert({name: row[name] for name in COLUMNS}, RequestBrief)


def operations() -> tuple[Operation, ...]:
    """Return the operations on requests."""
    return (
        Operation(
            name="list_requests",
            method="GET",
            path="/requests",
            scope=Scope.REQUESTS_READ,
            summary="List requests, in the one order or by when they were opened",
            query=RequestsWanted,
            answers=RequestsPage,
            perform=_list,
            action="requests.listed",
        ),
        Operation(
            name="open_request",
            method="POST",
            path="/requests",
            scope=Scope.REQUESTS_WRITE,
            summary="Open a request, or join the open one of the same person and matter",
            description="Nobody has two open requests for one matter: asking again is counted, and keeps the place.",
            body=NewRequest,
            answers=RequestRef,
            perform=open_one,
            action="request.opened",
            status=201,
            writes=True,
            tagged=True,
        ),
        Operation(
            name="read_request",
            method="GET",
            path="/requests/{id}",
            scope=Scope.REQUESTS_READ,
            summary="Read a request with its place, why it stands there, changes and attempts",
            answers=RequestShown,
            perform=_read,
            action="request.seen",
            tagged=True,
        ),
        Operation(
            name="change_request",
            method="PATCH",
            path="/requests/{id}",
            scope=Scope.REQUESTS_WRITE,
            summary="Move a request that waits: a slot, a moment, another number",
            body=RequestChange,
            answers=RequestRef,
            perform=change,
            action="request.changed",
            writes=True,
            guarded=True,
            tagged=True,
        ),
        Operation(
            name="close_request",
            method="POST",
            path="/requests/{id}/close",
            scope=Scope.REQUESTS_WRITE,
            summary="End a request that was served elsewhere or is not wanted any more",
            body=Close,
            answers=RequestRef,
            perform=close,
            action="request.closed",
            writes=True,
            guarded=True,
            tagged=True,
        ),
        Operation(
            name="list_slots",
            method="GET",
            path="/requests/{id}/slots",
            scope=Scope.REQUESTS_READ,
            summary="List the slots that may be promised to a request",
            answers=SlotsShown,
            perform=slots,
        ),
    )
