"""Contacts in SQL, on SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.citizens import tables
from guichet.citizens.contact import Channel, Contact, Spent
from guichet.citizens.tables import contacts
from guichet.core.bulk import insert_new
from guichet.core.errors import NotFound
from guichet.core.ids import CitizenId, ContactId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber


def contact_row(contact: Contact) -> dict[str, Any]:
    """Write a contact as a row."""
    return {
        "id": contact.id,
        "channel": contact.channel.value,
        "carrier_id": contact.carrier_id,
        "line": contact.line.e164,
        "caller": None if contact.caller is None else contact.caller.e164,
        "language": contact.language.value,
        "started_at": contact.started_at,
        "ended_at": contact.ended_at,
        "citizen": contact.citizen,
        "intent": contact.intent,
        "outcome": contact.outcome,
        "request": contact.request,
        "file": contact.file,
        "listened_seconds": contact.listened,
        "cpu_seconds": contact.cpu,
    }


def _contact(row: sa.RowMapping) -> Contact:
    """Read a contact from its row."""
    return Contact(
        id=ContactId(row["id"]),
        channel=Channel(row["channel"]),
        carrier_id=row["carrier_id"],
        line=PhoneNumber(row["line"]),
        caller=None if row["caller"] is None else PhoneNumber(row["caller"]),
        language=Language(row["language"]),
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        citizen=None if row["citizen"] is None else CitizenId(row["citizen"]),
        intent=row["intent"],
        outcome=row["outcome"],
        request=None if row["request"] is None else RequestId(row["request"]),
        file=row["file"],
        listened=row["listened_seconds"],
        cpu=row["cpu_seconds"],
    )


class SqlContactStore:
    """A ContactStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    def _insert(self) -> sqlite.Insert | postgresql.Insert:
        """Return an insert that leaves known contacts alone."""
        columns = [contacts.c.channel, contacts.c.carrier_id]
        if self._connection.dialect.name == "postgresql":
            return postgresql.insert(contacts).on_conflict_do_nothing(index_elements=columns)
        return sqlite.insert(contacts).on_conflict_do_nothing(index_elements=columns)

    async def _first(self, *conditions: sa.ColumnElement[bool]) -> Contact | None:
        """Return the contact that fits, or None."""
        row = (await self._connection.execute(sa.select(contacts).where(*conditions))).mappings().first()
        return None if row is None else _contact(row)

    async def add(self, contact: Contact) -> Contact:
        """Keep a new contact, or return the one there is; safe when two processes are told of the same call."""
        inserted = await self._connection.execute(self._insert().values(contact_row(contact)).returning(contacts.c.id))
        if inserted.first() is not None:
            return contact
        known = await self.by_carrier_id(contact.channel, contact.carrier_id)
        if known is None:
            raise NotFound("the contact was removed while it was being added")
        return known

    async def add_many(self, contacts: Sequence[Contact]) -> None:
        """Keep a batch of new contacts, in one statement."""
        if not contacts:
            return
        rows = [contact_row(contact) for contact in contacts]
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(self._insert(), rows)
        else:
            await self._connection.exec_driver_sql(*insert_new(tables.contacts, rows))

    async def get(self, contact_id: ContactId) -> Contact | None:
        """Return the contact, or None."""
        return await self._first(contacts.c.id == contact_id)

    async def by_carrier_id(self, channel: Channel, carrier_id: str) -> Contact | None:
        """Return the contact of a call or first message, or None."""
        return await self._first(contacts.c.channel == channel.value, contacts.c.carrier_id == carrier_id)

    async def of_citizen(self, citizen: CitizenId, limit: int = 100) -> tuple[Contact, ...]:
        """Return a citizen's contacts, latest first."""
        query = (
            sa.select(contacts)
            .where(contacts.c.citizen == citizen)
            .order_by(contacts.c.started_at.desc(), contacts.c.id.desc())
            .limit(limit)
        )
        return tuple(_contact(row) for row in (await self._connection.execute(query)).mappings())

    async def count(self, since: datetime) -> int:
        """Count the contacts that began since a moment."""
        query = sa.select(sa.func.count()).select_from(contacts).where(contacts.c.started_at >= since)
        return int((await self._connection.execute(query)).scalar_one())

    async def save(self, contact: Contact) -> None:
        """Write a changed contact."""
        values = contact_row(contact)
        for own in ("id", "listened_seconds", "cpu_seconds"):
            del values[own]
        update = sa.update(contacts).where(contacts.c.id == contact.id).values(values)
        if (await self._connection.execute(update)).rowcount == 0:
            raise NotFound("there is no such contact")

    async def spend(self, contact: ContactId, listened: float, cpu: float) -> None:
        """Add to what a contact has cost."""
        more = {"listened_seconds": contacts.c.listened_seconds + listened, "cpu_seconds": contacts.c.cpu_seconds + cpu}
        await self._connection.execute(sa.update(contacts).where(contacts.c.id == contact).values(more))

    async def spent(self, start: datetime, end: datetime) -> Spent:
        """Sum what calls have cost."""
        seconds = (
            sa.func.coalesce(sa.func.sum(column), 0.0)
            for column in (contacts.c.listened_seconds, contacts.c.cpu_seconds)
        )
        query = sa.select(sa.func.count(), *seconds).where(
            contacts.c.channel == Channel.VOICE.value, contacts.c.started_at >= start, contacts.c.started_at < end
        )
        return Spent(*(await self._connection.execute(query)).one())
