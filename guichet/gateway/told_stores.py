"""Requests and contacts whose changes other systems are told of: what is to be told is written with the change itself.

Whatever changes a request comes through its store, whoever asks for it: so nothing that happens is left untold, and
nothing is told that did not happen.
"""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.lifecycle import Cause, Event
from guichet.callbacks.request import Request
from guichet.callbacks.sql_store import SqlRequestStore
from guichet.citizens.contact import Contact
from guichet.citizens.contact_sql_store import SqlContactStore
from guichet.citizens.tables import contacts
from guichet.console.hooks import happenings
from guichet.console.hooks.sql_store import SqlHookStore
from guichet.core.clock import Clock
from guichet.core.ids import CitizenId


class ToldRequestStore(SqlRequestStore):
    """The requests; what is opened, changed and closed is told."""

    def __init__(self, connection: AsyncConnection, hooks: SqlHookStore, clock: Clock) -> None:
        super().__init__(connection)
        self._hooks = hooks
        self._clock = clock

    async def open(self, request: Request) -> Request | None:
        """Insert, or return the one that is open."""
        existing = await super().open(request)
        if existing is None:
            await self._hooks.tell(happenings.opened(request), self._clock.now())
        return existing

    async def change(self, before: Request, after: Request, event: Event | None = None) -> bool:
        """Write what differs where the state is still the same."""
        if not await super().change(before, after, event):
            return False
        await self._tell(before, after)
        return True

    async def adopt(self, request: Request, citizen: CitizenId) -> bool:
        """Give it to a citizen."""
        if not await super().adopt(request, citizen):
            return False
        await self._tell(request, request.evolve(citizen=citizen))
        return True

    async def give(self, request: Request, citizen: CitizenId | None, cause: Cause) -> bool:
        """Change whose it is."""
        if not await super().give(request, citizen, cause):
            return False
        await self._tell(request, request.evolve(citizen=citizen))
        return True

    async def _tell(self, before: Request, after: Request) -> None:
        now = self._clock.now()
        happening = happenings.changed(before, after, now)
        if happening is not None:
            await self._hooks.tell(happening, now)


class ToldContactStore(SqlContactStore):
    """The contacts; the end of each is told once."""

    def __init__(self, connection: AsyncConnection, hooks: SqlHookStore, clock: Clock) -> None:
        super().__init__(connection)
        self._own = connection
        self._hooks = hooks
        self._clock = clock

    async def save(self, contact: Contact) -> None:
        """Write a changed contact."""
        ends = contact.ended_at is not None and await self._goes_on(contact)
        await super().save(contact)
        if ends:
            now = self._clock.now()
            await self._hooks.tell(happenings.ended(contact, now), now)

    async def _goes_on(self, contact: Contact) -> bool:
        """Whether it had no end before."""
        ended_at = await self._own.scalar(sa.select(contacts.c.ended_at).where(contacts.c.id == contact.id))
        return ended_at is None
