"""The rule book in force in this process: read from the database, asked for again twice a second.

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
from guichet.routing.document import FlawedDocument
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_version_store import RuleVersionStore

LOOK_SECONDS = 0.5

log = structlog.get_logger(__name__)


class Unit(Protocol):
    """What is read."""

    @property
    def rule_versions(self) -> RuleVersionStore:
        """The versions of the rule book."""
        ...


Read = Callable[[], AbstractAsyncContextManager[Unit]]


class RulesInForce:
    """Gives the book in force; that of the settings until `refresh` has read another one."""

    def __init__(self, book: RuleBook, read: Read, clock: Clock) -> None:
        self._book = book
        self._read = read
        self._clock = clock
        self._refused = ""

    def book(self) -> RuleBook:
        """Return the book in force now; take it once for what must be consistent."""
        return self._book

    async def refresh(self) -> bool:
        """Read what is in force; say whether it is another book than before. Raises Unavailable."""
        async with self._read() as unit:
            version = await unit.rule_versions.in_force(self._clock.now())
            if version is None or version.digest in {self._book.version, self._refused}:
                return False
            text = await unit.rule_versions.text(version.number)
        try:
            self._book = await asyncio.to_thread(RuleBook.parse, text)
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
