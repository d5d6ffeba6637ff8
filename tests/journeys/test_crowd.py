"""Twenty people at once, on every line, by voice, keys and text."""

import asyncio

from guichet.carrier.simulator.log import Kind
from tests.journeys import aftermath
from tests.journeys.people import (
    BRUNO,
    CLAIRE,
    ENGLISH_LINE,
    LINE,
    accepts,
    agent,
    keys,
    person,
    says,
)
from tests.journeys.world import World


def _number(place: int) -> str:
    """Return the number of somebody in no record."""
    return f"+3363998{9100 + place}"


async def test_twenty_callers_at_once_are_each_served(any_world: World) -> None:
    world = any_world
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.hire(agent("bruno", BRUNO), accepts())
    silent = [(_number(place), LINE, person()) for place in range(4)]
    spoken = [
        (_number(4 + place), LINE, person(("Dites en une", says("je voudrais un acte")), ("votre nom", keys("2"))))
        for place in range(6)
    ]
    keyed = [
        (_number(10 + place), ENGLISH_LINE, person(("Say in one", keys("8")), ("press 1", keys("4"))))
        for place in range(6)
    ]
    agents = [
        (_number(16 + place), LINE, person(("Dites en une", keys("0")), ("tapez 1", keys("1")))) for place in range(4)
    ]
    calls = [world.ring(number, caller, line) for number, line, caller in (*silent, *spoken, *keyed, *agents)]
    texts = [world.simulator.text(_number(30 + place), LINE, "je voudrais un acte de naissance") for place in range(5)]
    await asyncio.gather(*(carried for _, carried in calls), *texts)
    await world.settled()
    tables = await aftermath.check(world)
    assert len(tables.contacts) == 25
    assert len(tables.requests) == 25
    bridged = [call for call, _ in calls if call.log.of(Kind.BRIDGED)]
    assert len(bridged) == len([request for request in tables.requests if request.state == "done"])
    assert all(len(leg.log.of(Kind.BRIDGED)) <= 1 for leg in world.agents_calls)


async def test_one_person_on_two_telephones_at_once_has_one_request(any_world: World) -> None:
    world = any_world
    answers = (
        ("Dites en une phrase", says("je voudrais un acte de naissance")),
        ("date de naissance", keys("03031985")),
    )
    calls = [world.ring("+33639981001", person(*answers)) for _ in range(5)]
    await asyncio.gather(*(carried for _, carried in calls))
    await world.settled()
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert request.reminders == 4
    assert len(tables.sent) == 1
