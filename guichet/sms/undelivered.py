"""What follows when a text of ours cannot reach somebody: it shows on the request, and another way is chosen.

Inside the transaction that takes the news in.

    failed, may be cured later (code of the carrier) --> once more, half an hour later
    failed for good --> noted on the request
        an answer of an agent's, request done -----> asked for again, at its place: called, or texted elsewhere
        waits for an answer in writing ------------> called; whoever is never called: texted elsewhere, else a person
        waits for a call --------------------------> nothing else: they are called
"""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.lifecycle import Cause, Event, Move, move_request
from guichet.callbacks.never import NO_WAY, is_never_called
from guichet.callbacks.request import Demand, Request, RequestKind, RequestState
from guichet.callbacks.service import open_request
from guichet.carrier.codes import is_transient, why_undelivered
from guichet.core.errors import Conflict
from guichet.core.ids import MessageId, new_id
from guichet.core.jobs import SendMessage
from guichet.core.phone import PhoneNumber
from guichet.routing.rule_book import RuleBook
from guichet.routing.texting import TextRules
from guichet.sms.message import DeliveryState, Message
from guichet.sms.ports import Unit

ONCE_MORE = timedelta(minutes=30)
"""When a text is sent again that could not be delivered for a reason that may pass."""
_AGAIN = ":again"
_LOST = frozenset({DeliveryState.UNDELIVERED, DeliveryState.FAILED, DeliveryState.REFUSED})
BY_AGENT = "agent:"
"""How the key of an agent's text begins."""

log = structlog.get_logger()


async def take_in(unit: Unit, message_id: MessageId, book: RuleBook, now: datetime) -> None:
    """Take in that a text may be lost; nothing happens for one that is not, or is about no request."""
    message = await unit.messages.get(message_id)
    if message is None or message.state not in _LOST or message.request is None:
        return
    if is_transient(message.error) and not message.key.endswith(_AGAIN):
        await _once_more(unit, message, now)
        return
    request = await unit.requests.get(message.request)
    if request is None:
        return
    why = f"a text could not be delivered: {why_undelivered(message.error)}"
    await unit.requests.note(Event(request.id, None, request.state, request.state, Cause("carrier", now, why)))
    log.info("text lost", message=message.id, request=request.id, error=message.error)
    if request.state is RequestState.DONE and message.key.startswith(BY_AGENT):
        request = await _asked_again(unit, request, now)
    if request.state is RequestState.WAITING and request.kind is RequestKind.TEXT:
        await _other_way(unit, request, message, book.texts, now)


async def _once_more(unit: Unit, message: Message, now: datetime) -> None:
    """Send a copy later, once."""
    copy = replace(
        message,
        id=MessageId(new_id("msg")),
        key=f"{message.key[:150]}{_AGAIN}",
        state=DeliveryState.PENDING,
        created_at=now,
        carrier_id=None,
        asked_at=None,
        error=None,
    )
    if await unit.messages.put(copy):
        await unit.jobs.put(SendMessage(copy.id), key=f"send:{copy.id}", not_before=now + ONCE_MORE)


async def _asked_again(unit: Unit, request: Request, now: datetime) -> Request:
    """Open a request anew whose answer never arrived, with the promise that was made first."""
    demand = Demand(
        contact=request.contact,
        channel="sms",
        kind=RequestKind.TEXT,
        citizen=request.citizen,
        number=request.number,
        line=request.line,
        language=request.language,
        intent=request.intent,
        queue=request.queue,
        target_at=request.target_at,
        priority=request.priority,
    )
    opened = await open_request(unit, demand, now)
    reason = f"the answer to {request.reference} was not delivered"
    state = opened.request.state
    await unit.requests.note(Event(opened.request.id, None, state, state, Cause("carrier", now, reason)))
    return opened.request


async def _other_way(unit: Unit, request: Request, message: Message, rules: TextRules, now: datetime) -> None:
    """Have them called; who is never called is written to elsewhere, or looked at by a person."""
    if not await is_never_called(unit, request):
        called = request.evolve(kind=RequestKind.CALLBACK, not_before=None, changed_at=now)
        if not await unit.requests.change(request, called):
            raise Conflict("the request has changed meanwhile")
        await offer_next(unit, f"{request.id}:undelivered")
        return
    other = await _other_number(unit, request, message.number)
    if other is None:
        ended, event = move_request(request, Move.EXHAUST, Cause("system", now, NO_WAY))
        if not await unit.requests.change(request, ended, event):
            raise Conflict("the request has changed meanwhile")
        return
    if not await unit.requests.change(request, request.evolve(number=other, changed_at=now)):
        raise Conflict("the request has changed meanwhile")
    price = rules.price_to(other.e164)
    copy = replace(
        message,
        id=MessageId(new_id("msg")),
        key=f"{message.key[:130]}:{other.e164}",
        number=other,
        state=DeliveryState.PENDING,
        created_at=now,
        carrier_id=None,
        asked_at=None,
        error=None,
        cost=message.parts * price.millionths if price else None,
        currency=price.currency if price else None,
    )
    if await unit.messages.put(copy):
        await unit.jobs.put(SendMessage(copy.id), key=f"send:{copy.id}")


async def _other_number(unit: Unit, request: Request, lost: PhoneNumber) -> PhoneNumber | None:
    """Return another number of the citizen's own that takes texts."""
    citizen = await unit.citizens.get(request.citizen) if request.citizen else None
    own = citizen.phones if citizen is not None else ()
    shared = citizen.shared_phones if citizen is not None else frozenset[PhoneNumber]()
    return next((one for one in own if one != lost and one.can_receive_texts and one not in shared), None)
