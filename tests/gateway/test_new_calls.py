import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from guichet.citizens.contact import Channel, Contact
from guichet.core.clock import ManualClock
from guichet.core.errors import Unavailable
from guichet.core.ids import CallSid, ContactId
from guichet.core.language import Language
from guichet.gateway.database import Database, make_engine
from guichet.gateway.new_calls import NewCalls
from guichet.ivr.call import Call
from guichet.ivr.opening import LARGEST_BATCH, Opening
from guichet.ivr.record import CallRecord, TurnRecord
from guichet.transcripts.heard import FreeSpeech
from tests.ivr.scripts import CALLER, LINE

NOW = datetime(2026, 3, 2, 9, 0, 0, 250, tzinfo=UTC)


def opening(name: str) -> Opening:
    sid, contact = CallSid(name), ContactId(f"con_{name}")
    return Opening(
        Contact(contact, Channel.VOICE, name, LINE, CALLER, Language.FR, NOW),
        CallRecord(sid, contact, LINE, CALLER, NOW, Call(Language.FR)),
        TurnRecord(sid, 1, contact, Language.FR, FreeSpeech(), 1, listen=True, opened_at=NOW),
    )


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(make_engine(f"sqlite+aiosqlite:///{tmp_path}/test.sqlite"), ManualClock(NOW))
    await database.upgrade()
    yield database
    await database.close()


@pytest.fixture
def calls(database: Database) -> NewCalls:
    assert database.new_calls is not None
    return database.new_calls


async def test_a_call_comes_back_as_the_stores_would_have_kept_it(database: Database, calls: NewCalls) -> None:
    new = opening("a")
    await calls.add(new)
    async with database.begin() as unit:
        assert await unit.contacts.by_carrier_id(Channel.VOICE, "a") == new.contact
        assert await unit.calls.find(new.call.id) == new.call
        assert await unit.calls.turn(new.call.id, 1) == new.turn
        assert await unit.calls.claim(new.call.id, 1, NOW - timedelta(minutes=1)) is not None


async def test_a_repeat_changes_nothing(database: Database, calls: NewCalls) -> None:
    new = opening("a")
    await calls.add(new)
    other = ContactId("con_other")
    await calls.add(
        Opening(
            replace(new.contact, id=other),
            replace(new.call, contact=other, turn=7),
            replace(new.turn, contact=other, keys=9),
        )
    )
    async with database.read() as unit:
        assert await unit.contacts.by_carrier_id(Channel.VOICE, "a") == new.contact
        assert await unit.calls.find(new.call.id) == new.call
        assert await unit.calls.turn(new.call.id, 1) == new.turn


async def test_more_calls_at_once_than_a_batch_holds_are_all_kept(database: Database, calls: NewCalls) -> None:
    names = [f"call-{number}" for number in range(LARGEST_BATCH + 20)]
    await asyncio.gather(*(calls.add(opening(name)) for name in names))
    async with database.read() as unit:
        assert all([await unit.calls.find(CallSid(name)) for name in names])


async def test_a_call_that_cannot_be_kept_harms_no_other(database: Database, calls: NewCalls) -> None:
    bad = opening("bad")
    bad = replace(bad, call=replace(bad.call, turn=None))  # type: ignore[arg-type]  # a row that SQLite refuses
    results = await asyncio.gather(
        *(calls.add(one) for one in (opening("a"), bad, opening("b"))), return_exceptions=True
    )
    assert [result is None for result in results] == [True, False, True]
    await calls.add(opening("c"))
    async with database.read() as unit:
        kept = [await unit.calls.find(CallSid(name)) is not None for name in ("a", "bad", "b", "c")]
        assert kept == [True, False, True, True]
        assert await unit.contacts.by_carrier_id(Channel.VOICE, "bad") is None


async def test_a_webhook_that_goes_away_while_it_waits_leaves_the_others_alone(
    database: Database, calls: NewCalls
) -> None:
    gone, stays = (asyncio.create_task(calls.add(opening(name))) for name in "ab")
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    with pytest.raises(asyncio.CancelledError):
        await gone
    async with database.read() as unit:
        assert await unit.calls.find(CallSid("b")) is not None


async def test_new_calls_wait_for_the_transaction_under_way_and_the_next_one_for_them(
    database: Database, calls: NewCalls
) -> None:
    async with database.begin() as unit:
        await unit.contacts.add(opening("x").contact)
        waiting = asyncio.create_task(calls.add(opening("a")))
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting
    async with database.begin() as unit:
        assert await unit.calls.find(CallSid("a")) is not None


async def test_a_database_without_its_tables_is_unavailable_and_works_once_they_are_there(tmp_path: Path) -> None:
    database = Database(make_engine(f"sqlite+aiosqlite:///{tmp_path}/empty.sqlite"), ManualClock(NOW))
    assert database.new_calls is not None
    try:
        with pytest.raises(Unavailable):
            await database.new_calls.add(opening("a"))
        await database.upgrade()
        await database.new_calls.add(opening("a"))
    finally:
        await database.close()


async def test_everybody_who_waits_is_told_when_the_other_writers_do_not_end(
    database: Database, calls: NewCalls
) -> None:
    @asynccontextmanager
    async def in_turn() -> AsyncIterator[None]:
        raise Unavailable("the database does not keep up")
        yield

    late = NewCalls(str(database.engine.url.database), (), in_turn, nullcontext)
    results = await asyncio.gather(*(late.add(opening(name)) for name in "ab"), return_exceptions=True)
    assert [type(result) for result in results] == [Unavailable, Unavailable]
    await late.close()
    await calls.add(opening("a"))


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite://", "sqlite+aiosqlite:///file:x?uri=true", "postgresql+asyncpg://nobody@127.0.0.1/x"]
)
async def test_only_a_plain_file_of_sqlite_has_the_quicker_way(url: str) -> None:
    database = Database(create_async_engine(url), ManualClock(NOW))
    assert database.new_calls is None
    await database.close()
