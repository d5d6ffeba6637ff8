"""A conversation passed on to another agent, over real HTTP and a simulated carrier whose people take their time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from guichet.callbacks.flag import Incivility
from guichet.callbacks.passing_on import ToQueue
from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.log import Event, Kind
from guichet.core.ids import AgentId, RequestId
from guichet.routing.agent import Presence
from tests.journeys import aftermath
from tests.journeys.conftest import copy_of
from tests.journeys.people import BRUNO, CATHERINE, CLAIRE, accepts, agent, keys, person, says
from tests.journeys.world import World, open_world

AGENT = ("Dites en une phrase", says("un agent"))
SPEED = 1000.0
"""Simulated seconds in a real one: the first conversation would last for longer than any test."""
FOR_EVER = 1_000_000.0


@pytest.fixture
async def slow_world(first_day: Path, tmp_path: Path) -> AsyncIterator[World]:
    """Open a gateway whose callers talk in their own time."""
    async with open_world(copy_of(first_day, tmp_path), tmp_path, speed=SPEED) as running:
        yield running


def talks(event: Event) -> bool:
    return event.kind is Kind.BRIDGED


async def passed_on(world: World, call: CallRecord, note: str) -> RequestId:
    """Let Claire pass a conversation on to the queue of Bruno."""
    await world.until(call, talks)
    tables = await world.tables()
    (request,) = tables.open_requests
    await world.services.passing_on.pass_on(RequestId(request.id), AgentId("agent_claire"), ToQueue("social"), note)
    return RequestId(request.id)


async def test_a_caller_is_passed_on_to_another_queue_and_served_there(slow_world: World) -> None:
    world = slow_world
    await world.hire(agent("claire", CLAIRE, "accueil"), accepts(talk=FOR_EVER))
    await world.hire(agent("bruno", BRUNO, "social"), accepts(talk=30.0))
    call, carried = world.ring(CATHERINE, person(AGENT))
    request = await passed_on(world, call, "Demande une aide.")
    await carried
    await world.settled()
    tables = await aftermath.check(world)
    assert [one.to for one in world.agents_calls] == [CLAIRE, BRUNO]
    assert any("De la part de Claire. Demande une aide." in text for text in world.agents_calls[1].log.said)
    assert any("Je vous passe la personne" in text for text in call.log.said)
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    (row,) = [one for one in tables.requests if one.id == request]
    assert (row.state, row.queue, row.passed_by) == ("done", "social", "agent_claire")
    assert {one.result for one in tables.attempts} == {"passed on", "talked"}
    assert {one.presence for one in tables.agents} == {"wrap_up"}
    assert tables.contacts[0].outcome == "agent"


async def test_nobody_being_there_who_is_passed_on_may_be_called_back_at_their_place(slow_world: World) -> None:
    world = slow_world
    await world.hire(agent("claire", CLAIRE, "accueil"), accepts(talk=FOR_EVER))
    call, carried = world.ring(CATHERINE, person(AGENT, ("Je vous passe la personne", keys("1"))))
    request = await passed_on(world, call, "")
    await carried
    await world.settled()
    tables = await aftermath.check(world)
    (row,) = [one for one in tables.requests if one.id == request]
    assert (row.state, row.kind, row.queue) == ("waiting", "callback", "social")
    assert tables.agents[0].presence == Presence.WRAP_UP


async def test_an_abusive_call_is_ended_with_a_warning_and_the_next_agent_sees_the_flag(slow_world: World) -> None:
    world = slow_world
    await world.hire(agent("claire", CLAIRE, "accueil"), accepts(talk=FOR_EVER))
    call, carried = world.ring(CATHERINE, person(AGENT))
    await world.until(call, talks)
    (request,) = (await world.tables()).open_requests
    incivilities = world.services.incivilities
    await incivilities.end_call(RequestId(request.id), AgentId("agent_claire"), Incivility.INSULT)
    await carried
    await world.settled()
    assert call.log.said[-1].startswith("Ces propos ne permettent pas de poursuivre cet échange.")
    tables = await aftermath.check(world)
    (row,) = tables.open_requests
    assert (row.id, row.kind, row.state) == (request.id, "text", "waiting")
    assert tables.contacts[0].outcome == "agent"
    assert [one.kind for one in await incivilities.seen_with(RequestId(request.id))] == [Incivility.INSULT]
    await world.hire(agent("bruno", BRUNO, "accueil"), accepts(talk=30.0))
    again = await world.call(CATHERINE, person(AGENT))
    whispered = next(leg for leg in world.agents_calls if leg.to == BRUNO).log.said[0]
    assert whispered.startswith("Attention, personne signalée")
    assert again.log.of(Kind.BRIDGED), "who is flagged is served all the same"
