"""On hold: the agent's telephone rings in vain, is declined or answered; the caller waits, leaves or goes."""

from datetime import timedelta

import pytest

from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.parties import (
    Action,
    Answers,
    Busy,
    HangUp,
    Machine,
    Moment,
    NoAnswer,
    Party,
    Press,
    Unreachable,
)
from guichet.core.ids import AgentId
from guichet.routing.agent import Presence
from tests.journeys import aftermath
from tests.journeys.people import (
    AHMED,
    BRUNO,
    CATHERINE,
    CLAIRE,
    LUCAS,
    accepts,
    agent,
    declines,
    keys,
    person,
    says,
)
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World

AGENT = ("Dites en une phrase", says("un agent"))
MUSIC = "attente.wav"


@in_both_voices
async def test_who_presses_one_on_hold_is_called_back_and_keeps_their_place(any_world: World) -> None:
    world = any_world
    await world.hire(agent("claire", CLAIRE), Answers([], ring=10_000))
    first, carried = world.ring(CATHERINE, person(AGENT, ("tapez 1", keys("1"))))
    await carried
    await world.settled()
    assert any("Vous êtes le prochain." in text for text in first.log.said)
    assert any("Vous gardez votre place." in text for text in first.log.said)
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.kind, request.state, request.held_since) == ("callback", "waiting", request.opened_at)
    assert [text.state for text in tables.sent] == ["delivered"]
    assert tables.contacts[0].outcome == "callback"


@in_both_voices
async def test_callers_on_hold_hear_where_they_stand(world: World) -> None:
    await world.hire(agent("claire", CLAIRE), NoAnswer())
    first, one = world.ring(CATHERINE, person(AGENT))
    await world.until_said(first, "Vous êtes le prochain.")
    await world.settled()
    await world.presence("claire", Presence.AVAILABLE)
    await world.move(timedelta(seconds=1))
    second, two = world.ring(AHMED, person(AGENT, ("Pour être rappelé sans attendre", keys("1"))))
    await two
    # While a phone rings for the first, the second is next.
    stands = ("Une personne est avant vous.", "Vous êtes le prochain.")
    assert any(told in text for text in second.log.said for told in stands)
    await world.settled()
    world.simulator.party(CLAIRE, accepts())
    await world.presence("claire", Presence.AVAILABLE)
    await world.move(timedelta(seconds=10))
    await one
    await world.settled()
    assert first.log.of(Kind.BRIDGED)
    tables = await aftermath.check(world)
    assert sorted(request.state for request in tables.requests) == ["done", "waiting"]


@in_both_voices
@pytest.mark.parametrize(
    "unwilling",
    [declines(), Answers([], ring=2), NoAnswer(), Busy(), Unreachable(), Machine()],
    ids=lambda party: type(party).__name__,
)
async def test_when_an_agent_does_not_take_the_call_the_next_one_does(any_world: World, unwilling: Party) -> None:
    world = any_world
    await world.hire(agent("claire", CLAIRE), unwilling)
    await world.move(timedelta(seconds=1))
    await world.hire(agent("bruno", BRUNO), accepts())
    call = await world.call(CATHERINE, person(AGENT))
    asked, taken = world.agents_calls
    assert (asked.to, taken.to) == (CLAIRE, BRUNO)
    assert not asked.log.of(Kind.BRIDGED)
    assert len(taken.log.of(Kind.BRIDGED)) == 1
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.state, request.agent) == ("done", "agent_bruno")
    assert [attempt.state for attempt in tables.attempts] == ["failed", "ended"]


@in_both_voices
async def test_a_machine_that_answers_for_an_agent_never_gets_the_citizen(world: World) -> None:
    await world.hire(agent("claire", CLAIRE), Machine(seconds=3, records=30))
    call, carried = world.ring(CATHERINE, person(AGENT, *[("tapez 1", keys("1"))]))
    await carried
    await world.settled()
    assert not call.log.of(Kind.BRIDGED)
    assert not any(leg.log.of(Kind.BRIDGED) for leg in world.agents_calls)
    tables = await aftermath.check(world)
    assert tables.requests[0].kind == "callback"


@in_both_voices
async def test_whom_no_agent_has_taken_in_twenty_minutes_is_called_back_at_their_place(any_world: World) -> None:
    world = any_world
    await world.hire(agent("claire", CLAIRE), NoAnswer())
    call, carried = world.ring(CATHERINE, person(AGENT))
    await world.until_said(call, "Vous êtes le prochain.")
    await world.settled()
    await world.busy("claire")
    await world.move(timedelta(minutes=10))
    await world.until_round(call)
    assert not carried.done()
    await world.move(timedelta(minutes=11))
    await carried
    await world.settled()
    assert any("Vous gardez votre place." in text for text in call.log.said), call.log.said
    async with world.services.database.begin() as unit:
        await unit.agents.change(AgentId("agent_claire"), Presence.BUSY, Presence.AWAY, world.clock.now())
    tables = await aftermath.check(world)
    (request,) = tables.requests
    assert (request.kind, request.state) == ("callback", "waiting")
    assert tables.sent[0].state == "delivered"


@in_both_voices
async def test_an_agent_who_hangs_up_in_the_middle_of_the_whisper_has_missed_it(world: World) -> None:
    await world.hire(agent("claire", CLAIRE), Answers([HangUp(1.0)], ring=2))
    await world.move(timedelta(seconds=1))
    await world.hire(agent("bruno", BRUNO), accepts())
    call = await world.call(CATHERINE, person(AGENT))
    assert call.log.of(Kind.BRIDGED)
    await aftermath.check(world)


@in_both_voices
async def test_an_agent_who_hangs_up_in_mid_conversation_ends_it_kindly(world: World) -> None:
    await world.hire(agent("claire", CLAIRE), accepts(talk=3.0))
    call = await world.call(CATHERINE, person(AGENT))
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    tables = await aftermath.check(world)
    assert (tables.requests[0].state, tables.agents[0].presence) == ("done", "wrap_up")


@in_both_voices
async def test_an_agent_is_available_again_after_writing_the_call_up(world: World) -> None:
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.call(CATHERINE, person(AGENT))
    await world.move(timedelta(seconds=31))
    tables = await aftermath.check(world)
    assert tables.agents[0].presence == "available"


@in_both_voices
async def test_an_agent_who_accepts_and_hangs_up_before_the_bridge_loses_nobody(world: World) -> None:
    await world.hire(agent("claire", CLAIRE), Answers([Press("1"), HangUp(0.0, Moment.WEBHOOK)], ring=2))
    await world.move(timedelta(seconds=1))
    await world.hire(agent("bruno", BRUNO), accepts())
    call = await world.call(CATHERINE, person(AGENT))
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    await aftermath.check(world)


HOUSING = says("j'ai besoin d'aide pour mon dossier de logement social")
BORN = says("le trois mars mille neuf cent quatre-vingt-cinq")


@in_both_voices
@pytest.mark.parametrize("at", [moment for moment in Moment if moment is not Moment.RECORDING])
@pytest.mark.parametrize("answered", [0, 2])
async def test_a_citizen_may_hang_up_at_any_moment(world: World, at: Moment, answered: int) -> None:
    await world.hire(agent("claire", CLAIRE), accepts(talk=60))
    script: list[Action] = [*(HOUSING, BORN)[:answered]]
    if at in {Moment.SPEAKING, Moment.PRESSING}:
        script.append(BORN if at is Moment.SPEAKING else keys("0303"))
    call = await world.call(CATHERINE, [*script, HangUp(0.0, at)])
    tables = await aftermath.check(world)
    assert call.ended_by in {"person", ""}
    assert len(tables.contacts) <= 1
    assert len(tables.sent) <= 1
    assert not any(leg.log.of(Kind.BRIDGED) for leg in world.agents_calls) or call.log.of(Kind.BRIDGED)


@in_both_voices
async def test_who_hangs_up_on_hold_is_forgotten_and_the_agent_let_go(any_world: World) -> None:
    world = any_world
    await world.hire(agent("claire", CLAIRE), Answers([], ring=10_000))
    call = await world.call(LUCAS, person(AGENT, ("Vous êtes le prochain", HangUp(5.0))))
    assert call.ended_by == "person"
    tables = await aftermath.check(world)
    (request,), (contact,), (claire,) = tables.requests, tables.contacts, tables.agents
    assert (request.state, contact.outcome) == ("cancelled", "abandoned")
    assert claire.presence in {"available", "away"}
