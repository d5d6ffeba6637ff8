"""What calls need from others: stores of one transaction, and the tools that think."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from guichet.callbacks import ports as callbacks
from guichet.carrier.verbs import Verb
from guichet.citizens.citizen import Evidence, Identification
from guichet.citizens.contact import Contact
from guichet.citizens.speaking import Helper, Spoken
from guichet.core.clock import Clock
from guichet.core.ids import CallSid, ContactId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.ivr.recording_store import RecordingStore
from guichet.ivr.script import Script
from guichet.ivr.store import CallStore
from guichet.routing.intent import IntentMatch
from guichet.routing.rule_book import RuleBook
from guichet.routing.unclear_store import UnclearStore
from guichet.transcripts.heard import Heard


class ContactStore(Protocol):
    """The contacts, as far as calls go (`citizens.contact_store`)."""

    async def spend(self, contact: ContactId, listened: float, cpu: float) -> None:
        """Add to what a contact has cost."""
        ...

    async def add_many(self, contacts: Sequence[Contact]) -> None:
        """Keep a batch; those whose carrier's id is there already are left as they are."""
        ...

    async def get(self, contact_id: ContactId) -> Contact | None:
        """Return a contact."""
        ...

    async def save(self, contact: Contact) -> None:
        """Write a changed contact."""
        ...


class TranscriptStore(Protocol):
    """The transcripts, as far as calls go (`transcripts.store`)."""

    async def add(self, contact: ContactId, turn: int, source: str, heard: Heard) -> None:
        """Keep what was heard in a turn, masked."""
        ...


class Unit(callbacks.Unit, Protocol):
    """One transaction over what a call touches."""

    @property
    def calls(self) -> CallStore:
        """The calls and their turns."""
        ...

    @property
    def contacts(self) -> ContactStore:
        """The contacts."""
        ...

    @property
    def recordings(self) -> RecordingStore:
        """The recorded messages."""
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


class Speaking(Protocol):
    """Who may speak for whom (`citizens.speaking`)."""

    async def holds(self, phone: PhoneNumber | None, day: date) -> bool:
        """Whether somebody with that number holds a mandate."""
        ...

    async def speaks(self, helper: Helper, readings: Sequence[str], matter: str | None, day: date) -> Spoken:
        """Say whether a helper may speak for the person named."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a call is served with.

    `book` gives the rule book in force; `scripts` the script of a line at a moment, by a book; `match` the matter of
    readings (CPU: a few milliseconds, run off the loop); `tell_language` the language words are clearly in; `identify`
    who a caller may be and `speaking` who may speak for whom (in transactions of their own); `render` the TwiML of
    verbs; `token` that of a turn's stream. With `duplex` a call is one stream, in which we speak ourselves.
    `for_checked` tells whether what answers a matter is for people whose identity is checked.
    """

    book: Callable[[], RuleBook]
    scripts: Callable[[PhoneNumber, datetime, RuleBook], Script]
    match: Callable[[Sequence[str]], IntentMatch]
    tell_language: Callable[[str], Language | None]
    identify: Callable[[Evidence], Awaitable[Identification]]
    speaking: Speaking
    render: Callable[[Sequence[Verb]], str]
    token: Callable[[CallSid, int], str]
    clock: Clock
    duplex: bool = False
    for_checked: Callable[[str | None], bool] = lambda _intent: False
