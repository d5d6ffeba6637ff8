"""What agents do while they talk, on the whole gateway, with a citizen who takes their time."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from guichet.callbacks.flag import Incivility
from guichet.carrier.simulator.log import Event, Kind
from guichet.routing.agent import Presence
from tests.console.browsing import Visitor
from tests.console.cases import requests, serving
from tests.console.test_desk_pages import case, done, presence_of
from tests.journeys.conftest import copy_of
from tests.journeys.people import BRUNO, CATHERINE, accepts, agent, person, says
from tests.journeys.world import World, open_world

AGENT = ("Dites en une phrase", says("un agent"))
FOR_EVER = 1_000_000.0


@pytest.fixture
async def slow_world(first_day: Path, tmp_path: Path) -> AsyncIterator[World]:
    """Open a gateway whose callers talk in their own time."""
    async with open_world(copy_of(first_day, tmp_path), tmp_path, speed=1000.0) as running:
        yield running


async def talking(world: World) -> Visitor:
    """Return the browser of Claire, who talks with Catherine for as long as she likes."""
    claire = await serving(world, party=accepts(talk=FOR_EVER), presence="available")
    call, _ = world.ring(CATHERINE, person(AGENT))
    await world.until(call, _is_bridged)
    return claire


def _is_bridged(event: Event) -> bool:
    return event.kind is Kind.BRIDGED


async def test_a_conversation_is_passed_on_from_its_page(slow_world: World) -> None:
    world = slow_world
    claire = await talking(world)
    await world.hire(agent("bruno", BRUNO, "social"), accepts(talk=30.0))
    (request,) = await requests(world)
    page = await claire.go(case(request))
    assert "en conversation" in page.words
    assert (await claire.go(case(request, "/pass"), {"to": "queue:nowhere", "word": ""})).status == 400
    page = await claire.go(case(request, "/pass"), {"to": "queue:social", "word": "Demande une aide."})
    assert "La conversation est passée." in page.words
    await world.settled()
    (request,) = await requests(world)
    assert (request.queue, request.state.value) == ("social", "done")
    assert "conversation.passed_on" in await done(world)


async def test_a_conversation_is_passed_on_to_a_colleague_by_name(slow_world: World) -> None:
    world = slow_world
    claire = await talking(world)
    await world.hire(agent("bruno", BRUNO, "social"), accepts(talk=30.0))
    (request,) = await requests(world)
    page = await claire.go(case(request))
    assert '<option value="agent:agent_bruno">Bruno</option>' in page.text
    assert "agent:agent_claire" not in page.text
    page = await claire.go(case(request, "/pass"), {"to": "agent:agent_bruno", "word": "Connaît le dossier."})
    assert "La conversation est passée." in page.words
    await world.settled()
    async with world.services.database.read() as unit:
        tried = [event.cause.actor for event in await unit.requests.events_of(request.id)]
    assert "agent_bruno" in tried


async def test_who_is_not_free_any_more_is_passed_nobody_and_the_word_stays(slow_world: World) -> None:
    world = slow_world
    claire = await talking(world)
    await world.hire(agent("bruno", BRUNO, "social"), accepts(talk=30.0))
    await world.presence("bruno", Presence.PAUSE)
    (request,) = await requests(world)
    page = await claire.go(case(request))
    assert "agent:agent_bruno" not in page.text
    page = await claire.go(case(request, "/pass"), {"to": "agent:agent_bruno", "word": "Connaît le dossier."})
    assert "La conversation n’a pas été passée" in page.words
    assert 'value="Connaît le dossier."' in page.text
    (request,) = await requests(world)
    assert request.state.value == "talking"


async def test_an_abusive_call_is_flagged_and_ended(slow_world: World) -> None:
    world = slow_world
    claire = await talking(world)
    (request,) = await requests(world)
    await claire.go(case(request))
    page = await claire.go(case(request, "/flag"), {"kind": "incivility", "what": "threat"})
    assert "Signalé pour menaces" in page.words
    assert (await claire.go(case(request, "/flag"), {"kind": "incivility", "what": "nothing"})).status == 400
    page = await claire.go(case(request, "/flag"), {"kind": "end", "what": "insult"})
    assert "L’appel est terminé, la personne est avertie." in page.words
    await world.settled()
    assert await presence_of(world) is Presence.WRAP_UP
    flags = await world.services.incivilities.seen_with(request.id)
    assert {one.kind for one in flags} == {Incivility.THREAT, Incivility.INSULT}
    page = await claire.go("/console/desk/presence", {"presence": "longer"})
    assert "Plus de temps" not in page.words
    page = await claire.go("/console/desk/presence", {"presence": "written_up"})
    assert await presence_of(world) is Presence.AVAILABLE


async def test_who_talks_gets_the_pause_they_ask_for_afterwards(slow_world: World) -> None:
    world = slow_world
    claire = await talking(world)
    await claire.go("/console/desk")
    page = await claire.go("/console/desk/presence", {"presence": "pause", "reason": "Repas"})
    assert "puis en pause" in page.words
    assert await presence_of(world) is Presence.BUSY
