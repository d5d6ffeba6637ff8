"""Teaching the matcher: an example is tried before it is published, and what it changes is measured.

    text of the book in force → with the example → both trained and judged, each example by all the others → publication

Training takes a second or two of a thread: calls go on meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from guichet.console.account import Account
from guichet.console.audit import AuditStore, Entry
from guichet.core.clock import Clock
from guichet.core.errors import BadInput
from guichet.core.language import Language
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_editing import add_example
from guichet.routing.intent_matcher import IntentMatcher
from guichet.routing.intent_trial import Trial, trial
from guichet.routing.publishing import FIRST_SIGNED, IntentUnit, Signed, intent_publishing
from guichet.routing.rule_version import RuleVersion, before, in_force
from guichet.routing.rule_version_store import RuleVersionStore
from guichet.routing.unclear_store import UnclearStore
from guichet.transcripts.redact import without_labels

SINCE = timedelta(days=30)
MOST_TEXTS = 300
"""Texts of citizens that are read by both books, at most."""


class TrainingUnit(Protocol):
    """One transaction over the versions of the intent book, and the trail of it."""

    @property
    def intent_versions(self) -> RuleVersionStore:
        """The versions."""
        ...

    @property
    def unclear(self) -> UnclearStore:
        """What was not understood."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...


BeginTraining = Callable[[], AbstractAsyncContextManager[TrainingUnit]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """An example of a matter, or (None) of what is none."""

    intent: str | None
    language: Language
    example: str


@dataclass(frozen=True, slots=True)
class Versions:
    """Every version, latest first; the one in force, and the one that a rollback goes to."""

    all: tuple[RuleVersion, ...]
    current: RuleVersion
    previous: RuleVersion | None


class Training:
    """Tries and publishes. `first` gives the book of the settings, `train` a matcher for a book."""

    def __init__(
        self,
        begin: BeginTraining,
        read: BeginTraining,
        clock: Clock,
        first: Callable[[], str],
        train: Callable[[IntentBook], IntentMatcher],
    ) -> None:
        self._begin = begin
        self._read = read
        self._clock = clock
        self._first = first
        self._train = train

    async def versions(self) -> Versions:
        """Return the versions."""
        now = self._clock.now()
        async with self._read() as unit:
            known = await unit.intent_versions.all()
        current = in_force(known, now)
        if current is None:
            await intent_publishing(self._begin, self._clock).ensure_first(self._first(), FIRST_SIGNED)
            return await self.versions()
        return Versions(known, current, before(known, current, now))

    async def tried(self, lesson: Lesson) -> tuple[int, Trial]:
        """Say what an example changes, and in which version. Raises BadInput for one that cannot be, or is there."""
        number, text = await self._text()
        async with self._read() as unit:
            unclear = await unit.unclear.since(self._clock.now() - SINCE)
        texts = [found for one in unclear[:MOST_TEXTS] if (found := without_labels(one.text))]
        return number, await asyncio.to_thread(self._compared, text, lesson, texts)

    async def teach(self, account: Account, lesson: Lesson, based_on: int) -> RuleVersion:
        """Publish the book in force with an example. Raises BadInput where another version is in force by now."""
        number, text = await self._text()
        if number != based_on:
            raise BadInput(f"version {number} is in force by now, not {based_on}: try the example again")
        changed = await asyncio.to_thread(add_example, text, lesson.intent, lesson.language, lesson.example)
        note = f"exemple / example: {lesson.intent or 'hors_sujet'}"
        publishing = intent_publishing(self._noting(account, "intents.published"), self._clock)
        return await publishing.publish(changed, Signed(account.name, note), based_on=based_on)

    async def rollback(self, account: Account, note: str) -> RuleVersion:
        """Put back the version before, at once. Raises what `Publishing.rollback` does."""
        publishing = intent_publishing(self._noting(account, "intents.rolled_back"), self._clock)
        return await publishing.rollback(Signed(account.name, note))

    def _compared(self, text: str, lesson: Lesson, texts: list[str]) -> Trial:
        changed = add_example(text, lesson.intent, lesson.language, lesson.example)
        old, new = (self._train(IntentBook.parse(one)) for one in (text, changed))
        return trial(old, new, texts)

    async def _text(self) -> tuple[int, str]:
        number = (await self.versions()).current.number
        async with self._read() as unit:
            return number, await unit.intent_versions.text(number)

    def _noting(self, account: Account, action: str) -> Callable[[], AbstractAsyncContextManager[IntentUnit]]:
        """Return what opens a transaction that ends with an entry in the trail."""

        @asynccontextmanager
        async def begin() -> AsyncIterator[IntentUnit]:
            async with self._begin() as unit:
                yield unit
                number = (await unit.intent_versions.all())[0].number
                await unit.audit.note(Entry(self._clock.now(), account.actor, action, f"intents:{number}"))

        return begin
