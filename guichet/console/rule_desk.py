"""What supervisors do with the rule book: write a draft, see what it changes, publish it, go back.

    version in force → draft (saved while written, checked line by line) → replay → publication → history → rollback

Each publication, rollback and withdrawal is in the audit trail, in the transaction that makes it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guichet.console.account import Account
from guichet.console.audit import AuditStore, Entry
from guichet.console.rule_draft import Draft, DraftStore
from guichet.core.clock import Clock
from guichet.core.language import Bilingual
from guichet.routing.document import Flaw, FlawedDocument
from guichet.routing.intent_book import IntentBook
from guichet.routing.publishing import FIRST_SIGNED, Publishing, Signed
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_differences import differences
from guichet.routing.rule_version import RuleVersion, before, in_force
from guichet.routing.rule_version_store import RuleVersionStore
from guichet.routing.rule_warnings import warnings


class RuleUnit(Protocol):
    """One transaction over drafts and versions, and the trail of it."""

    @property
    def rule_drafts(self) -> DraftStore:
        """The drafts."""
        ...

    @property
    def rule_versions(self) -> RuleVersionStore:
        """The versions."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...


BeginRules = Callable[[], AbstractAsyncContextManager[RuleUnit]]


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be said of a text: why it cannot be used, what looks wrong, what differs from the book in force.

    `book` is what it says, if it can be used.
    """

    flaws: tuple[Flaw, ...] = ()
    warnings: tuple[Flaw, ...] = ()
    differences: tuple[Bilingual, ...] = ()
    book: RuleBook | None = None

    @property
    def is_usable(self) -> bool:
        """Whether the text can be published."""
        return not self.flaws


@dataclass(frozen=True, slots=True)
class Versions:
    """Every version, latest first; the one in force, and the one that a rollback goes to."""

    all: tuple[RuleVersion, ...]
    current: RuleVersion
    previous: RuleVersion | None

    def state(self, version: RuleVersion, now: datetime) -> str:
        """Return what a version is now: `withdrawn`, `coming`, `current` or `past`."""
        if version.withdrawn_at is not None:
            return "withdrawn"
        if version.in_force_at > now:
            return "coming"
        return "current" if version.number == self.current.number else "past"


class RuleDesk:
    """The supervisors' desk. `intents` gives the intent book in force, `first` the book that an empty database gets."""

    def __init__(
        self,
        begin: BeginRules,
        read: BeginRules,
        clock: Clock,
        intents: Callable[[], IntentBook],
        first: Callable[[], str],
    ) -> None:
        self._begin = begin
        self._read = read
        self._clock = clock
        self._intents = intents
        self._first = first

    async def versions(self) -> Versions:
        """Return the versions."""
        now = self._clock.now()
        async with self._read() as unit:
            known = await unit.rule_versions.all()
        current = in_force(known, now)
        if current is None:
            await Publishing(self._begin, self._clock).ensure_first(self._first(), FIRST_SIGNED)
            return await self.versions()
        return Versions(known, current, before(known, current, now))

    async def text(self, number: int) -> str:
        """Return the text of a version. Raises NotFound."""
        async with self._read() as unit:
            return await unit.rule_versions.text(number)

    async def draft(self, account: Account) -> Draft:
        """Return what an account is writing: the text in force where they have not begun."""
        async with self._read() as unit:
            kept = await unit.rule_drafts.draft(account.id)
        return kept or await self._begun(account)

    async def save(self, account: Account, text: str) -> Draft:
        """Keep what an account has written."""
        draft = await self.draft(account)
        draft = draft.evolve(text=text, changed_at=self._clock.now())
        async with self._begin() as unit:
            await unit.rule_drafts.save(draft)
        return draft

    async def rebase(self, account: Account) -> None:
        """Take the draft for one of the version in force: its author has seen what differs."""
        draft = await self.draft(account)
        current = (await self.versions()).current
        async with self._begin() as unit:
            await unit.rule_drafts.save(draft.evolve(based_on=current.number, changed_at=self._clock.now()))

    async def start_from(self, account: Account, number: int) -> None:
        """Begin again from a version."""
        current = (await self.versions()).current
        async with self._begin() as unit:
            text = await unit.rule_versions.text(number)
            await unit.rule_drafts.save(Draft(account.id, text, current.number, self._clock.now()))

    async def look(self, text: str) -> Look:
        """Say what is to be said of a text; reading it takes a thread, not the event loop."""
        current = (await self.versions()).current
        return await asyncio.to_thread(_look, text, await self.text(current.number), self._intents())

    async def changed_by(self, number: int) -> tuple[Bilingual, ...]:
        """Say what a version changed: what differs from the one published before it."""
        new = await self.text(number)
        if number == 1:
            return ()
        look = await asyncio.to_thread(_look, new, await self.text(number - 1), self._intents())
        return look.differences

    async def publish(self, account: Account, note: str, at: datetime | None) -> RuleVersion:
        """Publish an account's draft, which is then gone. Raises what `Publishing.publish` does."""
        draft = await self.draft(account)
        publishing = Publishing(self._noting(account, "rules.published"), self._clock)
        version = await publishing.publish(draft.text, Signed(account.name, note), at=at, based_on=draft.based_on)
        async with self._begin() as unit:
            await unit.rule_drafts.discard(account.id)
        return version

    async def rollback(self, account: Account, note: str, to: int | None) -> RuleVersion:
        """Put back the version before, or another one, at once. Raises what `Publishing.rollback` does."""
        publishing = Publishing(self._noting(account, "rules.rolled_back"), self._clock)
        return await publishing.rollback(Signed(account.name, note), to)

    async def withdraw(self, account: Account, number: int) -> None:
        """Take back a version whose moment is to come. Raises BadInput for any other."""
        await Publishing(self._noting(account, "rules.withdrawn", number), self._clock).withdraw(number)

    async def discard(self, account: Account) -> None:
        """Forget an account's draft."""
        async with self._begin() as unit:
            await unit.rule_drafts.discard(account.id)

    async def _begun(self, account: Account) -> Draft:
        current = (await self.versions()).current
        return Draft(account.id, await self.text(current.number), current.number, current.published_at)

    def _noting(self, account: Account, action: str, number: int | None = None) -> BeginRules:
        """Return what opens a transaction that ends with an entry in the trail."""

        @asynccontextmanager
        async def begin() -> AsyncIterator[RuleUnit]:
            async with self._begin() as unit:
                yield unit
                subject = number if number is not None else (await unit.rule_versions.all())[0].number
                await unit.audit.note(Entry(self._clock.now(), account.actor, action, f"rules:{subject}"))

        return begin


def _look(text: str, published: str, intents: IntentBook) -> Look:
    try:
        book = RuleBook.parse(text)
    except FlawedDocument as flawed:
        return Look(flaws=tuple(flawed.flaws))
    names = [intent.name for intent in intents.intents]
    answered = [intent.name for intent in intents.intents if intent.answer]
    told = warnings(book, names, answered, intents.for_checked)
    return Look(warnings=told, differences=_differences(published, book), book=book)


def _differences(published: str, book: RuleBook) -> tuple[Bilingual, ...]:
    """Return what differs; nothing can be said of an old text that this version of Guichet cannot read."""
    try:
        return differences(RuleBook.parse(published), book)
    except FlawedDocument:
        return ()
