"""A publication reaches a process that is serving; whatever happens, some book stays in force."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from guichet.core.clock import ManualClock
from guichet.core.errors import Unavailable
from guichet.core.language import Bilingual
from guichet.gateway import rules_in_force
from guichet.gateway.rules_in_force import RulesInForce
from guichet.gateway.units import SqlUnit
from guichet.routing.hours import is_open
from guichet.routing.memory_rule_version_store import MemoryRuleVersionStore
from guichet.routing.publishing import Publishing
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_version import RuleVersion
from guichet.routing.urgent import Urgent
from tests.conftest import BACKENDS, Engines
from tests.routing.books import LINE, OPEN
from tests.routing.test_publishing import SIGNED, TEXTS, OneStore


class Process:
    """A process that follows the rules, beside somebody who publishes them."""

    def __init__(self, engine: object) -> None:
        self.clock = ManualClock(OPEN)
        self._engine = engine
        self._memory = OneStore(MemoryRuleVersionStore())
        self.is_away = False
        self.told = asyncio.Event()
        self.publishing = Publishing(self.begin, self.clock)
        self.rules = RulesInForce(RuleBook.parse(TEXTS[0]), self.begin, self.clock)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[OneStore]:
        """Open a transaction."""
        if self.is_away:
            raise Unavailable("the database does not answer")
        if self._engine is None:
            yield self._memory
            return
        async with self._engine.begin() as connection:  # type: ignore[attr-defined]
            unit = SqlUnit(connection, self.clock)
            yield OneStore(unit.rule_versions, unit.urgent_messages)

    async def until(self, text: str) -> None:
        """Wait until a text is in force in the process."""
        wanted = RuleBook.parse(text).version
        async with asyncio.timeout(20):
            while self.rules.book().version != wanted:
                self.told.clear()
                await self.told.wait()

    async def changed(self) -> None:
        """Take note of a change."""
        self.told.set()


@pytest.fixture(params=BACKENDS)
async def process(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Process]:
    async with AsyncExitStack() as stack:
        engine = None if request.param == "memory" else await stack.enter_async_context(engines(request.param))
        yield Process(engine)


async def test_before_anything_is_published_the_book_of_the_settings_is_in_force(process: Process) -> None:
    assert not await process.rules.refresh()
    assert process.rules.book().version == RuleBook.parse(TEXTS[0]).version


async def test_a_publication_and_its_rollback_reach_a_process_that_follows(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules_in_force, "LOOK_SECONDS", 0.01)
    await process.publishing.ensure_first(TEXTS[0], SIGNED)
    follower = asyncio.create_task(process.rules.follow(process.changed))
    await process.publishing.publish(TEXTS[1], SIGNED)
    await process.until(TEXTS[1])
    process.is_away = True
    await asyncio.sleep(0.05)
    process.is_away = False
    await process.publishing.rollback(SIGNED)
    await process.until(TEXTS[0])
    follower.cancel()


def test_processes_look_often_enough_for_a_change_to_arrive_within_two_seconds() -> None:
    assert rules_in_force.LOOK_SECONDS <= 1


async def test_the_same_book_stays_the_same_object(process: Process) -> None:
    await process.publishing.publish(TEXTS[1], SIGNED)
    assert await process.rules.refresh()
    book = process.rules.book()
    assert not await process.rules.refresh()
    assert process.rules.book() is book


async def test_a_text_that_cannot_be_used_any_more_leaves_the_last_book_in_force(process: Process) -> None:
    """It was published by another version of Guichet: it is told once, and never taken."""
    await process.publishing.publish(TEXTS[1], SIGNED)
    await process.rules.refresh()
    bad = RuleVersion(2, "nodigest", "Awa", "why", OPEN, OPEN)
    async with process.begin() as unit:
        await unit.rule_versions.add(bad, "regles: oui")
    assert not await process.rules.refresh()
    assert not await process.rules.refresh()
    assert process.rules.book().version == RuleBook.parse(TEXTS[1]).version
    async with process.begin() as unit:
        await unit.rule_versions.add(replace(bad, number=3, digest=RuleBook.parse(TEXTS[2]).version), TEXTS[2])
    assert await process.rules.refresh()


async def test_an_emergency_closure_is_part_of_the_book_while_it_lasts(process: Process) -> None:
    now = process.clock.now()
    text = Bilingual("Fermé.", "Closed.")
    closing = Urgent("urg_1", text, True, None, "Awa", now, now + timedelta(minutes=30))
    hours = process.rules.book().lines[0].hours
    async with process.begin() as unit:
        await unit.urgent_messages.add(closing)
    assert await process.rules.refresh()
    assert not await process.rules.refresh()
    closed = process.rules.book()
    assert not is_open(hours, closed.calendar, now)
    assert process.rules.book() is closed
    assert process.rules.urgent(LINE) == (closing,)
    process.clock.move(timedelta(minutes=30))
    assert is_open(hours, process.rules.book().calendar, now)
    assert process.rules.urgent(LINE) == ()
