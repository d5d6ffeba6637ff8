"""A call from a text relay service: recognised by its number, put through unasked, given time, told to the agent."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.parties import Answers, HangUp, Press
from guichet.routing.rule_book import SAMPLE, RuleBook
from tests.journeys import aftermath
from tests.journeys.people import CLAIRE, STRANGER, accepts, agent, keys, person, says
from tests.journeys.world import World, open_world

RELAY = "+33639989909"
OWN_NUMBER = "+33639981019"
OTHERS_NUMBER = "+33639981029"
CERTIFICATE = ("Dites en une phrase", says("je voudrais un acte de naissance"))
NAMELESS = ("Quel est votre nom", keys("2"))
RELAYS = f'relais: {{numeros: ["{RELAY}"], entetes: [X-Relay]'
RULES = RuleBook.parse(SAMPLE.read_text("utf-8") + RELAYS + "}\n")
ASKING = RuleBook.parse(SAMPLE.read_text("utf-8") + RELAYS + ", personne: non}\n")


@pytest.fixture
async def world(any_database: str, tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(any_database, tmp_path, rules=RULES) as running:
        yield running


@pytest.fixture
async def asking(any_database: str, tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(any_database, tmp_path, rules=ASKING) as running:
        yield running


async def test_a_relay_service_is_put_through_without_a_word_and_the_agent_is_told(world: World) -> None:
    await world.hire(agent("claire", CLAIRE), accepts())
    call = await world.call(RELAY, person())
    said = " ".join(call.log.said)
    assert "Vous appelez par un service relais : nous vous passons un agent." in said
    assert "Dites en une phrase" not in said
    (leg,) = world.agents_calls
    assert any("Un service relais parle pour cette personne" in said for said in leg.log.said)
    assert leg.log.of(Kind.BRIDGED)
    (request,) = (await aftermath.check(world)).requests
    assert (request.relayed, request.number, request.state) == (True, None, "done")


async def test_where_the_counter_is_closed_they_are_asked_and_have_a_minute_more(asking: World) -> None:
    world = asking
    relayed = await world.call(RELAY, person(("Dites en une phrase", HangUp(50.0))))
    other = await world.call(STRANGER, person(("Dites en une phrase", HangUp(50.0))))
    asked = [sum("Dites en une phrase" in said for said in call.log.said) for call in (relayed, other)]
    assert asked[0] == 1 < asked[1]
    await aftermath.check(world)


async def test_two_who_call_by_one_service_are_two_and_are_called_at_their_own_numbers(asking: World) -> None:
    world = asking
    for number in (OWN_NUMBER, OTHERS_NUMBER):
        own = ("il nous faut votre numéro", keys(f"0{number.removeprefix('+33')}"))
        await world.call(RELAY, person(CERTIFICATE, NAMELESS, own))
    requests = (await aftermath.check(world)).requests
    assert [(one.number, one.relayed, one.reminders) for one in requests] == [
        (OWN_NUMBER, True, 0),
        (OTHERS_NUMBER, True, 0),
    ]


async def test_who_is_called_back_by_a_relay_has_a_minute_to_press_a_key(asking: World) -> None:
    world = asking
    own = ("il nous faut votre numéro", keys(f"0{OWN_NUMBER.removeprefix('+33')}"))
    await world.call(RELAY, person(CERTIFICATE, NAMELESS, own))
    world.simulator.party(OWN_NUMBER, Answers([Press("w" * 90 + "1"), HangUp(40.0)], ring=4))
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.move(timedelta(minutes=5))
    await world.settled()
    (leg,) = world.agents_calls
    assert leg.log.of(Kind.BRIDGED)
