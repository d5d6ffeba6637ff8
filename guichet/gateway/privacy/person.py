"""Which rows are a person's: their own, and those of nobody known that came from a number that is theirs alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.joining import number_subject
from guichet.callbacks.tables import requests
from guichet.citizens.citizen import Citizen
from guichet.citizens.tables import citizen_phones, contacts
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber
from guichet.gateway.units import SqlUnit
from guichet.sms.tables import messages

CHUNK = 500
"""Ids in a statement."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on record, or (`citizen` None) whoever has a number that nobody on record has.

    `numbers` are theirs alone: what came from a number that others on record have too, and that was matched to nobody,
    may be the others'.
    """

    citizen: Citizen | None
    numbers: tuple[PhoneNumber, ...] = ()

    @property
    def id(self) -> CitizenId | None:
        """The id of the record."""
        return self.citizen.id if self.citizen else None


async def person_of(unit: SqlUnit, citizen: Citizen) -> Person:
    """Return a citizen with the numbers that are theirs alone."""
    own = [number for number in citizen.phones if number not in citizen.shared_phones]
    shared = sa.select(citizen_phones.c.number).where(
        citizen_phones.c.number.in_([number.e164 for number in own]), citizen_phones.c.citizen_id != citizen.id
    )
    others = set((await unit.connection.scalars(shared)).all())
    return Person(citizen, tuple(number for number in own if number.e164 not in others))


@dataclass(frozen=True, slots=True)
class Rows:
    """The ids of what is a person's: contacts, requests, texts."""

    contacts: tuple[str, ...]
    requests: tuple[str, ...]
    messages: tuple[str, ...]


async def rows_of(unit: SqlUnit, person: Person) -> Rows:
    """Find them; a text belongs to whom its conversation or its request belongs to."""
    connection, numbers = unit.connection, [number.e164 for number in person.numbers]
    own_contact: sa.ColumnElement[bool] = sa.and_(contacts.c.citizen.is_(None), contacts.c.caller.in_(numbers))
    own_request: sa.ColumnElement[bool] = requests.c.subject.in_([number_subject(number) for number in person.numbers])
    if person.id is not None:
        own_contact = sa.or_(contacts.c.citizen == person.id, own_contact)
        own_request = sa.or_(requests.c.citizen == person.id, own_request)
    found = await _ids(connection, sa.select(contacts.c.id).where(own_contact).order_by(contacts.c.started_at))
    # Who hid their number, and was not known, has requests that hang on the contact alone.
    hidden = sa.and_(requests.c.citizen.is_(None), requests.c.number.is_(None), requests.c.contact.in_(found))
    own_request = sa.or_(own_request, hidden)
    asked = await _ids(connection, sa.select(requests.c.id).where(own_request).order_by(requests.c.opened_at))
    texts = set(await _of(connection, messages.c.contact, found))
    loose = sa.and_(messages.c.contact.is_(None), messages.c.number.in_(numbers))
    texts |= set(await _of(connection, messages.c.request, asked, messages.c.contact.is_(None)))
    texts |= set(await _ids(connection, sa.select(messages.c.id).where(loose)))
    return Rows(found, asked, tuple(sorted(texts)))


async def _ids(connection: AsyncConnection, query: sa.Select[Any]) -> tuple[str, ...]:
    return tuple((await connection.scalars(query)).all())


async def _of(
    connection: AsyncConnection, column: sa.Column[str], values: Sequence[str], *further: sa.ColumnElement[bool]
) -> list[str]:
    """Return the ids of the texts whose column has one of the values."""
    found: list[str] = []
    for start in range(0, len(values), CHUNK):
        query = sa.select(messages.c.id).where(column.in_(values[start : start + CHUNK]), *further)
        found += await _ids(connection, query)
    return found
