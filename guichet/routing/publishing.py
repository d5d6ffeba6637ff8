"""Publishing a book, of rules or of intents: now or at a date, history, rollback. Nothing is changed, all is added."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.routing.intent_book import IntentBook
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_version import RuleVersion, before
from guichet.routing.rule_version_store import RuleVersionStore

log = structlog.get_logger()


class Unit(Protocol):
    """One transaction over the versions."""

    @property
    def rule_versions(self) -> RuleVersionStore:
        """The versions of the rule book."""
        ...


Begin = Callable[[], AbstractAsyncContextManager[Unit]]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who publishes, and why: both are kept in the history."""

    author: str
    note: str

    def __post_init__(self) -> None:
        if not self.author.strip() or not self.note.strip():
            raise BadInput("a publication has an author and a note that says why")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that has been read without a flaw, and its digest."""

    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of book: its name, the commands about it, and how its text becomes a digest (FlawedDocument where not)."""

    name: str
    command: str
    digest: Callable[[str], str]

    async def read(self, text: str) -> _Text:
        """Read a text off the event loop: it may be long. Raises FlawedDocument."""
        return _Text(text, await asyncio.to_thread(self.digest, text))


RULES = Kind("rule book", "rules", lambda text: RuleBook.parse(text).version)
INTENTS = Kind("intent book", "intents", lambda text: IntentBook.parse(text).version)
FIRST_SIGNED = Signed("guichet", "livre des réglages / book of the settings")
"""Who publishes the first version of a new database."""


class Publishing:
    """Publishes versions of a book: the rule book, if nothing else is said."""

    def __init__(self, begin: Begin, clock: Clock, kind: Kind = RULES) -> None:
        self._begin = begin
        self._clock = clock
        self._kind = kind

    async def ensure_first(self, text: str, signed: Signed) -> None:
        """Publish the first version, in a database that has none."""
        async with self._begin() as unit:
            if await unit.rule_versions.all():
                return
            try:
                await self._add(unit, _Text(text, self._kind.digest(text)), signed, 1)
            except Conflict:
                return  # another process has just done the same

    @again_on_conflict
    async def publish(
        self, text: str, signed: Signed, *, at: datetime | None = None, based_on: int | None = None
    ) -> RuleVersion:
        """Publish a text, in force at once or at a moment to come (aware).

        Raises FlawedDocument for a text that cannot be used, BadInput for one that is in force already or a moment
        that has passed, NotFound when the version it is `based_on` does not exist, and BadInput when that version is
        no longer in force: somebody has published meanwhile, and their changes would be lost.
        """
        kept, now = await self._kind.read(text), self._clock.now()
        if at is not None and at <= now:
            raise BadInput("the moment has passed: leave it out to publish at once")
        async with self._begin() as unit:
            current = await unit.rule_versions.in_force(now)
            if current is not None and at is None and current.digest == kept.digest:
                raise BadInput(f"this text is in force already: it is version {current.number}")
            if based_on is not None:
                await unit.rule_versions.text(based_on)
                if current is None or based_on not in {current.number, current.origin}:
                    raise BadInput(
                        f"version {current.number if current else 0} is in force by now, not {based_on}: "
                        f"compare with it (guichet {self._kind.command} diff), then publish with --based-on "
                        f"{current.number if current else 0}"
                    )
            return await self._add(unit, kept, signed, await self._next(unit), at=at)

    @again_on_conflict
    async def rollback(self, signed: Signed, to: int | None = None) -> RuleVersion:
        """Put back the version before, or version `to`, at once. Raises BadInput when there is nothing to go back to.

        Raises FlawedDocument when this version of Guichet cannot use that text any more.
        """
        now = self._clock.now()
        async with self._begin() as unit:
            versions = await unit.rule_versions.all()
            current = await unit.rule_versions.in_force(now)
            wanted = before(versions, current, now) if current else None
            if to is not None:
                wanted = next((one for one in versions if one.number == to), None)
                if wanted is None:
                    raise NotFound(f"the {self._kind.name} has no version {to}")
            if current is None or wanted is None:
                raise BadInput("there is no version before the one in force")
            if wanted.digest == current.digest:
                raise BadInput(f"the text of version {wanted.number} is in force already")
            text = await unit.rule_versions.text(wanted.number)
            kept = await self._kind.read(text)
            return await self._add(unit, kept, signed, await self._next(unit), restores=wanted.origin)

    async def withdraw(self, number: int) -> None:
        """Take back a version whose moment is to come. Raises BadInput for any other."""
        async with self._begin() as unit:
            await unit.rule_versions.text(number)
            if not await unit.rule_versions.withdraw(number, self._clock.now()):
                raise BadInput(f"version {number} is or was in force, or is withdrawn: only a rollback undoes it")
        log.info("book withdrawn", book=self._kind.command, number=number)

    async def _add(
        self,
        unit: Unit,
        text: "_Text",
        signed: Signed,
        number: int,
        *,
        at: datetime | None = None,
        restores: int | None = None,
    ) -> RuleVersion:
        now = self._clock.now()
        version = RuleVersion(number, text.digest, signed.author, signed.note, now, at or now, restores)
        await unit.rule_versions.add(version, text.text)
        log.info("book published", book=self._kind.command, number=number, version=text.digest, restores=restores)
        return version

    @staticmethod
    async def _next(unit: Unit) -> int:
        versions = await unit.rule_versions.all()
        return versions[0].number + 1 if versions else 1


class IntentUnit(Protocol):
    """One transaction over the versions of the intent book."""

    @property
    def intent_versions(self) -> RuleVersionStore:
        """The versions of the intent book."""
        ...


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The versions of one book."""

    rule_versions: RuleVersionStore


def intent_publishing(begin: Callable[[], AbstractAsyncContextManager[IntentUnit]], clock: Clock) -> Publishing:
    """Return what publishes the intent book."""

    @asynccontextmanager
    async def versions() -> AsyncIterator[Unit]:
        async with begin() as unit:
            yield _Shelf(unit.intent_versions)

    return Publishing(versions, clock, INTENTS)
