"""What commands about versions of the intent book work with: the database, publishing, the book in force."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import make_url

from guichet.core.clock import SystemClock
from guichet.core.errors import NotFound, Unavailable
from guichet.gateway.database import Database
from guichet.gateway.settings import Settings
from guichet.routing.intent_book import IntentBook
from guichet.routing.publishing import FIRST_SIGNED, Publishing, intent_publishing
from guichet.routing.rule_version import RuleVersion, in_force

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class IntentDesk:
    """What these commands work with: the versions, and the moment."""

    database: Database
    publishing: Publishing
    now: datetime

    async def all(self) -> tuple[RuleVersion, ...]:
        """Return every version."""
        async with self.database.read() as unit:
            return await unit.intent_versions.all()

    async def text(self, number: int | None = None) -> str:
        """Return the text of a version, or of the one in force. Raises NotFound."""
        if number is None:
            current = in_force(await self.all(), self.now)
            if current is None:
                raise NotFound("no version of the intent book is in force")
            number = current.number
        async with self.database.read() as unit:
            return await unit.intent_versions.text(number)

    async def unclear(self, back: timedelta) -> list[str]:
        """Return the texts, as they are kept, that were not understood and that nobody has settled."""
        async with self.database.read() as unit:
            return [one.text for one in await unit.unclear.since(self.now - back)]


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[IntentDesk]:
    """Open the database; the book of the settings is the first version of an empty one."""
    from guichet.gateway.services import intent_text, open_database

    clock = SystemClock(timedelta(seconds=settings.clock_offset))
    async with open_database(settings, clock) as database:
        await database.check()
        publishing = intent_publishing(database.begin, clock)
        await publishing.ensure_first(intent_text(settings.intent_book), FIRST_SIGNED)
        yield IntentDesk(database, publishing, clock.now())


def at_intents(settings: Settings, work: Callable[[IntentDesk], Awaitable[T]]) -> T:
    """Do it at an open desk."""

    async def run() -> T:
        async with open_desk(settings) as desk:
            return await work(desk)

    return asyncio.run(run())


def book_in_force(settings: Settings | None) -> IntentBook:
    """Return the book in force; that of the settings, or the packaged one, where no database says which that is."""
    return asyncio.run(find_book(settings))


async def find_book(settings: Settings | None) -> IntentBook:
    """Do as `book_in_force`, where a loop runs."""
    from guichet.gateway.services import intent_text

    text = await _published(settings) if settings else None
    return IntentBook.parse(text or intent_text(settings.intent_book if settings else None))


async def _published(settings: Settings) -> str | None:
    """Return the text in force in the database of the settings; None where there is none, or it is away."""
    from guichet.gateway.services import open_database

    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not await asyncio.to_thread(Path(url.database or "").is_file):
        return None  # nothing is made by looking
    clock = SystemClock(timedelta(seconds=settings.clock_offset))
    try:
        async with open_database(settings, clock) as database:
            await database.check()
            async with database.read() as unit:
                version = await unit.intent_versions.in_force(clock.now())
                return await unit.intent_versions.text(version.number) if version else None
    except Unavailable:
        return None
