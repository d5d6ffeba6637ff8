import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.callbacks.joining import join, new_request
from guichet.callbacks.request import RequestKind, RequestState
from guichet.callbacks.service import become_callback, close_request, open_request
from guichet.core.errors import NotFound
from guichet.core.ids import CallSid, RequestId
from guichet.core.jobs import ConfirmRequest, OfferNext, RingAgent
from tests.callbacks.world import (
    ACT,
    CLAIRE,
    MARC,
    NOON,
    NUMBER,
    OTHER,
    Begin,
    demand,
    hold,
    memory_unit,
    transactions,
)
from tests.conftest import BACKENDS, SQL_BACKENDS, Engines

LATER = NOON + timedelta(hours=1)


@pytest.fixture(params=BACKENDS)
async def begin(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Begin]:
    async with transactions(request.param, engines) as begin:
        yield begin


async def test_five_calls_and_two_texts_are_one_request_at_its_first_place(begin: Begin) -> None:
    for number in range(7):
        text = number in (2, 5)
        kind = RequestKind.TEXT if text else RequestKind.CALLBACK
        now = NOON + timedelta(minutes=number)
        asked = demand(
            f"con_{number}", kind=kind, channel="sms" if text else "voice", target_at=now + timedelta(hours=4)
        )
        async with begin() as unit:
            opened = await open_request(unit, asked, now)
            assert opened.is_new == (number == 0)
    assert opened.request.reminders == 6
    assert opened.request.kind is RequestKind.CALLBACK
    assert (opened.request.opened_at, opened.request.target_at) == (NOON, NOON + timedelta(hours=4))
    async with begin() as unit:
        assert unit.jobs.jobs == [ConfirmRequest(opened.request.id), OfferNext()]


async def test_the_same_contact_asking_twice_is_no_reminder(begin: Begin) -> None:
    async with begin() as unit:
        await open_request(unit, demand("con_1"), NOON)
        await open_request(unit, demand("con_2"), NOON)
        again = await open_request(unit, demand("con_2"), NOON)
    assert again.request.reminders == 1


async def test_who_was_unknown_and_is_known_later_keeps_their_request(begin: Begin) -> None:
    async with begin() as unit:
        first = await open_request(unit, demand("con_1"), NOON)
        known = await open_request(unit, demand("con_2", citizen=CLAIRE), LATER)
        elsewhere = await open_request(unit, demand("con_3", citizen=CLAIRE, number=OTHER), LATER)
    assert not known.is_new
    assert not elsewhere.is_new
    assert first.request.id == known.request.id == elsewhere.request.id
    assert known.request.citizen == CLAIRE
    assert elsewhere.request.number == NUMBER


async def test_who_is_known_and_then_not_recognised_is_still_told_by_the_number(begin: Begin) -> None:
    async with begin() as unit:
        first = await open_request(unit, demand("con_1", citizen=CLAIRE), NOON)
        unknown = await open_request(unit, demand("con_2"), LATER)
    assert unknown.request.id == first.request.id
    assert unknown.request.citizen == CLAIRE


async def test_two_of_a_household_wait_each_for_themselves(begin: Begin) -> None:
    async with begin() as unit:
        claire = await open_request(unit, demand("con_1", citizen=CLAIRE), NOON)
        marc = await open_request(unit, demand("con_2", citizen=MARC), NOON)
        one_of_them = await open_request(unit, demand("con_3"), NOON)
    assert len({claire.request.id, marc.request.id, one_of_them.request.id}) == 3


async def test_two_requests_that_turn_out_to_be_one_persons_are_merged_at_the_better_place(begin: Begin) -> None:
    async with begin() as unit:
        unknown = await open_request(unit, demand("con_1"), NOON)
        known = await open_request(unit, demand("con_2", citizen=CLAIRE, number=OTHER, priority=4), LATER)
        assert known.is_new
        both = await open_request(unit, demand("con_3", citizen=CLAIRE), LATER)
        merged = await unit.requests.get(known.request.id)
    assert both.request.id == unknown.request.id
    assert (both.request.citizen, both.request.priority, both.request.reminders) == (CLAIRE, 4, 2)
    assert merged is not None
    assert merged.state is RequestState.CANCELLED
    async with begin() as unit:
        reasons = [event.cause.reason for event in await unit.requests.events_of(merged.id)]
    assert reasons == [f"merged into {unknown.request.reference}"]


async def test_the_slot_that_was_chosen_last_stays_when_two_requests_become_one(begin: Begin) -> None:
    slot = {"slot_at": LATER + timedelta(hours=1), "slot_until": LATER + timedelta(hours=2)}
    async with begin() as unit:
        await open_request(unit, demand("con_1"), NOON)
        known = await open_request(unit, demand("con_2", citizen=CLAIRE, number=OTHER), LATER)
        chosen = known.request.evolve(not_before=slot["slot_at"], **slot)
        assert await unit.requests.change(known.request, chosen)
        both = await open_request(unit, demand("con_3", citizen=CLAIRE), LATER)
    assert (both.request.slot_at, both.request.slot_until) == (slot["slot_at"], slot["slot_until"])
    assert both.request.not_before == slot["slot_at"]


async def test_hidden_callers_are_never_one(begin: Begin) -> None:
    async with begin() as unit:
        first = await open_request(unit, demand("con_1", number=None), NOON)
        second = await open_request(unit, demand("con_2", number=None), NOON)
        again = await open_request(unit, demand("con_1", number=None), NOON)
    assert first.request.id != second.request.id
    assert again.request.id == first.request.id


async def test_who_is_to_be_called_back_and_rings_holds_at_their_first_place(begin: Begin) -> None:
    async with begin() as unit:
        first = await open_request(unit, demand("con_1"), NOON)
        held = await open_request(unit, hold("con_2", "CA2", target_at=LATER + timedelta(hours=4)), LATER)
        await open_request(unit, hold("con_2", "CA2", target_at=LATER + timedelta(hours=4)), LATER)
        assert unit.jobs.jobs == [ConfirmRequest(first.request.id), OfferNext(), RingAgent(first.request.id)]
    assert held.request.id == first.request.id
    assert (held.request.kind, held.request.call, held.request.held_since) == (RequestKind.HOLD, "CA2", LATER)
    assert held.request.target_at == first.request.target_at


async def test_who_leaves_the_queue_is_called_back_at_their_place(begin: Begin) -> None:
    async with begin() as unit:
        held = await open_request(unit, hold(), NOON)
        called = await become_callback(unit, held.request.id, LATER)
        kept = await unit.requests.get(held.request.id)
        assert unit.jobs.jobs == [RingAgent(called.id), ConfirmRequest(called.id), OfferNext()]
    assert kept == called
    assert (called.kind, called.call, called.target_at) == (RequestKind.CALLBACK, None, held.request.target_at)


async def test_who_leaves_the_queue_without_a_number_cannot_be_called(begin: Begin) -> None:
    async with begin() as unit:
        hidden = await open_request(unit, hold(number=None), NOON)
        assert (await become_callback(unit, hidden.request.id, LATER)).state is RequestState.CANCELLED
        typed = await open_request(unit, hold("con_2", "CA2", number=None), NOON)
        called = await become_callback(unit, typed.request.id, LATER, OTHER)
    assert (called.state, called.number) == (RequestState.WAITING, OTHER)


async def test_a_closed_request_stays_as_it_ended(begin: Begin) -> None:
    async with begin() as unit:
        opened = await open_request(unit, demand(), NOON)
        done = await close_request(unit, opened.request.id, RequestState.DONE, "served by text", LATER)
        again = await close_request(unit, opened.request.id, RequestState.CANCELLED, "late", LATER)
        assert again == done
        assert await become_callback(unit, done.id, LATER) == done
        with pytest.raises(NotFound):
            await close_request(unit, RequestId("req_none"), RequestState.DONE, "", NOON)
        anew = await open_request(unit, demand("con_2"), LATER)
    assert anew.is_new


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_simultaneous_demands_of_a_known_and_an_unknown_caller_end_as_one(backend: str, engines: Engines) -> None:
    async with transactions(backend, engines) as begin:

        async def ask(number: int) -> None:
            asked = demand(f"con_{number}", citizen=CLAIRE if number % 2 else None)
            async with begin() as unit:
                await open_request(unit, asked, NOON)

        await asyncio.gather(*(ask(number) for number in range(10)))
        await ask(11)
        async with begin() as unit:
            left = await unit.requests.open_of_number(NUMBER, ACT)
        assert len(left) == 1
        assert left[0].citizen == CLAIRE


KINDS = st.sampled_from(RequestKind)


@given(KINDS, st.lists(st.tuples(KINDS, st.integers(-120, 600), st.integers(-3, 3)), max_size=8))
def test_joining_never_loses_place_urgency_or_number(
    kind: RequestKind, later: list[tuple[RequestKind, int, int]]
) -> None:
    request = new_request(demand(kind=kind), NOON)
    for place, (asked, minutes, priority) in enumerate(later):
        again = demand(
            f"con_{place}",
            kind=asked,
            number=OTHER,
            target_at=NOON + timedelta(minutes=minutes),
            priority=priority,
            call=CallSid(f"CA{place}") if asked is RequestKind.HOLD else None,
        )
        joined = join(request, again, NOON)
        assert joined.target_at <= request.target_at
        assert joined.priority >= request.priority
        assert (joined.id, joined.number, joined.opened_at) == (request.id, request.number, request.opened_at)
        assert not (request.kind is RequestKind.CALLBACK and joined.kind is RequestKind.TEXT)
        request = joined


async def test_an_ended_hold_of_the_same_call_may_begin_again() -> None:
    unit = memory_unit()
    held = await open_request(unit, hold(), NOON)
    await become_callback(unit, held.request.id, NOON)
    await open_request(unit, hold(), LATER)
    assert unit.jobs.jobs.count(RingAgent(held.request.id)) == 2
