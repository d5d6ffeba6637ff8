import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from guichet.callbacks.expected_wait import Handled
from guichet.callbacks.joining import citizen_subject, new_request, number_subject
from guichet.callbacks.lifecycle import Cause, Move, Turn, move_request, turn_attempt
from guichet.callbacks.order import place_of
from guichet.callbacks.request import Attempt, AttemptState, Demand, Request, RequestKind
from guichet.callbacks.service import open_request
from guichet.callbacks.store import Served
from guichet.callbacks.tables import requests
from guichet.core.ids import AgentId, AttemptId, CallSid, CitizenId, ContactId, RequestId
from guichet.core.language import Language
from tests.callbacks.world import (
    ACT,
    CLAIRE,
    MARC,
    NOON,
    NUMBER,
    OTHER,
    Begin,
    MemoryUnit,
    begin_immediate,
    demand,
    hold,
    transactions,
)
from tests.conftest import BACKENDS, SQL_BACKENDS, Engines

CAUSE = Cause("system", NOON, "because")


@pytest.fixture(params=BACKENDS)
async def begin(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Begin]:
    async with transactions(request.param, engines) as begin:
        yield begin


async def opened(begin: Begin, request: Request) -> Request:
    async with begin() as unit:
        return await unit.requests.open(request) or request


async def test_a_request_comes_back_as_it_was_kept(begin: Begin) -> None:
    request = await opened(begin, new_request(hold(citizen=CLAIRE, priority=3), NOON))
    async with begin() as unit:
        assert await unit.requests.get(request.id) == request
        assert await unit.requests.get(RequestId("req_none")) is None


async def test_a_second_request_of_the_same_subject_and_intent_is_the_first_one(begin: Begin) -> None:
    first = await opened(begin, new_request(demand(), NOON))
    assert (await opened(begin, new_request(demand("con_2"), NOON))).id == first.id
    assert (await opened(begin, new_request(demand("con_3", intent="logement_social"), NOON))).id != first.id
    assert (await opened(begin, new_request(demand("con_4", number=OTHER), NOON))).id != first.id


async def test_once_closed_the_same_matter_may_be_opened_again(begin: Begin) -> None:
    first = await opened(begin, new_request(demand(), NOON))
    done, event = move_request(first, Move.FINISH, CAUSE)
    async with begin() as unit:
        assert await unit.requests.change(first, done, event)
        assert await unit.requests.open_of_subject(number_subject(NUMBER), ACT) is None
    assert (await opened(begin, new_request(demand("con_2"), NOON))).id != first.id


async def test_a_change_from_a_state_that_is_past_writes_nothing(begin: Begin) -> None:
    first = await opened(begin, new_request(demand(), NOON))
    ringing, event = move_request(first, Move.RING, CAUSE, agent=AgentId("agt_1"))
    done, late = move_request(first, Move.FINISH, CAUSE)
    async with begin() as unit:
        assert await unit.requests.change(first, ringing, event)
        assert not await unit.requests.change(first, done, late)
        assert await unit.requests.get(first.id) == ringing
        assert await unit.requests.events_of(first.id) == [event]


async def test_a_contact_is_linked_once_and_later_ones_are_reminders(begin: Begin) -> None:
    first = await opened(begin, new_request(demand("con_1"), NOON))
    async with begin() as unit:
        for minutes, contact in enumerate(("con_1", "con_2", "con_2", "con_3")):
            await unit.requests.link(first.id, ContactId(contact), NOON + timedelta(minutes=minutes))
        assert await unit.requests.contacts_of(first.id) == ["con_1", "con_2", "con_3"]
        kept = await unit.requests.get(first.id)
    assert kept is not None
    assert kept.reminders == 2


async def test_an_unknown_persons_request_is_given_to_a_citizen_who_has_none(begin: Begin) -> None:
    unknown = await opened(begin, new_request(demand(), NOON))
    async with begin() as unit:
        assert await unit.requests.adopt(unknown, CLAIRE)
        mine = await unit.requests.open_of_subject(citizen_subject(CLAIRE), ACT)
    assert mine is not None
    assert (mine.id, mine.citizen) == (unknown.id, CLAIRE)


async def test_an_unknown_persons_request_is_not_given_to_a_citizen_who_has_one(begin: Begin) -> None:
    await opened(begin, new_request(demand("con_1", citizen=CLAIRE, number=OTHER), NOON))
    unknown = await opened(begin, new_request(demand("con_2"), NOON))
    async with begin() as unit:
        assert not await unit.requests.adopt(unknown, CLAIRE)
        assert await unit.requests.open_of_subject(number_subject(NUMBER), ACT) == unknown


async def test_open_requests_of_a_number_are_found_whoever_they_belong_to(begin: Begin) -> None:
    first = await opened(begin, new_request(demand("con_1", citizen=CLAIRE), NOON))
    second = await opened(begin, new_request(demand("con_2"), NOON))
    third = await opened(begin, new_request(demand("con_3", intent="logement_social"), NOON))
    async with begin() as unit:
        assert {row.id for row in await unit.requests.open_of_number(NUMBER)} == {first.id, second.id, third.id}
        assert {row.id for row in await unit.requests.open_of_number(NUMBER, ACT)} == {first.id, second.id}


async def test_the_order_is_priority_then_target_then_age(begin: Begin) -> None:
    async with begin() as unit:
        places: list[tuple[int, dict[str, Any]]] = [
            (30, {}),
            (10, {}),
            (60, {"priority": 5}),
            (5, {"kind": RequestKind.TEXT}),
            (5, {"queue": "voirie"}),
        ]
        asked = [
            new_request(hold(f"con_{place}", number=None, target_at=NOON + timedelta(minutes=minutes), **more), NOON)
            for place, (minutes, more) in enumerate(places)
        ]
        for request in asked:
            assert await unit.requests.open(request) is None
        assert [await unit.requests.ahead(one) for one in asked] == [3, 2, 0, 1, 0]
        first = await unit.requests.first_in_order({("etat_civil", Language.FR)}, NOON)
        assert first is not None
        assert first.id == asked[2].id
        assert await unit.requests.first_in_order({("etat_civil", Language.EN)}, NOON) is None


FRENCH = {("etat_civil", Language.FR)}


async def test_the_one_order_has_holders_and_due_callbacks_of_every_queue_that_is_served(begin: Begin) -> None:
    later, hour = NOON + timedelta(minutes=1), timedelta(hours=1)
    async with begin() as unit:
        kinds: list[tuple[Demand, dict[str, Any]]] = [
            (hold("con_0", number=None, target_at=NOON + 4 * hour), {}),
            (demand("con_1", target_at=NOON + 2 * hour), {}),
            (demand("con_2", number=OTHER, target_at=NOON + hour), {"not_before": later}),
            (demand("con_3", number=OTHER, kind=RequestKind.TEXT, intent="logement_social"), {}),
            (demand("con_4", number=OTHER, intent="voirie", queue="voirie", target_at=NOON + 3 * hour), {}),
            (demand("con_5", number=OTHER, intent="apa", language=Language.EN, target_at=NOON), {}),
        ]
        asked = [new_request(wish, NOON).evolve(**more) for wish, more in kinds]
        for request in asked:
            assert await unit.requests.open(request) is None
        both = FRENCH | {("voirie", Language.FR)}

        async def order(moment: datetime, served: Served) -> int | None:
            first = await unit.requests.first_in_order(served, moment)
            assert (first is not None) is await unit.requests.is_anyone_due(served, moment)
            return None if first is None else [request.id for request in asked].index(first.id)

        assert [await order(NOON, both), await order(later, both)] == [1, 2]
        assert [await order(NOON, {("voirie", Language.FR)}), await order(NOON, set())] == [4, None]
        assert [await order(NOON, {("etat_civil", Language.EN)}), await order(NOON, {("apa", Language.FR)})] == [
            5,
            None,
        ]
        nearest = await unit.requests.nearest(NOON)
        assert [request.contact for request in nearest] == ["con_5", "con_1", "con_4", "con_0"]
        assert [request.contact for request in await unit.requests.nearest(later)][:2] == ["con_5", "con_2"]
        late = asked[1].evolve(opened_at=later)
        assert [await unit.requests.overtaken_by(late, NOON), await unit.requests.overtaken_by(late, later)] == [3, 4]


async def test_what_a_callback_needs_comes_back_as_it_was_kept(begin: Begin) -> None:
    request = await opened(begin, new_request(demand(citizen=CLAIRE), NOON))
    changed = request.evolve(not_before=NOON, callback_number=OTHER, warned_at=NOON)
    async with begin() as unit:
        assert await unit.requests.change(request, changed)
        assert await unit.requests.get(request.id) == changed
        assert changed.calls_at == OTHER
        assert await unit.requests.open_of_citizen(CLAIRE) == [changed]
        assert await unit.requests.open_of_citizen(CitizenId("cit_nobody")) == []


async def test_the_citizens_leg_is_named_once_and_results_are_told_in_order(begin: Begin) -> None:
    request = await opened(begin, new_request(demand(), NOON))
    async with begin() as unit:
        for number in range(3):
            at = NOON + timedelta(minutes=number)
            attempt = Attempt(AttemptId(f"att_{number}"), request.id, AgentId("agt_1"), AttemptState.PREPARED, at)
            assert await unit.attempts.add(attempt)
            assert await unit.attempts.name_citizen_call(attempt.id, CallSid(f"CA{number}"))
            assert await unit.attempts.name_citizen_call(attempt.id, CallSid(f"CA{number}"))
            assert not await unit.attempts.name_citizen_call(attempt.id, CallSid("CA-other"))
            failed, event = turn_attempt(attempt, Turn.FAIL, Cause("carrier", at, f"result {number}"))
            assert await unit.attempts.change(attempt, failed, event)
            kept = await unit.attempts.get(attempt.id)
            assert kept is not None
            assert kept.citizen_call == f"CA{number}"
        assert await unit.attempts.results_of(request.id) == ["result 0", "result 1", "result 2"]


async def talked(unit: MemoryUnit, number: int, queue: str, seconds: int) -> None:
    """Let a conversation have taken so long, the writing up included, and be over at a minute of its number."""
    request = new_request(demand(f"con_{number}", number=None, queue=queue), NOON)
    await unit.requests.open(request)
    over = NOON + timedelta(minutes=number)
    began = over - timedelta(seconds=seconds)
    attempt = Attempt(AttemptId(f"att_{number}"), request.id, AgentId(f"agt_{number}"), AttemptState.PREPARED, began)
    assert await unit.attempts.add(attempt)
    for turn in (Turn.RING, Turn.ACCEPT, Turn.BRIDGE, Turn.END):
        turned, event = turn_attempt(attempt, turn, Cause("carrier", over - timedelta(seconds=30)))
        assert await unit.attempts.change(attempt, turned, event)
        attempt = turned
    assert await unit.attempts.written_up(attempt.id, Cause(attempt.agent, over))


async def test_how_long_cases_took_is_told_latest_first(begin: Begin) -> None:
    async with begin() as unit:
        await talked(unit, 1, "social", 100)
        await talked(unit, 2, "etat_civil", 200)
        await talked(unit, 3, "etat_civil", 300)
        found = await unit.attempts.handled(NOON + timedelta(seconds=80))
        assert list(found) == [Handled("etat_civil", 300.0), Handled("etat_civil", 200.0)]


async def test_who_stands_before_a_place_is_counted_by_queue_and_language(begin: Begin) -> None:
    async with begin() as unit:
        at = [NOON + timedelta(minutes=minute) for minute in range(5)]
        own = new_request(hold("con_0", "CA0", number=None, target_at=at[3]), NOON)
        others = [
            new_request(hold("con_1", "CA1", number=None, target_at=at[1]), NOON),
            new_request(demand("con_2", number=None, target_at=at[1], language=Language.EN), NOON),
            new_request(demand("con_3", number=None, target_at=at[4], priority=1, queue="social"), NOON),
            new_request(hold("con_4", "CA4", number=None, target_at=at[4]), NOON),
            new_request(demand("con_5", number=None, target_at=at[0], kind=RequestKind.TEXT), NOON),
            new_request(demand("con_6", number=None, target_at=at[0]), NOON).evolve(not_before=at[4]),
        ]
        for one in (own, *others):
            await unit.requests.open(one)
        assert await unit.requests.before(place_of(own), NOON) == {
            ("etat_civil", Language.FR): 1,
            ("etat_civil", Language.EN): 1,
            ("social", Language.FR): 1,
        }
        assert (await unit.requests.before(place_of(own), at[4]))["etat_civil", Language.FR] == 2
        assert await unit.requests.holding("etat_civil", Language.FR) == 3
        assert await unit.requests.holding("social", Language.FR) == 0


async def test_a_request_and_an_agent_have_one_live_attempt(begin: Begin) -> None:
    first = await opened(begin, new_request(demand("con_1", number=None), NOON))
    second = await opened(begin, new_request(demand("con_2", number=None), NOON))
    attempt = Attempt(AttemptId("att_1"), first.id, AgentId("agt_1"), AttemptState.PREPARED, NOON)
    async with begin() as unit:
        assert await unit.attempts.add(attempt)
        assert not await unit.attempts.add(replace(attempt, id=AttemptId("att_2"), agent=AgentId("agt_2")))
        assert not await unit.attempts.add(replace(attempt, id=AttemptId("att_3"), request=second.id))
        failed, event = turn_attempt(attempt, Turn.FAIL, CAUSE)
        assert await unit.attempts.change(attempt, failed, event)
        assert not await unit.attempts.change(attempt, failed, event)
        assert await unit.attempts.add(replace(attempt, id=AttemptId("att_4")))
        live = await unit.attempts.live_of(first.id)
        assert live is not None
        assert live.id == "att_4"


async def test_the_agents_leg_is_named_once(begin: Begin) -> None:
    first = await opened(begin, new_request(demand(), NOON))
    attempt = Attempt(AttemptId("att_1"), first.id, AgentId("agt_1"), AttemptState.PREPARED, NOON)
    async with begin() as unit:
        await unit.attempts.add(attempt)
        assert await unit.attempts.name_call(attempt.id, CallSid("CA1"))
        assert await unit.attempts.name_call(attempt.id, CallSid("CA1"))
        assert not await unit.attempts.name_call(attempt.id, CallSid("CA2"))
        named = await unit.attempts.of_call(CallSid("CA1"))
        assert named == replace(attempt, call=CallSid("CA1"))
        assert await unit.attempts.lock(attempt.id) == named


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_simultaneous_opens_make_one_row(backend: str, engines: Engines) -> None:
    async with transactions(backend, engines) as begin:
        found = await asyncio.gather(
            *(opened(begin, new_request(demand(f"con_{number}"), NOON)) for number in range(12))
        )
        assert len({request.id for request in found}) == 1
        async with begin() as unit:
            assert len(await unit.requests.open_of_number(NUMBER)) == 1


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_a_taken_reference_is_exchanged(backend: str, engines: Engines) -> None:
    async with transactions(backend, engines) as begin:
        first = await opened(begin, new_request(demand("con_1"), NOON))
        second = await opened(begin, new_request(demand("con_2", number=OTHER), NOON).evolve(reference=first.reference))
        async with begin() as unit:
            kept = await unit.requests.get(second.id)
        assert kept is not None
        assert kept.reference != first.reference


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_the_database_itself_refuses_an_open_request_that_is_closed(backend: str, engines: Engines) -> None:
    async with engines(backend) as engine:
        begin_immediate(engine)
        async with engine.begin() as connection:
            from guichet.callbacks.sql_store import SqlRequestStore

            await SqlRequestStore(connection).open(new_request(demand(), NOON))
        with pytest.raises(IntegrityError):
            async with engine.begin() as connection:
                await connection.execute(sa.update(requests).values(state="done"))


async def test_callbacks_put_off_to_an_opening_are_brought_forward_and_chosen_times_are_kept(begin: Begin) -> None:
    put_off = await opened(begin, new_request(demand("con_1"), NOON))
    chosen = await opened(begin, new_request(demand("con_2", intent="logement_social"), NOON))
    moved = await opened(begin, new_request(demand("con_3", intent="aide_sociale"), NOON))
    later, wished = NOON + timedelta(days=2), NOON + timedelta(days=1)
    async with begin() as unit:
        assert await unit.requests.change(put_off, put_off.evolve(not_before=later, put_off_until=later))
        assert await unit.requests.change(chosen, chosen.evolve(not_before=later))
        assert await unit.requests.change(moved, moved.evolve(not_before=wished, put_off_until=later))
    async with begin() as unit:
        assert await unit.requests.bring_forward() == 1
        assert await unit.requests.bring_forward() == 0
        found = [await unit.requests.get(request.id) for request in (put_off, chosen, moved)]
    assert [request.not_before for request in found if request] == [None, later, wished]


async def test_a_request_is_given_to_another_and_that_is_kept(begin: Begin) -> None:
    async with begin() as unit:
        mine = (await open_request(unit, demand("con_1", citizen=CLAIRE), NOON)).request
        assert await unit.requests.give(mine, MARC, Cause("agent_1", NOON, "wrong"))
        given = await unit.requests.get(mine.id)
        assert given is not None
        assert given.citizen == MARC
        assert await unit.requests.open_of_subject(f"citizen:{MARC}", ACT) == given
        assert await unit.requests.open_of_subject(f"citizen:{CLAIRE}", ACT) is None
        assert (await unit.requests.events_of(mine.id))[-1].cause.actor == "agent_1"


async def test_a_request_is_not_given_to_who_has_one(begin: Begin) -> None:
    async with begin() as unit:
        mine = (await open_request(unit, demand("con_1", citizen=CLAIRE), NOON)).request
        await open_request(unit, demand("con_2", citizen=MARC, number=OTHER), NOON)
        assert not await unit.requests.give(mine, MARC, Cause("agent_1", NOON))
        kept = await unit.requests.get(mine.id)
        assert kept is not None
        assert kept.citizen == CLAIRE


async def test_a_contact_is_forgotten_and_the_next_takes_its_place(begin: Begin) -> None:
    async with begin() as unit:
        for number in (1, 2, 3):
            at = NOON + timedelta(minutes=number)
            mine = (await open_request(unit, demand(f"con_{number}", citizen=CLAIRE), at)).request.id
        assert [one.id for one in await unit.requests.of_contact(ContactId("con_2"))] == [mine]
        assert await unit.requests.unlink(mine, ContactId("con_1"))
        assert not await unit.requests.unlink(mine, ContactId("con_1"))
        kept = await unit.requests.get(mine)
        assert kept is not None
        assert (kept.contact, kept.reminders) == (ContactId("con_2"), 1)
        assert await unit.requests.of_contact(ContactId("con_1")) == []
