from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from guichet.console.account import AccountId
from guichet.console.work import Concluded, Draft, Flag, Note, Outcome, Raised
from guichet.console.work_sql_store import SqlWorkStore
from guichet.console.work_store import MemoryWorkStore, WorkStore
from guichet.core.ids import RequestId
from tests.conftest import BACKENDS, Engines
from tests.console.units import NOON

AWA, PAUL = AccountId("acc_awa"), AccountId("acc_paul")
ONE, TWO = RequestId("req_1"), RequestId("req_2")
TODAY = date(2026, 3, 4)


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[WorkStore]:
    if request.param == "memory":
        yield MemoryWorkStore()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        yield SqlWorkStore(connection)


async def test_notes_are_kept_in_order(store: WorkStore) -> None:
    first, second = Note("n1", ONE, AWA, NOON, "Rappeler « demain »"), Note("n2", ONE, PAUL, NOON, "Fait")
    for note in (first, second, Note("n3", TWO, AWA, NOON, "Autre")):
        await store.note(note)
    assert list(await store.notes_of(ONE)) == [first, second]


async def test_a_draft_keeps_each_field_until_it_is_emptied(store: WorkStore) -> None:
    await store.keep_draft(Draft(AWA, ONE, NOON, {"note": "un", "body": "Bonjour"}))
    await store.keep_draft(Draft(AWA, ONE, NOON, {"note": "deux"}))
    assert await store.draft(AWA, ONE) == {"note": "deux", "body": "Bonjour"}
    await store.keep_draft(Draft(AWA, ONE, NOON, {"body": ""}))
    assert await store.draft(AWA, ONE) == {"note": "deux"}
    assert await store.draft(PAUL, ONE) == {}


async def test_what_is_to_be_come_back_to_is_shown_until_it_is_settled(store: WorkStore) -> None:
    later = Concluded("o1", ONE, AWA, NOON, Outcome.LATER, "Envoyer l’acte", TODAY)
    sooner = replace(later, id="o2", request=TWO, follow_up=TODAY - timedelta(days=1))
    others = (replace(later, id="o3", account=PAUL), replace(later, id="o4", follow_up=TODAY + timedelta(days=1)))
    for one in (later, sooner, *others, replace(later, id="o5", follow_up=None)):
        await store.conclude(one)
    assert list(await store.to_follow_up(AWA, TODAY)) == [sooner, later]
    assert not await store.settle_outcome("o1", PAUL, NOON)
    assert await store.settle_outcome("o1", AWA, NOON)
    assert not await store.settle_outcome("o1", AWA, NOON)
    assert list(await store.to_follow_up(AWA, TODAY)) == [sooner]
    assert (await store.outcomes_of(ONE))[0].settled_at == NOON


async def test_a_flag_stays_up_until_somebody_settles_it(store: WorkStore) -> None:
    first = Raised("f1", Flag.HELP, ONE, AWA, NOON)
    second = replace(first, id="f2", request=TWO, at=NOON - timedelta(minutes=1))
    for one in (first, second):
        await store.raise_flag(one)
    assert list(await store.unsettled(Flag.HELP)) == [second, first]
    assert await store.settle_flag("f2", PAUL, NOON)
    assert not await store.settle_flag("f2", AWA, NOON)
    assert list(await store.unsettled(Flag.HELP)) == [first]
    assert (await store.flags_of(TWO))[0].settled_by == PAUL
    assert [one.id for one in await store.flags_of(ONE)] == ["f1"]
