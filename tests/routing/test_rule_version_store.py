from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guichet.core.errors import Conflict, NotFound
from guichet.routing.memory_rule_version_store import MemoryRuleVersionStore
from guichet.routing.rule_version import RuleVersion
from guichet.routing.rule_version_store import RuleVersionStore
from guichet.routing.sql_rule_version_store import SqlRuleVersionStore
from tests.conftest import BACKENDS, Engines

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[RuleVersionStore]:
    if request.param == "memory":
        yield MemoryRuleVersionStore()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        yield SqlRuleVersionStore(connection)


def version(number: int, **changes: Any) -> RuleVersion:
    at = NOON + timedelta(hours=number)
    known = {"digest": f"digest{number}", "author": "Awa", "note": "why", "published_at": at, "in_force_at": at}
    return RuleVersion(**{**known, "number": number, **changes})


async def test_versions_are_kept_with_their_texts_latest_first(store: RuleVersionStore) -> None:
    first, second = version(1), version(2, restores=1)
    await store.add(first, "un")
    await store.add(second, "deux")
    assert await store.all() == (second, first)
    assert await store.text(1) == "un"
    with pytest.raises(NotFound):
        await store.text(3)


async def test_a_number_is_given_once(store: RuleVersionStore) -> None:
    await store.add(version(1), "un")
    with pytest.raises(Conflict):
        await store.add(version(1, author="Paul"), "autre")
    assert await store.text(1) == "un"


async def test_in_force_is_the_one_whose_moment_came_last(store: RuleVersionStore) -> None:
    await store.add(version(1), "un")
    await store.add(version(2, in_force_at=NOON + timedelta(days=7)), "en été")
    await store.add(version(3), "trois")
    assert await store.in_force(NOON) is None
    for moment, number in ((timedelta(hours=1), 1), (timedelta(hours=4), 3), (timedelta(days=8), 2)):
        found = await store.in_force(NOON + moment)
        assert found is not None
        assert found.number == number


async def test_of_two_with_the_same_moment_the_later_publication_is_in_force(store: RuleVersionStore) -> None:
    for number in (1, 2):
        await store.add(version(number, in_force_at=NOON), str(number))
    found = await store.in_force(NOON)
    assert found is not None
    assert found.number == 2


async def test_a_version_to_come_can_be_withdrawn_once_and_one_in_force_cannot(store: RuleVersionStore) -> None:
    await store.add(version(1), "un")
    await store.add(version(2, in_force_at=NOON + timedelta(days=7)), "deux")
    now = NOON + timedelta(days=1)
    assert await store.withdraw(2, now)
    assert not await store.withdraw(2, now)
    assert not await store.withdraw(1, now)
    assert (await store.all())[0].withdrawn_at == now
    found = await store.in_force(NOON + timedelta(days=30))
    assert found is not None
    assert found.number == 1
