"""What texts need from others: stores of one transaction, the carrier, and the tools that think."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from guichet.callbacks import ports as callbacks
from guichet.callbacks.on_the_line import CitizenNames
from guichet.carrier.events import MessageState
from guichet.citizens.citizen import Evidence, Identification
from guichet.citizens.contact import Channel, Contact
from guichet.citizens.speaking import Helper, Spoken
from guichet.core.clock import Clock
from guichet.core.ids import CitizenId, ContactId, MessageSid
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.routing.intent import IntentMatch
from guichet.routing.rule_book import RuleBook
from guichet.routing.unclear_store import UnclearStore
from guichet.routing.urgent import Urgent
from guichet.sms.store import ConsentStore, MessageStore, SurveyStore
from guichet.transcripts.heard import Heard


class ContactStore(Protocol):
    """The contacts, as far as texts go (`citizens.contact_store`)."""

    async def add(self, contact: Contact) -> Contact:
        """Keep a new contact; on a repeat of the same carrier's id, return the one there is."""
        ...

    async def get(self, contact_id: ContactId) -> Contact | None:
        """Return a contact."""
        ...

    async def by_carrier_id(self, channel: Channel, carrier_id: str) -> Contact | None:
        """Return the contact of a first message."""
        ...

    async def save(self, contact: Contact) -> None:
        """Write a changed contact."""
        ...


class TranscriptStore(Protocol):
    """The transcripts, as far as texts go (`transcripts.store`)."""

    async def add(self, contact: ContactId, turn: int, source: str, heard: Heard) -> None:
        """Keep what was written in a turn."""
        ...


class Unit(callbacks.Unit, Protocol):
    """One transaction over what a text touches."""

    @property
    def citizens(self) -> CitizenNames:
        """The citizens."""
        ...

    @property
    def messages(self) -> MessageStore:
        """The texts."""
        ...

    @property
    def consents(self) -> ConsentStore:
        """The consents."""
        ...

    @property
    def surveys(self) -> SurveyStore:
        """How citizens say that they were served."""
        ...

    @property
    def contacts(self) -> ContactStore:
        """The contacts."""
        ...

    @property
    def transcripts(self) -> TranscriptStore:
        """The transcripts."""
        ...

    @property
    def unclear(self) -> UnclearStore:
        """What was not understood."""
        ...


Begin = Callable[[], AbstractAsyncContextManager[Unit]]
"""Opens a transaction; leaving the block commits, an exception rolls back."""


class Sent(Protocol):
    """A text of ours as the carrier lists it (`carrier.client.SentText`)."""

    @property
    def message(self) -> MessageSid:
        """The carrier's id."""
        ...

    @property
    def body(self) -> str:
        """The text."""
        ...

    @property
    def state(self) -> MessageState:
        """Where it stands."""
        ...

    @property
    def error(self) -> int | None:
        """Why it was not delivered, by the carrier's code."""
        ...


class TextCarrier(Protocol):
    """The carrier, as far as texts go (`carrier.client.Carrier`)."""

    async def send_text(self, *, to: PhoneNumber, line: PhoneNumber, body: str, status_path: str) -> MessageSid:
        """Send a text. Raises OptedOut, Refused, Unavailable (never processed) or InDoubt."""
        ...

    async def texts_to(self, number: PhoneNumber, since: datetime) -> Sequence[Sent]:
        """Return our texts to a number since a moment."""
        ...


class Speaking(Protocol):
    """Who may speak for whom (`citizens.speaking`)."""

    async def holds(self, phone: PhoneNumber | None, day: date) -> bool:
        """Whether somebody with that number holds a mandate."""
        ...

    async def named(self, phone: PhoneNumber, readings: Sequence[str]) -> CitizenId | None:
        """Return whom a name means, of those whom mandates of people with that number are about."""
        ...

    async def stands(self, helper: Helper, citizen: CitizenId | None, matter: str | None, day: date) -> Spoken:
        """Say whether a helper may speak about a matter for a person."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a text is understood with.

    `book` gives the rule book in force; `match` the matter of readings and `nearest` the likeliest one of a text (CPU:
    a few milliseconds, run off the loop); `tell_language` the language words are clearly in; `identify` who may have
    written and `speaking` who may write for whom (in transactions of their own); `title` names a matter; `mask` takes
    what is personal out of a text, knowing the names of those who may have written; `urgent` gives the urgent messages
    of a line; `for_checked` tells
    whether what answers a matter is for people whose identity is checked.
    """

    book: Callable[[], RuleBook]
    match: Callable[[Sequence[str]], IntentMatch]
    nearest: Callable[[str], str | None]
    tell_language: Callable[[str], Language | None]
    identify: Callable[[Evidence], Awaitable[Identification]]
    title: Callable[[str], Bilingual]
    mask: Callable[[str, Language, Sequence[str]], str]
    clock: Clock
    speaking: Speaking
    for_checked: Callable[[str | None], bool] = lambda _intent: False
    urgent: Callable[[PhoneNumber], tuple[Urgent, ...]] = lambda _line: ()
