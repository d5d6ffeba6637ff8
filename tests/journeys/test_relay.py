"""A call from a text relay service: recognised by its number, met with patience, told to the agent."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from guichet.carrier.simulator.log import Kind
from guichet.routing.rule_book import SAMPLE, RuleBook
from tests.journeys import aftermath
from tests.journeys.people import CLAIRE, STRANGER, accepts, agent, person, says
from tests.journeys.world import World, open_world

RELAY = "+33639989909"
RULES = RuleBook.parse(SAMPLE.read_text("utf-8") + f'relais: {{numeros: ["{RELAY}"], entetes: [X-Relay]}}\n')


@pytest.fixture
async def world(any_database: str, tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(any_database, tmp_path, rules=RULES) as running:
        yield running


async def test_the_agent_is_told_that_a_relay_service_speaks(world: World) -> None:
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.call(RELAY, person(("Dites en une phrase", says("je veux parler à un agent"))))
    (leg,) = world.agents_calls
    assert any("Un service relais parle pour cette personne" in said for said in leg.log.said)
    assert leg.log.of(Kind.BRIDGED)
    tables = await aftermath.check(world)
    assert [request.relayed for request in tables.requests] == [True]


async def test_whoever_types_is_asked_again_more_often_than_others(world: World) -> None:
    relayed = await world.call(RELAY, person())
    other = await world.call(STRANGER, person())
    asked = [sum("Dites en une phrase" in said for said in call.log.said) for call in (relayed, other)]
    assert asked[0] > asked[1] > 0
    (first, second) = (await aftermath.check(world)).requests
    assert (first.relayed, second.relayed) == (True, False)
