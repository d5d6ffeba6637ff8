"""Contacts in memory: the twin for tests."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime

from guichet.citizens.contact import Channel, Contact, Spent
from guichet.core.errors import NotFound
from guichet.core.ids import CitizenId, ContactId


class MemoryContactStore:
    """A ContactStore in a dictionary."""

    def __init__(self) -> None:
        self._contacts: dict[ContactId, Contact] = {}
        self._ids: dict[tuple[Channel, str], ContactId] = {}

    async def add(self, contact: Contact) -> Contact:
        """Keep a new contact, or return the one there is."""
        key = (contact.channel, contact.carrier_id)
        if key not in self._ids:
            self._ids[key] = contact.id
            self._contacts[contact.id] = deepcopy(contact)
        return deepcopy(self._contacts[self._ids[key]])

    async def add_many(self, contacts: Sequence[Contact]) -> None:
        """Keep a batch of new contacts."""
        for contact in contacts:
            await self.add(contact)

    async def get(self, contact_id: ContactId) -> Contact | None:
        """Return the contact, or None."""
        return deepcopy(self._contacts.get(contact_id))

    async def by_carrier_id(self, channel: Channel, carrier_id: str) -> Contact | None:
        """Return the contact of a call or first message, or None."""
        contact_id = self._ids.get((channel, carrier_id))
        return None if contact_id is None else deepcopy(self._contacts[contact_id])

    async def of_citizen(self, citizen: CitizenId, limit: int = 100) -> tuple[Contact, ...]:
        """Return a citizen's contacts, latest first."""
        own = [deepcopy(contact) for contact in self._contacts.values() if contact.citizen == citizen]
        own.sort(key=lambda contact: (contact.started_at, contact.id), reverse=True)
        return tuple(own[:limit])

    async def count(self, since: datetime) -> int:
        """Count the contacts that began since a moment."""
        return sum(1 for contact in self._contacts.values() if contact.started_at >= since)

    async def save(self, contact: Contact) -> None:
        """Write a changed contact."""
        known = self._contacts.get(contact.id)
        if known is None:
            raise NotFound("there is no such contact")
        self._contacts[contact.id] = deepcopy(contact).evolve(listened=known.listened, cpu=known.cpu)

    async def spend(self, contact: ContactId, listened: float, cpu: float) -> None:
        """Add to what a contact has cost."""
        if (known := self._contacts.get(contact)) is not None:
            self._contacts[contact] = known.evolve(listened=known.listened + listened, cpu=known.cpu + cpu)

    async def spent(self, start: datetime, end: datetime) -> Spent:
        """Sum what calls have cost."""
        calls = [
            contact
            for contact in self._contacts.values()
            if contact.channel is Channel.VOICE and start <= contact.started_at < end
        ]
        return Spent(len(calls), sum(call.listened for call in calls), sum(call.cpu for call in calls))
