from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from guichet.console.account import AccountId
from guichet.console.account_sql_store import SqlAccountStore
from guichet.console.session import Session, Stage
from guichet.console.session_sql_store import SqlSessionStore, SqlTryStore
from guichet.console.session_store import MemorySessionStore, MemoryTryStore, SessionStore, Try, TryStore
from tests.conftest import BACKENDS, Engines
from tests.console.units import NOON, account

HOUR = timedelta(hours=1)
AWA = account("awa")
PAUL = account("paul")


@pytest.fixture(params=BACKENDS)
async def stores(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[tuple[SessionStore, TryStore]]:
    if request.param == "memory":
        yield MemorySessionStore(), MemoryTryStore()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        for one in (AWA, PAUL):
            await SqlAccountStore(connection).add(one)
        yield SqlSessionStore(connection), SqlTryStore(connection)


def session(name: str, owner: AccountId = AWA.id, **changes: Any) -> Session:
    known = {"stage": Stage.OPEN, "created_at": NOON, "seen_at": NOON, "expires_at": NOON + 12 * HOUR}
    return Session(**{"id": name, "account": owner, **known, **changes})


async def test_a_session_is_kept_whole_and_changed(stores: tuple[SessionStore, TryStore]) -> None:
    store, _ = stores
    full = session("s1", stage=Stage.SETTING_UP, address="192.0.2.7", user_agent="Firefox", offered="SECRET")
    await store.add(full)
    assert await store.get("s1") == full
    opened = full.evolve(stage=Stage.OPEN, offered=None, seen_at=NOON + HOUR)
    await store.save(opened)
    assert await store.get("s1") == opened
    assert await store.get("s2") is None


async def test_what_was_ended_stays_ended(stores: tuple[SessionStore, TryStore]) -> None:
    store, _ = stores
    await store.add(session("s1"))
    await store.end("s1")
    await store.save(session("s1", seen_at=NOON + HOUR))
    assert await store.get("s1") is None


async def test_sessions_of_somebody_are_listed_and_ended_but_one(stores: tuple[SessionStore, TryStore]) -> None:
    store, _ = stores
    for one in (session("s1"), session("s2", seen_at=NOON + HOUR), session("s3", PAUL.id)):
        await store.add(one)
    assert [one.id for one in await store.of_account(AWA.id)] == ["s2", "s1"]
    assert await store.end_all(AWA.id, but="s1") == 1
    assert [one.id for one in await store.of_account(AWA.id)] == ["s1"]
    assert [one.id for one in await store.of_account(PAUL.id)] == ["s3"]


async def test_expired_sessions_are_forgotten(stores: tuple[SessionStore, TryStore]) -> None:
    store, _ = stores
    await store.add(session("s1", expires_at=NOON + HOUR))
    await store.add(session("s2"))
    await store.forget_expired(NOON + HOUR)
    assert [one.id for one in await store.of_account(AWA.id)] == ["s2"]


async def test_failures_are_those_of_the_login_and_of_the_address(stores: tuple[SessionStore, TryStore]) -> None:
    _, store = stores
    own = Try("awa", "home", NOON, id="1")
    elsewhere = Try("awa", "far", NOON + HOUR, id="2")
    neighbour = Try("paul", "home", NOON + 2 * HOUR, id="3")
    for one in (neighbour, own, elsewhere, Try("paul", "far", NOON, id="4"), Try("awa", "home", NOON - HOUR, id="5")):
        await store.add(one)
    assert list(await store.failures("awa", "home", NOON)) == [own, elsewhere, neighbour]
    await store.succeeded(elsewhere)
    assert list(await store.failures("awa", "home", NOON)) == [own, neighbour]
    assert await store.last_success("awa", "far") == NOON + HOUR
    assert await store.last_success("awa", "home") is None
    await store.forget_before(NOON + HOUR)
    assert list(await store.failures("awa", "home", NOON - HOUR)) == [neighbour]


async def test_no_more_failures_are_read_than_matter(stores: tuple[SessionStore, TryStore]) -> None:
    _, store = stores
    for number in range(210):
        await store.add(Try("awa", "home", NOON + timedelta(seconds=number), id=f"{number:03}"))
    found = await store.failures("awa", "home", NOON)
    assert [found[0].id, found[-1].id] == ["010", "209"]
