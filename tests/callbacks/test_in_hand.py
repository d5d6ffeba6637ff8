"""Agents take callbacks and texts in hand: one each, looked at before they call, never kept in a drawer."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from guichet.callbacks.dispatch import UNTOUCHED
from guichet.callbacks.request import AttemptState, Request, RequestKind, RequestState
from guichet.callbacks.service import close_request, open_request
from guichet.callbacks.taking import (
    Preview,
    Taken,
    give_back,
    keep,
    lapse,
    prepare_call,
    preview,
    take,
    take_next,
)
from guichet.citizens.citizen import Citizen
from guichet.core.errors import BadInput, Conflict
from guichet.core.ids import AgentId, CitizenId
from guichet.core.jobs import TextRequest
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import WRITES, Presence
from tests.callbacks.desk import CallDesk
from tests.callbacks.world import CLAIRE, NOON, NUMBER, OTHER, agent, book, demand, transactions
from tests.conftest import BACKENDS, Engines

ANNE = agent().id
BOB = agent("Bob", phone=PhoneNumber("+33145670002"))


async def pulled(desk: CallDesk, name: AgentId = ANNE) -> Request:
    """Let an agent take the one request there is."""
    (request,) = desk.unit.requests.rows.values()  # type: ignore[attr-defined]
    async with desk.begin() as unit:
        taken = await take(unit, request.id, name, desk.clock.now())
    assert not isinstance(taken, Taken)
    return taken


async def paused() -> CallDesk:
    """Return a desk at which a citizen asked for a callback while Anne paused."""
    desk = CallDesk(agent(presence=Presence.PAUSE))
    await desk.asks()
    desk.clock.move(timedelta(minutes=1))
    return desk


async def test_a_callback_is_looked_at_and_then_called_from_the_desk() -> None:
    desk = await paused()
    held = await pulled(desk)
    async with desk.begin() as unit:
        seen: Preview = await preview(unit, held.id, book(), desk.clock.now())
    assert (seen.may_call, seen.never_call, seen.tries) == (True, False, ())
    assert seen.because[0].fr == "à rappeler"
    await desk.offering.ring_taker(held.id, ANNE)
    (placed,) = desk.carrier.placed
    assert placed["to"] == agent().phone
    await desk.agent_accepts()
    await desk.citizen_answers()
    await desk.citizen_keys("1")
    await desk.dial_ends("completed", bridged=True)
    assert (await desk.request(held)).state is RequestState.DONE
    assert (await desk.attempt()).state is AttemptState.ENDED


async def test_a_free_agent_is_busy_while_they_look_and_nobody_rings_them() -> None:
    desk = CallDesk(agent(presence=Presence.AWAY))
    await desk.asks()
    desk.unit.agents.rows[ANNE] = agent()
    desk.clock.move(timedelta(minutes=1))
    held = await pulled(desk)
    assert desk.unit.agents.presence() is Presence.BUSY
    await desk.asks("con_2", number=OTHER)
    await desk.offering.offer()
    assert desk.carrier.placed == []
    async with desk.begin() as unit:
        await give_back(unit, held.id, ANNE, desk.clock.now())
    assert desk.unit.agents.presence() is Presence.AVAILABLE
    await desk.jobs()
    assert len(desk.carrier.placed) == 1, "and the first in the order is called"
    assert (await desk.attempt()).request == held.id


async def test_one_agent_has_one_in_hand_and_one_request_one_agent() -> None:
    desk = await paused()
    desk.unit.agents.rows[BOB.id] = replace(BOB, presence=Presence.PAUSE)
    held = await pulled(desk)
    assert (await pulled(desk)).id == held.id, "taking it twice is taking it once"
    other = await desk.asks("con_2", number=OTHER)
    async with desk.begin() as unit:
        with pytest.raises(Conflict, match="finish with the one you have"):
            await take(unit, other.id, ANNE, desk.clock.now())
        assert await take(unit, held.id, BOB.id, desk.clock.now()) == Taken(ANNE)


async def test_what_nobody_touches_is_given_back_and_its_agent_is_away() -> None:
    desk = CallDesk(agent(presence=Presence.AWAY))
    await desk.asks()
    desk.unit.agents.rows[ANNE] = agent()
    desk.clock.move(timedelta(minutes=1))
    held = await pulled(desk)
    desk.clock.move(UNTOUCHED - timedelta(minutes=1))
    async with desk.begin() as unit:
        await keep(unit, held.id, ANNE, desk.clock.now())
    desk.clock.move(timedelta(minutes=1))
    await desk.jobs()
    assert (await desk.request(held)).state is RequestState.OFFERED
    desk.clock.move(UNTOUCHED)
    await desk.jobs()
    assert (await desk.request(held)).state is RequestState.WAITING
    assert desk.unit.agents.presence() is Presence.AWAY
    async with desk.begin() as unit:
        await lapse(unit, held.id, desk.clock.now())
    assert (await desk.request(held)).state is RequestState.WAITING


async def test_the_citizen_who_rings_in_meanwhile_is_put_through_to_who_has_it_in_hand() -> None:
    desk = await paused()
    desk.unit.agents.rows[BOB.id] = BOB
    held = await pulled(desk)
    request = await desk.holds("con_2", "CA2")
    assert (request.id, request.kind) == (held.id, RequestKind.HOLD)
    assert [each["to"] for each in desk.carrier.placed] == [agent().phone]
    await desk.agent_accepts()
    assert (await desk.attempt()).state is AttemptState.ACCEPTED


async def test_the_citizen_may_cancel_what_an_agent_has_in_hand() -> None:
    desk = CallDesk(agent(presence=Presence.AWAY))
    await desk.asks()
    desk.unit.agents.rows[ANNE] = agent()
    desk.clock.move(timedelta(minutes=1))
    held = await pulled(desk)
    async with desk.begin() as unit:
        await close_request(unit, held.id, RequestState.CANCELLED, "cancelled by text", desk.clock.now())
    assert desk.unit.agents.presence() is Presence.AVAILABLE
    with pytest.raises(Conflict):
        await desk.offering.ring_taker(held.id, ANNE)


async def test_nobody_is_called_from_the_desk_outside_the_hours_or_against_their_word() -> None:
    desk = await paused()
    held = await pulled(desk)
    desk.unit.citizens.at_number[NUMBER] = (Citizen(CitizenId("cit_x"), "2", "Odette", "Noir", never_call=True),)
    with pytest.raises(BadInput, match="write to them"):
        await desk.offering.ring_taker(held.id, ANNE)
    desk.unit.citizens.at_number.clear()
    desk.clock.move(timedelta(hours=10))
    with pytest.raises(BadInput, match="none before 04/03 08:00"):
        await desk.offering.ring_taker(held.id, ANNE)
    assert desk.carrier.placed == []
    assert (await desk.request(held)).state is RequestState.OFFERED


async def test_who_is_never_called_is_written_to_whatever_number_they_left() -> None:
    desk = CallDesk(agent())
    desk.unit.citizens.never_call = True
    request = await desk.asks(citizen=CLAIRE, number=OTHER)
    desk.clock.move(timedelta(minutes=1))
    await desk.jobs()
    assert (await desk.request(request)).kind is RequestKind.TEXT
    assert TextRequest(request.id, "by_text") in desk.unit.jobs.jobs
    assert desk.carrier.placed == []


async def test_the_first_in_the_order_is_the_next_whoever_asks_and_whatever_it_is() -> None:
    desk = CallDesk(agent(presence=Presence.PAUSE))
    await desk.asks("con_1", target_at=NOON + timedelta(hours=2))
    text = await desk.asks("con_2", kind=RequestKind.TEXT, number=OTHER, target_at=NOON + timedelta(hours=1))
    desk.clock.move(timedelta(minutes=1))
    async with desk.begin() as unit:
        first = await take_next(unit, ANNE, book(), desk.clock.now())
    assert first is not None
    assert first.id == text.id


async def test_a_text_before_callbacks_comes_to_who_answers_texts_and_who_passes_it_overtakes_it() -> None:
    desk = CallDesk()
    text = await desk.asks("con_1", kind=RequestKind.TEXT, target_at=NOON + timedelta(hours=1))
    desk.clock.move(timedelta(minutes=1))
    called = await desk.asks("con_2", number=OTHER, target_at=NOON + timedelta(hours=2))
    desk.clock.move(timedelta(minutes=1))
    desk.unit.agents.rows[ANNE] = agent()
    await desk.offering.offer()
    assert (await desk.request(called)).state is RequestState.DIALING_AGENT
    assert (await desk.request(called)).overtook == 1, "the text that came before it still waits"
    writes = agent("Bob", phone=BOB.phone, skills=frozenset({"etat_civil", WRITES}))
    desk.unit.agents.rows[BOB.id] = writes
    await desk.offering.look()
    await desk.jobs()
    assert (await desk.request(text)).agent == BOB.id
    assert (await desk.request(text)).overtook == 0
    assert len(desk.carrier.placed) == 1


@pytest.mark.parametrize("backend", BACKENDS)
async def test_of_two_who_take_the_same_at_once_one_has_it(backend: str, engines: Engines) -> None:
    both = (agent(), BOB)
    async with transactions(backend, engines, *both) as begin:
        async with begin() as unit:
            opened = await open_request(unit, demand(kind=RequestKind.TEXT), NOON)

        async def taken(name: AgentId) -> bool:
            try:
                async with begin() as unit:
                    return not isinstance(await take(unit, opened.request.id, name, NOON), Taken)
            except Conflict:
                return False

        got = await asyncio.gather(*(taken(one.id) for one in both))
        assert sorted(got) == [False, True]


@pytest.mark.parametrize("backend", BACKENDS)
async def test_the_store_gives_an_agent_one_in_hand(backend: str, engines: Engines) -> None:
    async with transactions(backend, engines, agent(presence=Presence.PAUSE)) as begin, begin() as unit:
        one = (await open_request(unit, demand(kind=RequestKind.TEXT), NOON)).request
        later = NOON + timedelta(hours=5)
        second = demand("con_2", kind=RequestKind.TEXT, number=OTHER, target_at=later)
        two = (await open_request(unit, second, NOON)).request
        assert [row.id for row in await unit.requests.in_order()] == [one.id, two.id]
        assert await unit.requests.by_reference(one.reference.lower()) == one
        held = await take(unit, one.id, ANNE, NOON)
        assert await unit.requests.in_hand_of(ANNE) == held
        both = two.evolve(state=RequestState.OFFERED, agent=ANNE)
        assert not await unit.requests.change(two, both)
        assert [row.id for row in await unit.requests.in_order("etat_civil")] == [two.id]


async def test_a_call_on_hold_is_not_taken_in_hand_but_rung() -> None:
    desk = CallDesk(agent(presence=Presence.PAUSE))
    request = await desk.holds()
    async with desk.begin() as unit:
        with pytest.raises(Conflict, match="hold"):
            await take(unit, request.id, ANNE, desk.clock.now())


async def test_the_next_of_an_agent_is_one_that_they_can_serve() -> None:
    desk = CallDesk(agent(presence=Presence.PAUSE, languages=frozenset({Language.EN})))
    request = await desk.asks()
    async with desk.begin() as unit:
        assert await take_next(unit, ANNE, book(), desk.clock.now()) is None
        with pytest.raises(Conflict):
            await prepare_call(unit, request.id, ANNE, book(), desk.clock.now())


async def test_what_is_put_off_waits_until_then() -> None:
    desk = await paused()
    held = await pulled(desk)
    later = desk.clock.now() + timedelta(days=1)
    async with desk.begin() as unit:
        await give_back(unit, held.id, ANNE, desk.clock.now(), later=later)
        assert await take_next(unit, ANNE, book(), desk.clock.now()) is None
    assert (await desk.request(held)).not_before == later
