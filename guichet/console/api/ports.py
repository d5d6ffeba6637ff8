"""What the API needs of a transaction, and the tools it serves with."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guichet.citizens.citizen import Evidence, Identification
from guichet.citizens.contact_store import ContactStore
from guichet.citizens.erased import ErasedKey, ErasedStore
from guichet.citizens.history import Entry
from guichet.citizens.record_store import RecordStore
from guichet.citizens.store import CitizenStore
from guichet.console.api.answers import SqlAnswerStore
from guichet.console.api.listing import SqlListing
from guichet.console.api.token_store import SqlTokenStore
from guichet.console.audit import AuditStore
from guichet.console.hooks.addresses import Allowed
from guichet.console.hooks.sql_store import SqlHookStore
from guichet.core.clock import Clock
from guichet.core.ids import CitizenId, ContactId
from guichet.core.language import Bilingual
from guichet.routing.agent_store import AgentStore
from guichet.routing.intent_book import IntentBook
from guichet.routing.measures import By, Period, Report
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_version_store import RuleVersionStore
from guichet.sms import ports as sms
from guichet.transcripts.line import TranscriptLine


class History(Protocol):
    """What happened with citizens."""

    async def of(self, citizen: CitizenId) -> Sequence[Entry]:
        """Return all that happened with a citizen, first to last."""
        ...


class Figures(Protocol):
    """How well citizens were served."""

    async def report(self, period: Period, by: By, now: datetime) -> Report:
        """Return the figures of a period as they are known at a moment."""
        ...


class Transcripts(sms.TranscriptStore, Protocol):
    """The transcripts."""

    async def of(self, contact: ContactId) -> Sequence[TranscriptLine]:
        """Return a contact's lines in the order of their turns."""
        ...


class Unit(sms.Unit, Protocol):
    """One transaction over everything the API shows and changes."""

    @property
    def citizens(self) -> CitizenStore:
        """The record."""
        ...

    @property
    def records(self) -> RecordStore:
        """Files and mandates."""
        ...

    @property
    def history(self) -> History:
        """What happened with citizens."""
        ...

    @property
    def contacts(self) -> ContactStore:
        """The contacts."""
        ...

    @property
    def transcripts(self) -> Transcripts:
        """The transcripts."""
        ...

    @property
    def erased(self) -> ErasedStore:
        """Who was erased."""
        ...

    @property
    def agents(self) -> AgentStore:
        """The agents."""
        ...

    @property
    def rule_versions(self) -> RuleVersionStore:
        """The versions of the rule book."""
        ...

    @property
    def measures(self) -> Figures:
        """The figures."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...

    @property
    def tokens(self) -> SqlTokenStore:
        """The tokens."""
        ...

    @property
    def answers(self) -> SqlAnswerStore:
        """Answers kept for repeated requests."""
        ...

    @property
    def listing(self) -> SqlListing:
        """Pages of rows."""
        ...

    @property
    def hooks(self) -> SqlHookStore:
        """Who is told of what happens, and what they were told."""
        ...


Begin = Callable[[], AbstractAsyncContextManager[Unit]]
"""Opens a transaction; leaving the block commits, an exception rolls back."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the API serves with.

    `book` and `intents` give the books in force, `title` names a matter; `identify` weighs who somebody may be (in a
    transaction of its own); `erased_key` reads the key of the list of erased people (BadInput for a file that is none);
    `a_minute` is how often a token may ask, `allowed` whom a hook may reach.
    """

    begin: Begin
    read: Begin
    clock: Clock
    book: Callable[[], RuleBook]
    intents: Callable[[], IntentBook]
    title: Callable[[str], Bilingual]
    identify: Callable[[Evidence], Awaitable[Identification]]
    erased_key: Callable[[], ErasedKey | None]
    allowed: Allowed
    a_minute: int
