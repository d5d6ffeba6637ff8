"""Where contacts are kept: the port, with a twin in memory and one in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from guichet.citizens.contact import Channel, Contact, Spent
from guichet.core.ids import CitizenId, ContactId


class ContactStore(Protocol):
    """Keeps contacts; (channel, carrier_id) is unique."""

    async def add(self, contact: Contact) -> Contact:
        """Keep a new contact; on a repeat of the same carrier's id, return the one there is, unchanged."""
        ...

    async def add_many(self, contacts: Sequence[Contact]) -> None:
        """Keep a batch; those whose carrier's id is there already are left as they are."""
        ...

    async def get(self, contact_id: ContactId) -> Contact | None:
        """Return the contact, or None."""
        ...

    async def by_carrier_id(self, channel: Channel, carrier_id: str) -> Contact | None:
        """Return the contact of a call or first message, or None."""
        ...

    async def of_citizen(self, citizen: CitizenId, limit: int = 100) -> tuple[Contact, ...]:
        """Return a citizen's contacts on all channels, latest first."""
        ...

    async def count(self, since: datetime) -> int:
        """Count the contacts that began since a moment."""
        ...

    async def save(self, contact: Contact) -> None:
        """Write a changed contact, but for what it has cost, over the one of its id; raise NotFound without one."""
        ...

    async def spend(self, contact: ContactId, listened: float, cpu: float) -> None:
        """Add seconds listened and CPU seconds to a contact: atomic. Nothing happens without the contact."""
        ...

    async def spent(self, start: datetime, end: datetime) -> Spent:
        """Sum what the calls that began from `start` on and before `end` have cost."""
        ...
