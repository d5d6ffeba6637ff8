"""Whose demand it is, and what becomes of an open request when the same person asks again. Pure.

A request belongs to one subject: `citizen:ID`; where the citizen is not known, `number:E164`; where the number is
hidden too, `contact:ID` (hidden callers are never merged into one "unknown"). One request is open for a subject and
intent. When the same matter comes again

- from a known citizen: their own request is joined. A request of their number that knows no citizen becomes theirs.
  If both are open and wait, the older one goes on with the better place of the two; the younger is closed as merged.
- from an unknown person: the request of their number is joined; or else the only one that would be answered at this
  number. With two citizens of one household waiting for the same matter, it cannot be told whose it is: a new one
  opens, since a request too many is a small harm and a forgotten citizen is a great one.
"""

from datetime import datetime, timedelta

from guichet.callbacks.request import Demand, Request, RequestKind, RequestState
from guichet.core.ids import CitizenId, ContactId, RequestId, new_id, new_reference
from guichet.core.phone import PhoneNumber
from guichet.routing.following import ReminderRules

HANGING_UP = timedelta(seconds=45)
"""How long somebody who asks for a callback in a call needs to end it: until then their line is busy."""

MOST_URGENT = 100
"""The highest priority."""
CHOOSING = timedelta(minutes=3)
"""How long somebody may take in a call to choose a slot: then they are called, and confirmed, without one."""


_NO_CONTACT = "api"


def without_contact() -> ContactId:
    """Return what stands in a request for the contact that opened it, where there was none: another system asked."""
    return ContactId(new_id(_NO_CONTACT))


def is_contact(contact: ContactId) -> bool:
    """Whether it is a contact at all."""
    return not contact.startswith(f"{_NO_CONTACT}_")


def citizen_subject(citizen: CitizenId) -> str:
    """Return the subject of a known citizen."""
    return f"citizen:{citizen}"


def number_subject(number: PhoneNumber) -> str:
    """Return the subject of somebody known by number alone."""
    return f"number:{number.e164}"


def contact_subject(contact: ContactId) -> str:
    """Return the subject of somebody of whom nothing is known but this contact."""
    return f"contact:{contact}"


def subject_of(citizen: CitizenId | None, number: PhoneNumber | None, contact: ContactId) -> str:
    """Return the subject that a request of this person belongs to."""
    if citizen is not None:
        return citizen_subject(citizen)
    return number_subject(number) if number is not None else contact_subject(contact)


def new_request(demand: Demand, now: datetime) -> Request:
    """Make the request that a demand opens."""
    return Request(
        id=RequestId(new_id("req")),
        reference=new_reference(),
        kind=demand.kind,
        state=RequestState.WAITING,
        citizen=demand.citizen,
        number=demand.number,
        line=demand.line,
        language=demand.language,
        intent=demand.intent,
        queue=demand.queue,
        priority=demand.priority,
        opened_at=now,
        target_at=demand.target_at,
        changed_at=now,
        contact=demand.contact,
        call=demand.call,
        held_since=now if demand.kind is RequestKind.HOLD else None,
        relayed=demand.relayed,
        not_before=_once_hung_up(None, demand, now),
    )


def _once_hung_up(not_before: datetime | None, demand: Demand, now: datetime) -> datetime | None:
    """Return when they may be called: not while they are still in the call in which they ask for it."""
    if demand.kind is not RequestKind.CALLBACK or demand.call is None:
        return not_before
    return max(not_before or now, now + HANGING_UP)


def join(request: Request, demand: Demand, now: datetime) -> Request:
    """Return the open request after the same person has asked again.

    It keeps its place: the target never moves back, the urgency never falls. Who comes on the line holds, and gets the
    agent who may be found already; who asks to be called is called; a text never turns a call into less than a call.
    """
    joined = request.evolve(
        number=request.number or demand.number,
        relayed=request.relayed or demand.relayed,
        priority=max(request.priority, demand.priority),
        target_at=min(request.target_at, demand.target_at),
    )
    if demand.kind is RequestKind.HOLD and not (request.holds and request.call == demand.call):
        joined = joined.evolve(entered_at=None)
    if request.is_out and demand.kind is RequestKind.HOLD:
        held_since = request.held_since if request.holds else now
        return joined.evolve(kind=RequestKind.HOLD, call=demand.call, line=demand.line, held_since=held_since)
    if request.state is not RequestState.WAITING:
        return joined
    # What an agent had asked a text's writer is answered by their call, or by what they ask for now.
    not_before = None if request.kind is RequestKind.TEXT else request.not_before
    joined = joined.evolve(not_before=_once_hung_up(not_before, demand, now))
    if demand.kind is RequestKind.HOLD:
        held_since = request.held_since if request.holds and request.call == demand.call else now
        return joined.evolve(kind=RequestKind.HOLD, call=demand.call, line=demand.line, held_since=held_since)
    if demand.kind is RequestKind.CALLBACK and request.kind is RequestKind.TEXT:
        return joined.evolve(kind=RequestKind.CALLBACK)
    return joined


def raised(request: Request, rules: ReminderRules) -> Request:
    """Return a request after a reminder has been counted, as urgent as the rules make it."""
    return request.evolve(priority=min(request.priority + rules.added_at(request.reminders), MOST_URGENT))
