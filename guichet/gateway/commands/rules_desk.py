"""What commands about versions of the rule book work with: the database, publishing, the moment."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from guichet.core.clock import SystemClock
from guichet.gateway.database import Database
from guichet.gateway.settings import Settings
from guichet.routing.publishing import FIRST_SIGNED, Publishing
from guichet.routing.rule_book import RuleBook, read_text
from guichet.routing.rule_version import RuleVersion, in_force

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """What these commands work with: the versions, and the moment."""

    database: Database
    publishing: Publishing
    now: datetime

    async def all(self) -> tuple[RuleVersion, ...]:
        """Return every version."""
        async with self.database.read() as unit:
            return await unit.rule_versions.all()

    async def book(self) -> RuleBook:
        """Return the rule book in force."""
        current = in_force(await self.all(), self.now)
        return RuleBook.parse(await self.text(current.number if current else 1))

    async def skills(self) -> frozenset[str] | None:
        """Return the skills of all agents; None where there is no agent yet."""
        async with self.database.read() as unit:
            agents = await unit.agents.all()
        return frozenset().union(*(agent.skills for agent in agents)) if agents else None

    async def text(self, number: int) -> str:
        """Return the text of a version."""
        async with self.database.read() as unit:
            return await unit.rule_versions.text(number)


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Open the database; the book of the settings is the first version of an empty one."""
    from guichet.gateway.services import open_database

    clock = SystemClock(timedelta(seconds=settings.clock_offset))
    async with open_database(settings, clock) as database:
        await database.check()
        publishing = Publishing(database.begin, clock)
        await publishing.ensure_first(read_text(settings.rule_book), FIRST_SIGNED)
        yield Desk(database, publishing, clock.now())


def at_desk(settings: Settings, work: Callable[[Desk], Awaitable[T]]) -> T:
    """Do it at an open desk."""

    async def run() -> T:
        async with open_desk(settings) as desk:
            return await work(desk)

    return asyncio.run(run())


def row(version: RuleVersion) -> dict[str, Any]:
    """Return a version for programs."""
    return {
        "number": version.number,
        "version": version.digest,
        "author": version.author,
        "note": version.note,
        "published_at": version.published_at.isoformat(),
        "in_force_at": version.in_force_at.isoformat(),
        "restores": version.restores,
    }
