"""The carrier misbehaves when asked: 429, 500, no answer, each having done it or not. One text, one leg, no silence."""

from datetime import timedelta

import pytest

from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.mischief import Fail, Hang, Trouble
from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, CLAIRE, LUCAS, accepts, agent, keys, person, says
from tests.journeys.world import World

TROUBLES: dict[str, Trouble] = {
    "too many requests": Fail(429),
    "failed, undone": Fail(500),
    "failed, done": Fail(500, processed=True),
    "unavailable": Fail(503),
    "hanging, undone": Hang(processed=False),
    "hanging, done": Hang(processed=True),
}
DONE = {"failed, done", "hanging, done"}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_text_goes_out_once_whatever_the_carrier_answers(world: World, trouble: str) -> None:
    world.expect_hanging()
    world.simulator.mischief.add("/Messages", TROUBLES[trouble])
    await world.text(LUCAS, "je voudrais un acte de naissance")
    for _ in range(8):
        await world.move(timedelta(seconds=30))
        await world.settled()
    tables = await aftermath.check(world)
    (text,) = tables.sent
    assert text.state == "delivered"
    assert len([text for text in world.simulator.texts_to(LUCAS) if text.direction == "outbound-api"]) == 1


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_one_leg_rings_whatever_the_carrier_answers(world: World, trouble: str) -> None:
    world.expect_hanging()
    await world.hire(agent("claire", CLAIRE), accepts())
    world.simulator.mischief.add("/Calls", TROUBLES[trouble])
    call, carried = world.ring(
        CATHERINE,
        person(
            ("Dites en une phrase", says("j'ai besoin d'aide pour mon dossier de logement social")),
            ("date de naissance", keys("03031985")),
        ),
    )
    await world.until_said(call, "Ne quittez pas")
    for _ in range(8):
        await world.settled()
        if carried.done():
            break
        await world.move(timedelta(seconds=10))
    await carried
    await world.settled()
    assert len(call.log.of(Kind.BRIDGED)) == 1
    assert len(world.agents_calls) == 1
    tables = await aftermath.check(world)
    assert [request.state for request in tables.requests] == ["done"]
    assert len(tables.attempts) == (1 if trouble in DONE else 2)


async def test_a_carrier_that_never_takes_a_text_is_given_up_after_half_a_day(world: World) -> None:
    world.simulator.mischief.add("/Messages", Fail(429), times=10_000)
    await world.text(LUCAS, "je voudrais un acte de naissance")
    await world.move(timedelta(hours=11))
    assert [text.state for text in (await world.tables()).sent] == ["pending"]
    await world.move(timedelta(hours=2))
    (text,) = (await aftermath.check(world)).sent
    assert text.state == "failed"
    assert world.simulator.texts_to(LUCAS) == ()


async def test_jobs_that_the_queue_has_lost_are_handed_over_again(world: World) -> None:
    world.workshop.lost = 2
    await world.text(LUCAS, "je voudrais un acte de naissance")
    assert [text.state for text in (await world.tables()).sent] == ["pending"]
    await world.move(timedelta(seconds=61))
    await world.settled()
    assert [text.state for text in (await aftermath.check(world)).sent] == ["delivered"]
