from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guichet.core.ids import CallSid, CitizenId, ContactId, RequestId
from guichet.core.language import Bilingual, Language
from guichet.ivr import wire
from guichet.ivr.call import At, Call
from guichet.ivr.memory_store import MemoryCallStore
from guichet.ivr.record import CallRecord, ResultKind, StreamState, TurnRecord, TurnResult
from guichet.ivr.sql_store import SqlCallStore
from guichet.ivr.store import CallStore
from guichet.routing.decision import Decision, Outcome
from guichet.transcripts.heard import (
    Digits,
    Expectation,
    FileNumber,
    FreeSpeech,
    Heard,
    Letters,
    OneOf,
    Postcode,
    SpokenDate,
    SpokenTime,
    Telephone,
    Word,
    YesNo,
)
from tests.conftest import BACKENDS, Engines
from tests.ivr.scripts import CALLER, LINE

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CALL = CallSid("CA1")
RECORD = CallRecord(CALL, ContactId("co_1"), LINE, CALLER, NOW, Call(Language.FR, number=CALLER))
TURN = TurnRecord(CALL, 1, ContactId("co_1"), Language.FR, FreeSpeech(), 1, listen=True, opened_at=NOW)
HEARD = Heard(Language.FR, "je voudrais un acte", (Word("je", 0.1, 0.2, 0.9),), ("je voudrais un pacte",), 2.5)
RESULT = TurnResult(ResultKind.SPEECH, HEARD, "1985-03-03")


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[CallStore]:
    if request.param == "memory":
        yield MemoryCallStore()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        yield SqlCallStore(connection)


async def test_a_call_and_its_first_turn_come_back_as_they_were_kept(store: CallStore) -> None:
    await store.open_many([(RECORD, TURN)])
    assert await store.find(CALL) == RECORD
    assert await store.turn(CALL, 1) == TURN
    assert await store.find(CallSid("CA2")) is None
    assert await store.turn(CALL, 2) is None


async def test_a_call_opened_again_is_left_as_it_is(store: CallStore) -> None:
    await store.open_many([(RECORD, TURN)])
    await store.open_many(
        [
            (replace(RECORD, contact=ContactId("co_2")), replace(TURN, keys=9)),
            (replace(RECORD, id=CallSid("CA2")), replace(TURN, call=CallSid("CA2"))),
        ]
    )
    assert await store.find(CALL) == RECORD
    assert await store.turn(CALL, 1) == TURN
    assert await store.find(CallSid("CA2")) is not None


async def test_a_turn_is_taken_once(store: CallStore) -> None:
    await store.open_many([(RECORD, TURN)])
    assert await store.take(CALL, 1)
    assert not await store.take(CALL, 1)
    assert not await store.take(CallSid("CA9"), 1)


async def test_what_a_turn_changes_is_kept(store: CallStore) -> None:
    await store.open_many([(RECORD, TURN)])
    decision = Decision(Outcome.CALLBACK, "q", "r", "v", (Bilingual("a", "b"),), Bilingual("c", "d"))
    state = Call(
        Language.EN,
        At.CHECK,
        number=CALLER,
        options=("a", "b"),
        citizen=CitizenId("ci"),
        request=RequestId("rq"),
        decision=decision,
    )
    changed = RECORD.evolve(state=state, turn=2, answer="<Response/>")
    await store.save(changed)
    assert await store.find(CALL) == changed


async def test_a_turn_has_one_stream_once(store: CallStore) -> None:
    await store.open_many([(RECORD, TURN)])
    before = NOW - timedelta(minutes=5)
    assert await store.claim(CALL, 2, before) is None
    assert await store.claim(CallSid("CA2"), 1, before) is None
    assert await store.claim(CALL, 1, before) == replace(TURN, stream=StreamState.OPEN)
    assert await store.claim(CALL, 1, before) is None


async def test_an_old_turn_and_one_of_a_call_that_has_ended_have_no_stream(store: CallStore) -> None:
    await store.open_many([(RECORD, TURN)])
    assert await store.claim(CALL, 1, NOW) is None
    await store.end(CALL, NOW)
    assert await store.claim(CALL, 1, NOW - timedelta(minutes=5)) is None


async def test_a_result_is_kept_once_and_its_value_can_be_forgotten(store: CallStore) -> None:
    await store.open_many([(RECORD, TURN)])
    assert not await store.finish(CALL, 1, RESULT)
    await store.claim(CALL, 1, NOW - timedelta(minutes=5))
    assert await store.finish(CALL, 1, RESULT)
    assert not await store.finish(CALL, 1, TurnResult(ResultKind.FAILED))
    assert await store.turn(CALL, 1) == replace(TURN, stream=StreamState.DONE, result=RESULT)
    await store.forget_values(CALL)
    kept = await store.turn(CALL, 1)
    assert kept is not None
    assert kept.result == replace(RESULT, value=None)


async def test_a_call_that_has_ended_takes_no_turn_and_keeps_no_value(store: CallStore) -> None:
    await store.open_many([(RECORD, TURN)])
    assert await store.claim(CALL, 1, NOW - timedelta(minutes=5))
    assert await store.end(CALL, NOW)
    assert not await store.take(CALL, 1)
    assert await store.finish(CALL, 1, RESULT)
    turn = await store.turn(CALL, 1)
    assert turn is not None
    assert turn.result == replace(RESULT, value=None)


async def test_calls_that_have_not_ended_are_found_by_their_beginning(store: CallStore) -> None:
    for place, sid in enumerate(("CA1", "CA2", "CA3")):
        call = replace(RECORD, id=CallSid(sid), started_at=NOW - timedelta(hours=place))
        await store.open_many([(call, replace(TURN, call=CallSid(sid)))])
    assert await store.open_since(NOW) == ["CA3", "CA2"]
    await store.end(CallSid("CA3"), NOW)
    assert await store.open_since(NOW) == ["CA2"]


async def test_a_call_ends_once(store: CallStore) -> None:
    await store.open_many([(RECORD, TURN)])
    assert await store.end(CALL, NOW) == RECORD.evolve(ended_at=NOW)
    assert await store.end(CALL, NOW) is None
    assert await store.end(CallSid("CA9"), NOW) is None


@pytest.mark.parametrize(
    "expects",
    [
        FreeSpeech(is_yes_no=True),
        YesNo(),
        Digits(3, 8),
        Telephone(),
        Postcode(),
        SpokenDate(),
        SpokenTime(is_yes_no=True),
        Letters(),
        FileNumber(),
        OneOf(("un", "deux")),
    ],
)
def test_an_expectation_survives_json(expects: Expectation) -> None:
    assert wire.expectation_from_text(wire.expectation_to_text(expects)) == expects


def test_an_expectation_of_a_newer_version_is_free_speech() -> None:
    assert wire.expectation_from_text('["Song",{"loud":true}]') == FreeSpeech()


async def test_a_stream_that_is_given_back_may_be_had_again_until_it_has_brought_something(store: CallStore) -> None:
    await store.open_many([(RECORD, TURN)])
    before = NOW - timedelta(minutes=5)
    assert await store.claim(CALL, 1, before)
    await store.release(CALL, 1)
    assert await store.turn(CALL, 1) == TURN
    assert await store.claim(CALL, 1, before)
    assert await store.finish(CALL, 1, RESULT)
    await store.release(CALL, 1)
    assert await store.claim(CALL, 1, before) is None
