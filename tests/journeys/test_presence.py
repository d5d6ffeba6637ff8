"""The day of an agent: rung, talking, writing up, paused, absent; over real HTTP, with a simulated carrier."""

from datetime import timedelta

from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.parties import NoAnswer
from guichet.core.ids import AgentId
from guichet.core.phone import PhoneNumber
from guichet.core.telephone import telephone
from guichet.routing.agent import Presence
from tests.journeys import aftermath
from tests.journeys.people import AHMED, BRUNO, CATHERINE, CLAIRE, accepts, agent, keys, person, says
from tests.journeys.world import World

MOBILE = "+33639982001"
AGENT = ("Dites en une phrase", says("un agent"))
WAITS = ("tapez 1", keys("1"))


async def test_an_agent_writes_up_asks_for_a_pause_and_comes_back(any_world: World) -> None:
    world = any_world
    presences = world.services.presences
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.call(CATHERINE, person(AGENT))
    async with world.services.database.read() as unit:
        claire = await unit.agents.get(AgentId("agent_claire"))
    assert (claire.presence, claire.until) == (Presence.WRAP_UP, world.clock.now() + timedelta(seconds=30))
    await presences.lengthen(claire.id)
    await world.move(timedelta(seconds=31))
    await presences.say(claire.id, Presence.PAUSE, "Repas")
    await world.call(AHMED, person(AGENT, WAITS))
    await presences.say(claire.id, Presence.AVAILABLE)
    await world.move(timedelta(minutes=1))
    await world.settled()
    tables = await aftermath.check(world)
    (attempt,) = [one for one in tables.attempts if one.wrapped_up_at]
    assert (attempt.wrapped_up_at - attempt.ended_at) == timedelta(seconds=31)
    assert len(world.agents_calls) == 2


async def test_an_agent_whose_telephone_is_not_answered_twice_is_told_by_text(any_world: World) -> None:
    world = any_world
    await world.hire(agent("claire", MOBILE), NoAnswer())
    await world.call(CATHERINE, person(AGENT, WAITS))
    await world.move(timedelta(minutes=1))
    await world.settled()
    tables = await aftermath.check(world)
    (claire,) = tables.agents
    assert (claire.presence, claire.reason) == ("away", "missed")
    (told,) = [text for text in tables.sent if text.number == MOBILE]
    assert told.state == "delivered"


async def test_an_agent_on_the_network_of_the_administration_is_rung_at_their_sip_address(world: World) -> None:
    desk = telephone("sip:bruno@mairie.example")
    bruno = agent("bruno", BRUNO).evolve(phone=desk)
    world.simulator.party(desk.address, accepts())
    async with world.services.database.begin() as unit:
        await unit.agents.add(bruno)
    call = await world.call(CATHERINE, person(AGENT))
    assert call.log.of(Kind.BRIDGED)
    assert [leg.to for leg in world.agents_calls] == [desk.address]
    assert PhoneNumber.maybe(desk.address) is None
    await aftermath.check(world)
