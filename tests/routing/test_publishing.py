from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.core.clock import ManualClock
from guichet.core.errors import BadInput, NotFound
from guichet.routing.document import FlawedDocument
from guichet.routing.memory_rule_version_store import MemoryRuleVersionStore
from guichet.routing.memory_urgent_store import MemoryUrgentStore
from guichet.routing.publishing import Publishing, Signed, Unit
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_version_store import RuleVersionStore
from guichet.routing.sql_rule_version_store import SqlRuleVersionStore
from guichet.routing.urgent_store import UrgentStore
from tests.conftest import BACKENDS, Engines
from tests.routing.books import OPEN, book_with

SIGNED = Signed("Awa", "pour voir")
TEXTS = [book_with("").replace("objectif: 4 h", f"objectif: {hours} h") for hours in range(1, 6)]


@dataclass
class OneStore:
    """A unit of versions and urgent messages alone."""

    rule_versions: RuleVersionStore
    urgent_messages: UrgentStore = field(default_factory=MemoryUrgentStore)


class Office:
    """Publishing over one store, with a clock to move."""

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[Unit]]) -> None:
        self.clock = ManualClock(OPEN)
        self.begin = begin
        self.publishing = Publishing(begin, self.clock)

    async def publish(self, text: str, **how: object) -> int:
        """Publish a minute later; return the number."""
        self.clock.move(timedelta(minutes=1))
        return (await self.publishing.publish(text, SIGNED, **how)).number  # type: ignore[arg-type]

    async def rollback(self, to: int | None = None) -> int:
        """Go back a minute later; return the number."""
        self.clock.move(timedelta(minutes=1))
        return (await self.publishing.rollback(SIGNED, to)).number

    async def text(self) -> str:
        """Return the text in force."""
        async with self.begin() as unit:
            version = await unit.rule_versions.in_force(self.clock.now())
            assert version is not None
            text = await unit.rule_versions.text(version.number)
            assert RuleBook.parse(text).version == version.digest
            return text


def in_memory() -> Office:
    unit = OneStore(MemoryRuleVersionStore())

    @asynccontextmanager
    async def begin() -> AsyncIterator[OneStore]:
        yield unit

    return Office(begin)


@pytest.fixture(params=BACKENDS)
async def office(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Office]:
    if request.param == "memory":
        yield in_memory()
        return
    async with engines(request.param) as engine:

        @asynccontextmanager
        async def begin() -> AsyncIterator[OneStore]:
            async with engine.begin() as connection:
                yield OneStore(SqlRuleVersionStore(connection))

        yield Office(begin)


async def test_the_first_version_is_published_once(office: Office) -> None:
    await office.publishing.ensure_first(TEXTS[0], SIGNED)
    await office.publishing.ensure_first(TEXTS[1], SIGNED)
    assert await office.text() == TEXTS[0]
    assert await office.publish(TEXTS[1]) == 2


async def test_a_publication_is_in_force_at_once_with_its_author_and_note(office: Office) -> None:
    await office.publish(TEXTS[0])
    await office.publish(TEXTS[1])
    assert await office.text() == TEXTS[1]
    async with office.begin() as unit:
        latest = (await unit.rule_versions.all())[0]
    assert (latest.author, latest.note, latest.published_at) == ("Awa", "pour voir", office.clock.now())


async def test_a_publication_for_a_date_waits_for_it(office: Office) -> None:
    await office.publish(TEXTS[0])
    await office.publish(TEXTS[1], at=office.clock.now() + timedelta(days=1))
    assert await office.text() == TEXTS[0]
    office.clock.move(timedelta(days=1))
    assert await office.text() == TEXTS[1]


async def test_what_must_not_be_published_is_refused_and_leaves_nothing(office: Office) -> None:
    await office.publish(TEXTS[0])
    await office.publish(TEXTS[1])
    with pytest.raises(FlawedDocument):
        await office.publish("regles: oui")
    with pytest.raises(BadInput, match="in force already: it is version 2"):
        await office.publish(TEXTS[1])
    with pytest.raises(BadInput, match="has passed"):
        await office.publish(TEXTS[2], at=office.clock.now())
    with pytest.raises(BadInput, match="version 2 is in force by now, not 1"):
        await office.publish(TEXTS[2], based_on=1)
    with pytest.raises(NotFound):
        await office.publish(TEXTS[2], based_on=9)
    with pytest.raises(BadInput, match="note"):
        Signed("Awa", " ")
    assert await office.publish(TEXTS[2], based_on=2) == 3


async def test_a_rollback_is_one_step_and_a_second_one_goes_further_back(office: Office) -> None:
    for text in TEXTS[:3]:
        await office.publish(text)
    assert await office.rollback() == 4
    assert await office.text() == TEXTS[1]
    assert await office.rollback() == 5
    assert await office.text() == TEXTS[0]
    with pytest.raises(BadInput, match="no version before"):
        await office.rollback()
    assert await office.rollback(to=3) == 6
    assert await office.text() == TEXTS[2]
    with pytest.raises(NotFound):
        await office.rollback(to=9)
    with pytest.raises(BadInput, match="in force already"):
        await office.rollback(to=3)


async def test_after_a_rollback_a_new_publication_is_what_the_next_one_undoes(office: Office) -> None:
    for text in TEXTS[:3]:
        await office.publish(text)
    await office.rollback()
    await office.publish(TEXTS[3])
    await office.rollback()
    assert await office.text() == TEXTS[1]


async def test_a_version_to_come_is_withdrawn_and_one_in_force_is_not(office: Office) -> None:
    await office.publish(TEXTS[0])
    coming = await office.publish(TEXTS[1], at=office.clock.now() + timedelta(days=1))
    await office.publishing.withdraw(coming)
    office.clock.move(timedelta(days=2))
    assert await office.text() == TEXTS[0]
    for number in (1, coming):
        with pytest.raises(BadInput, match="only a rollback"):
            await office.publishing.withdraw(number)


@settings(deadline=None)
@given(st.lists(st.one_of(st.integers(0, 4), st.none()), max_size=12))
async def test_rollbacks_undo_publications_in_their_order_whatever_came_between(steps: list[int | None]) -> None:
    office, undone = in_memory(), list[int]()
    for step in steps:
        if step is not None and (not undone or undone[-1] != step):
            await office.publish(TEXTS[step])
            undone.append(step)
        elif step is None and len(undone) > 1:
            undone.pop()
            await office.rollback()
        if undone:
            assert await office.text() == TEXTS[undone[-1]]
