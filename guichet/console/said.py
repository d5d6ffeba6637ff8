"""Looking for what citizens said and wrote: by words (accents ignored), person, matter, day and outcome. Pure."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guichet.citizens.contact import Contact
from guichet.citizens.contact_store import ContactStore
from guichet.console.account import Account
from guichet.console.audit import AuditStore, Entry
from guichet.core.clock import Clock
from guichet.core.errors import NotFound
from guichet.core.ids import CitizenId, ContactId, RequestId
from guichet.core.phone import PhoneNumber

MOST = 50
"""Lines that one look returns at most."""
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for; what is empty does not matter. `before` is the number of the last line of the page before.

    `words` are folded; a line has them all, each as the beginning of a word. `since` is included, `until` is not.
    """

    words: tuple[str, ...] = ()
    citizen: CitizenId | None = None
    number: PhoneNumber | None = None
    request: RequestId | None = None
    intent: str = ""
    outcome: str = ""
    channel: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None

    @property
    def asked(self) -> list[str]:
        """What was looked by, without what for: for the trail."""
        named = ("words", "citizen", "number", "request", "intent", "outcome", "channel", "since", "until")
        return [name for name in named if getattr(self, name)]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was found: its number, contact, who said it (`source`), when, and its words as they were."""

    number: int
    contact: ContactId
    source: str
    at: datetime
    text: str
    channel: str
    intent: str
    outcome: str
    citizen: CitizenId | None


class SaidStore(Protocol):
    """Looks through the index, inside the current transaction."""

    async def find(self, wish: Wish) -> Sequence[Line]:
        """Return the lines wanted, latest first, MOST at most."""
        ...

    async def of(self, contact: ContactId) -> Sequence[Line]:
        """Return every line of a contact, first to last."""
        ...


class SaidUnit(Protocol):
    """One transaction over what was said, and the trail of who read it."""

    @property
    def said(self) -> SaidStore:
        """What was said."""
        ...

    @property
    def contacts(self) -> ContactStore:
        """The contacts."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...


BeginSaid = Callable[[], AbstractAsyncContextManager[SaidUnit]]


class Searching:
    """Looks, and notes who looked: in the same transaction, so that nothing is read without a trace."""

    def __init__(self, begin: BeginSaid, clock: Clock) -> None:
        self._begin = begin
        self._clock = clock

    async def find(self, account: Account, wish: Wish) -> Sequence[Line]:
        """Return the lines wanted. The trail has what was looked by and how much was found, not the words."""
        async with self._begin() as unit:
            found = await unit.said.find(wish)
            detail = {"by": wish.asked, "found": len(found)}
            subject = f"citizen:{wish.citizen}" if wish.citizen else ""
            await unit.audit.note(Entry(self._clock.now(), account.actor, "transcripts.searched", subject, detail))
        return found

    async def read(self, account: Account, contact: ContactId) -> tuple[Contact, Sequence[Line]]:
        """Return a contact with all its lines. Raises NotFound."""
        async with self._begin() as unit:
            known = await unit.contacts.get(contact)
            if known is None:
                raise NotFound("there is no such contact")
            lines = await unit.said.of(contact)
            await unit.audit.note(Entry(self._clock.now(), account.actor, "contact.seen", f"contact:{contact}"))
        return known, lines
