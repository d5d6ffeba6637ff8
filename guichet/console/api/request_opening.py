"""Opening a request over the API: the rules in force give it its queue, urgency and target."""

from datetime import timedelta

from msgspec import UNSET

from guichet.callbacks.joining import without_contact
from guichet.callbacks.request import Demand, RequestKind
from guichet.callbacks.service import open_request
from guichet.console.api.operation import Answer, Asked
from guichet.console.api.request_shapes import HowReached, NewRequest, RequestRef
from guichet.console.api.request_state import etag
from guichet.core.errors import BadInput
from guichet.core.ids import CitizenId, ContactId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.decide import decide
from guichet.routing.decision import Facts


async def open_one(asked: Asked) -> Answer:
    """Open a request, or join the one that is open."""
    demand = await _demand(asked, asked.body)
    reminders = asked.tools.book().following.reminders
    opened = await open_request(asked.unit, demand, asked.now, reminders)
    request = opened.request
    shown = RequestRef(request.id, request.reference, request.state, joined=not opened.is_new)
    return Answer(shown, f"request:{request.id}", etag=etag(request), location=f"/requests/{request.id}")


async def _demand(asked: Asked, given: NewRequest) -> Demand:
    """Return what is asked for, as the rules in force take it. Raises BadInput for what nothing can be made of."""
    tools, book = asked.tools, asked.tools.book()
    if tools.intents().find(given.intent) is None:
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
        return without_contact()
    contact = ContactId(str(given.contact))
    if await asked.unit.contacts.get(contact) is None:
        raise BadInput("there is no such contact: leave `contact` out where there was none")
    return contact
