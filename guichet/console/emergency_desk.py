"""What supervisors tell every caller at once: an emergency message, put up until it expires or is ended.

It may close the counter meanwhile. Both ends are in the audit trail, in the transaction that makes them.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol

from guichet.console.account import Account
from guichet.console.audit import AuditStore, Entry
from guichet.core.clock import Clock
from guichet.core.errors import NotFound
from guichet.core.ids import new_id
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.routing.urgent import CLOSED, Urgent
from guichet.routing.urgent_store import UrgentStore

SHOWN = 30
"""Messages that the page shows: the latest."""


class EmergencyUnit(Protocol):
    """One transaction over the messages, and the trail of it."""

    @property
    def urgent_messages(self) -> UrgentStore:
        """The messages."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...


BeginEmergency = Callable[[], AbstractAsyncContextManager[EmergencyUnit]]


class EmergencyDesk:
    """Puts messages up and ends them."""

    def __init__(self, begin: BeginEmergency, read: BeginEmergency, clock: Clock) -> None:
        self._begin = begin
        self._read = read
        self._clock = clock

    async def latest(self) -> Sequence[Urgent]:
        """Return the latest messages, those that are up among them, latest first."""
        async with self._read() as unit:
            return await unit.urgent_messages.all(SHOWN)

    async def put(
        self, account: Account, text: Bilingual, lasts: timedelta, *, closes: bool, line: PhoneNumber | None
    ) -> Urgent:
        """Put a message up; a closure has the house's words when none are given. Raises BadInput (see `Urgent`)."""
        if closes and not text.fr.strip() and not text.en.strip():
            text = CLOSED
        now = self._clock.now()
        message = Urgent(new_id("urg"), text, closes, line, account.name, now, now + lasts)
        detail = {"closes": closes, "minutes": lasts // timedelta(minutes=1)}
        async with self._begin() as unit:
            await unit.urgent_messages.add(message)
            await unit.audit.note(Entry(now, account.actor, "emergency.put_up", f"urgent:{message.id}", detail))
        return message

    async def end(self, account: Account, message_id: str) -> None:
        """Take a message down before it expires. Raises NotFound for one that is not up."""
        now = self._clock.now()
        async with self._begin() as unit:
            if not await unit.urgent_messages.take_down(message_id, now):
                raise NotFound("no such message is up")
            await unit.audit.note(Entry(now, account.actor, "emergency.ended", f"urgent:{message_id}"))
