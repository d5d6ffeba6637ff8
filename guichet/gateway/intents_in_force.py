"""The intent book in force in this process, and the matcher trained on it: looked for in the database each second.

A new version is trained in a thread while the matcher before it goes on serving; then book and matcher are swapped
together. While the database is away, or where a text cannot be used, the last book stays in force.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import structlog

from guichet.core.clock import Clock
from guichet.core.errors import Unavailable
from guichet.core.language import Bilingual
from guichet.ivr.matters import NAMES
from guichet.routing.document import FlawedDocument
from guichet.routing.intent import IntentMatch
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_matcher import IntentMatcher
from guichet.routing.rule_version import RuleVersion
from guichet.routing.rule_version_store import RuleVersionStore
from guichet.routing.use_encoder import find_encoder

LOOK_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Unit(Protocol):
    """What is read."""

    @property
    def intent_versions(self) -> RuleVersionStore:
        """The versions of the intent book."""
        ...


Read = Callable[[], AbstractAsyncContextManager[Unit]]


class IntentsInForce:
    """Gives the book in force and matches by it; the book of the settings until `refresh` has read another one.

    `vectors` is where the encoder of `guichet[encoder]` keeps what it has computed. `learned` is told of another book.
    """

    def __init__(
        self,
        book: IntentBook,
        read: Read,
        clock: Clock,
        vectors: Path,
        learned: Callable[[IntentBook], None] = lambda _book: None,
    ) -> None:
        self.book = book
        self._read = read
        self._clock = clock
        self._vectors = vectors
        self._learned = learned
        self._refused = ""
        self._matcher: IntentMatcher | None = None
        self._training = threading.Lock()

    @property
    def matcher(self) -> IntentMatcher:
        """The trained matcher (a second or two; the first time with the encoder of `guichet[encoder]` ten)."""
        with self._training:
            if self._matcher is None:
                self._matcher = self._trained(self.book)
            return self._matcher

    @matcher.setter
    def matcher(self, matcher: IntentMatcher) -> None:
        """Take one that is trained already."""
        self._matcher = matcher

    def train(self) -> None:
        """Train it now."""
        self.matcher.match(("",))

    def match(self, readings: Sequence[str]) -> IntentMatch:
        """Match readings to a matter."""
        return self.matcher.match(readings)

    def nearest(self, text: str) -> str | None:
        """Return the likeliest matter of a text that matches none."""
        return self.matcher.nearest(text)

    def title(self, intent: str) -> Bilingual:
        """Name a matter; one that has left the book keeps its id."""
        found = self.book.find(intent)
        return found.title if found else Bilingual(intent, intent)

    def is_for_checked(self, intent: str | None) -> bool:
        """Whether what answers a matter is for people whose identity is checked."""
        return self.book.is_for_checked(intent)

    def own_matters(self) -> dict[str, Bilingual]:
        """Return the titles of the matters that the script has no spoken name for: those an installation added."""
        return {intent.name: intent.title for intent in self.book.intents if intent.name not in NAMES}

    def _trained(self, book: IntentBook) -> IntentMatcher:
        encoder = find_encoder(self._vectors)
        log.info("intents_training", book=book.version, encoder=encoder.name if encoder else None)
        return IntentMatcher.train(book, encoder)

    async def refresh(self, *, train: bool = True) -> bool:
        """Take the version in force; say whether it is another one. Raises Unavailable.

        Without `train` the matcher is trained when first asked.
        """
        async with self._read() as unit:
            version = await unit.intent_versions.in_force(self._clock.now())
            if version is None or version.digest in {self.book.version, self._refused}:
                return False
            text = await unit.intent_versions.text(version.number)
        return await self._take(version, text, train=train)

    async def _take(self, version: RuleVersion, text: str, *, train: bool) -> bool:
        try:
            book = await asyncio.to_thread(IntentBook.parse, text)
        except FlawedDocument as flawed:
            # It was read without a flaw when it was published: by another version of Guichet.
            self._refused = version.digest
            log.error("intents_not_usable", number=version.number, flaw=str(flawed.flaws[0]))  # noqa: TRY400 - all there is
            return False
        self._matcher, self.book = await asyncio.to_thread(self._trained, book) if train else None, book
        self._learned(book)
        log.info("intents_in_force", number=version.number, version=version.digest)
        return True

    async def follow(self) -> None:
        """Refresh for ever; an away database is waited for."""
        is_away = False
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.refresh()
                is_away = False
            except Unavailable as error:
                if not is_away:
                    log.warning("intents_not_refreshed", reason=type(error).__name__)
                is_away = True
