"""An agent says that a contact was taken for the wrong person: it is put right, and what came of it follows.

A request that this contact opened, and that no other contact of that person joined, goes with it, open or ended. One
that was theirs before, or has become so since, stays with them: this contact is taken out of it, and what it asked for
becomes a request of its own at the same place. What the agent did is kept in the contact's file and the requests'
events.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from guichet.callbacks import ports
from guichet.callbacks.lifecycle import Cause
from guichet.callbacks.on_the_line import Contacts
from guichet.callbacks.request import Demand, Request, RequestKind, RequestState
from guichet.callbacks.service import close_request, open_request
from guichet.citizens.contact import Contact
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import CitizenId, ContactId, RequestId
from guichet.routing.measures import MERGED

log = structlog.get_logger()
_REASON = "taken for the wrong person"


class ContactStore(Contacts, Protocol):
    """The contacts, as far as putting one right goes (`citizens.contact_store`)."""

    async def save(self, contact: Contact) -> None:
        """Write a changed contact."""
        ...


class Unit(ports.RingingUnit, Protocol):
    """One transaction over a contact and its requests."""

    @property
    def contacts(self) -> ContactStore:
        """The contacts."""
        ...


@dataclass(frozen=True, slots=True)
class Undone:
    """What was put right: the contact, requests that went with it, and those that it has now of its own."""

    contact: Contact
    moved: tuple[RequestId, ...]
    opened: tuple[RequestId, ...]


async def undo_match(unit: Unit, contact_id: ContactId, right: CitizenId | None, agent: str, now: datetime) -> Undone:
    """Take a contact from the person it was matched to, and give it to the right one (None: nobody known).

    Raises NotFound for an unknown contact or person, BadInput where nothing would change, Conflict while an agent is
    being connected for a request of it.
    """
    contact = await _to_put_right(unit, contact_id, right)
    wrong = contact.citizen
    contact = contact.evolve(citizen=right, file=_noted(contact, right, agent, now))
    moved, opened = list[RequestId](), list[RequestId]()
    for request in await unit.requests.of_contact(contact.id):
        if request.citizen != wrong:
            continue
        if await _is_its_own(unit, request, contact, wrong):
            await _move(unit, request, right, Cause(agent, now, _REASON))
            moved.append(request.id)
        elif request.state.is_open:
            opened.append(await _split(unit, request, contact, right, now))
        else:
            await unit.requests.unlink(request.id, contact.id)
    await unit.contacts.save(contact.evolve(request=opened[-1] if opened else contact.request))
    log.info("match undone", contact=contact.id, by=agent, moved=len(moved), opened=len(opened))
    return Undone(contact, tuple(moved), tuple(opened))


async def _to_put_right(unit: Unit, contact_id: ContactId, right: CitizenId | None) -> Contact:
    """Return the contact, if it can be given to that person."""
    contact = await unit.contacts.get(contact_id)
    if contact is None:
        raise NotFound("there is no such contact")
    if right is not None and await unit.citizens.get(right) is None:
        raise NotFound("there is no such citizen")
    if contact.citizen == right:
        raise BadInput("this contact belongs to that person already" if right else "this contact belongs to nobody")
    return contact


def _noted(contact: Contact, right: CitizenId | None, agent: str, now: datetime) -> dict[str, object]:
    """Return the contact's file with what the agent did."""
    note = {"at": now.isoformat(), "by": agent, "from": contact.citizen, "to": right}
    return {**contact.file, "undone": [*contact.file.get("undone", []), note]}


async def _is_its_own(unit: Unit, request: Request, contact: Contact, wrong: CitizenId | None) -> bool:
    """Whether a request is this contact's alone: it opened it, and nobody taken for that person has joined it since."""
    if request.contact != contact.id:
        return False
    others = [await unit.contacts.get(other) for other in await unit.requests.contacts_of(request.id)]
    return not any(other.citizen == wrong for other in others if other is not None and other.id != contact.id)


async def _move(unit: Unit, request: Request, right: CitizenId | None, cause: Cause) -> None:
    """Give a request to the right person; where they have an open one for the matter, it goes on in that."""
    if await unit.requests.give(request, right, cause):
        return
    if request.state is not RequestState.WAITING:
        raise Conflict("an agent is being connected for this request; undo the match when that is over")
    await close_request(unit, request.id, RequestState.CANCELLED, f"{MERGED} after an undone match", cause.at)
    await unit.requests.give(request, right, cause)
    demand = _demand(request, request.contact, right)
    opened = await open_request(unit, demand, cause.at)
    for other in await unit.requests.contacts_of(request.id):
        await unit.requests.link(opened.request.id, other, cause.at)


async def _split(unit: Unit, request: Request, contact: Contact, right: CitizenId | None, now: datetime) -> RequestId:
    """Take a contact out of a request that stays, and open one for what it asked for."""
    if request.state is not RequestState.WAITING:
        raise Conflict("an agent is being connected for this request; undo the match when that is over")
    await unit.requests.unlink(request.id, contact.id)
    own = request.evolve(number=contact.caller or request.number)
    return (await open_request(unit, _demand(own, contact.id, right), now)).request.id


def _demand(request: Request, contact: ContactId, citizen: CitizenId | None) -> Demand:
    """Return the demand for what a request asks for, at its place; nobody holds on the line for it any more."""
    kind = RequestKind.TEXT if request.kind is RequestKind.TEXT else RequestKind.CALLBACK
    return Demand(
        contact=contact,
        channel="sms" if kind is RequestKind.TEXT else "voice",
        kind=kind,
        citizen=citizen,
        number=request.number,
        line=request.line,
        language=request.language,
        intent=request.intent,
        queue=request.queue,
        target_at=request.target_at,
        priority=request.priority,
    )
