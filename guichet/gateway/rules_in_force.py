"""The rule book and urgent messages in force in this process: read from the database, asked for again twice a second.

A publication reaches every process within a second, without Redis: one indexed row is read each time, and a text only
when it is another one. While the database is away, the last book stays in force. The book is swapped as a whole: who
has taken it for a turn keeps that one to the turn's end.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import structlog

from guichet.core.clock import Clock
from guichet.core.errors import Unavailable
from guichet.core.phone import PhoneNumber
from guichet.routing.document import FlawedDocument
from guichet.routing.intent_book import IntentBook
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_version import RuleVersion
from guichet.routing.rule_version_store import RuleVersionStore
from guichet.routing.urgent import Urgent, heard_on
from guichet.routing.urgent_store import UrgentStore

LOOK_SECONDS = 0.5

log = structlog.get_logger(__name__)


class Unit(Protocol):
    """What is read."""

    @property
    def rule_versions(self) -> RuleVersionStore:
        """The versions of the rule book."""
        ...

    @property
    def urgent_messages(self) -> UrgentStore:
        """The urgent messages."""
        ...


Read = Callable[[], AbstractAsyncContextManager[Unit]]


class RulesInForce:
    """Gives the book in force and the urgent messages; the book of the settings until `refresh` has read another one.

    `intents` adds what the intent book says of matters. An emergency closure is part of the book while it lasts.
    """

    def __init__(self, book: RuleBook, read: Read, clock: Clock, intents: IntentBook | None = None) -> None:
        self._intents = intents
        self._plain = book
        self._book = self._whole(book)
        self._messages: tuple[Urgent, ...] = ()
        self._closed: tuple[tuple[Urgent, ...], RuleBook, RuleBook] = ((), self._book, self._book)
        self._read = read
        self._clock = clock
        self._refused = ""

    def book(self) -> RuleBook:
        """Return the book in force now; take it once for what must be consistent."""
        now = self._clock.now()
        closing = tuple(one for one in self._messages if one.closes and one.is_up(now))
        if not closing:
            return self._book
        known, of, closed = self._closed
        if known != closing or of is not self._book:
            of, zone = self._book, self._book.calendar.zone
            closed = of.closed_for(one.closure(zone) for one in closing)
            self._closed = closing, of, closed
        return closed

    def urgent(self, line: PhoneNumber) -> tuple[Urgent, ...]:
        """Return the urgent messages that are heard on a line now, latest first."""
        return heard_on(self._messages, line, self._clock.now()) if self._messages else ()

    async def refresh(self) -> bool:
        """Read what is in force; say whether anything is not as before. Raises Unavailable."""
        async with self._read() as unit:
            now = self._clock.now()
            version = await unit.rule_versions.in_force(now)
            messages = await unit.urgent_messages.up(now)
            is_news = version is not None and version.digest not in {self._book.version, self._refused}
            text = await unit.rule_versions.text(version.number) if version and is_news else ""
        before, self._messages = self._messages, messages
        took = await self._take(version, text) if version and is_news else False
        return took or before != messages

    def learn(self, intents: IntentBook) -> None:
        """Take what another intent book says of matters."""
        self._intents = intents
        self._book = self._whole(self._plain)

    def _whole(self, book: RuleBook) -> RuleBook:
        return book.knowing(self._intents) if self._intents else book

    async def _take(self, version: RuleVersion, text: str) -> bool:
        """Put a text in force; say whether it could be used."""
        try:
            self._plain = await asyncio.to_thread(RuleBook.parse, text)
            self._book = self._whole(self._plain)
        except FlawedDocument as flawed:
            # It was read without a flaw when it was published: by another version of Guichet.
            self._refused = version.digest
            log.error("rules_not_usable", number=version.number, flaw=str(flawed.flaws[0]))  # noqa: TRY400 - all there is
            return False
        log.info("rules_in_force", number=version.number, version=version.digest)
        return True

    async def follow(self, changed: Callable[[], Awaitable[None]]) -> None:
        """Refresh for ever, and call `changed` after each change; an away database is waited for."""
        is_away = is_due = False
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                is_due = await self.refresh() or is_due
                if is_due:
                    await changed()
                is_away = is_due = False
            except Unavailable as error:
                if not is_away:
                    log.warning("rules_not_refreshed", reason=type(error).__name__)
                is_away = True
