"""Callbacks on the whole gateway and the simulated carrier: real webhooks, real TwiML, real jobs."""

from datetime import timedelta

import pytest

from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.parties import Answers, Busy, HangUp, Machine, NoAnswer, Party, Press, Unreachable
from guichet.routing.agent import Presence
from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, CLAIRE, LINE, LUCAS, accepts, agent, declines, keys, person, says
from tests.journeys.world import World

CERTIFICATE = (
    ("Dites en une phrase", says("je voudrais un acte de naissance")),
    ("date de naissance", keys("03031985")),
)
PICKS_UP = Answers([Press("1"), HangUp(40.0)], ring=4)


def callbacks(world: World) -> list[CallRecord]:
    """Return the calls to citizens."""
    return [call for call in world.simulator.calls if call.direction == "outbound-dial"]


async def asked(world: World, number: str = CATHERINE, party: Party = PICKS_UP) -> None:
    """Let a citizen ask to be called back, and hang up."""
    await world.call(number, person(*CERTIFICATE))
    world.simulator.party(number, party)
    await world.move(timedelta(minutes=1))


async def at_work(world: World, party: Party | None = None) -> None:
    """Let an agent sign in, and the gateway look around."""
    await world.hire(agent("claire", CLAIRE), party or accepts(talk=60))
    await look(world)


async def look(world: World) -> None:
    """Let the gateway look around, as it does every few seconds."""
    await world.services.offering.look()
    await world.services.offering.warn()
    await world.settled()


async def test_who_asked_to_be_called_back_is_called_back_agent_first(any_world: World) -> None:
    world = any_world
    await asked(world)
    await at_work(world)
    (leg,), (call,) = world.agents_calls, callbacks(world)
    assert any("Rappel à faire. Catherine Martin attend depuis" in said for said in leg.log.said)
    assert (call.to, call.from_) == (CATHERINE, LINE)
    assert call.log.said[0] == "Bonjour. La mairie de Valmont-sur-Lise vous rappelle, comme vous l'avez demandé."
    assert "Martin" not in " ".join(call.log.said)
    assert leg.log.of(Kind.BRIDGED)
    await world.move(timedelta(minutes=1))
    tables = await aftermath.check(world)
    assert [request.state for request in tables.requests] == ["done"]
    (attempt,) = tables.attempts
    assert (attempt.state, attempt.call, attempt.citizen_call) == ("ended", leg.sid, call.sid)
    assert [claire.presence for claire in tables.agents] == ["available"]


@pytest.mark.parametrize(
    ("party", "why", "minutes"),
    [
        (Busy(), "busy", 5),
        (NoAnswer(), "no_answer", 30),
        (Unreachable(), "failed", 5),
        (Machine(), "machine", 60),
        (Answers([Press("2")]), "not_now", 120),
        (Answers([Press("3")]), "wrong_person", 24 * 60),
    ],
)
async def test_who_is_not_reached_is_called_again_once_the_time_has_come(
    world: World, party: Party, why: str, minutes: int
) -> None:
    await asked(world, party=party)
    await at_work(world)
    assert not callbacks(world)[0].log.of(Kind.BRIDGED)
    (attempt,) = (await world.tables()).attempts
    assert (attempt.state, attempt.result) == ("failed", why)
    world.simulator.party(CATHERINE, PICKS_UP)
    await world.move(timedelta(minutes=minutes - 1))
    await look(world)
    assert len(callbacks(world)) == 1
    await world.move(timedelta(hours=3) if minutes > 100 else timedelta(minutes=1))
    await look(world)
    if minutes < 24 * 60:
        assert callbacks(world)[-1].log.of(Kind.BRIDGED)
    tables = await aftermath.check(world, forgiven=["the machine"])
    assert len(callbacks(world)) == len(tables.attempts)


async def test_the_machine_hears_no_more_than_who_calls(world: World) -> None:
    await asked(world, party=Machine())
    await at_work(world)
    (call,) = callbacks(world)
    assert "Martin" not in " ".join(call.log.said)
    assert "naissance" not in " ".join(call.log.said)
    assert not call.log.of(Kind.BRIDGED)


async def test_an_agent_who_declines_leaves_the_citizen_to_the_next(world: World) -> None:
    await asked(world)
    await at_work(world, declines())
    assert callbacks(world) == []
    await world.move(timedelta(seconds=31))
    await world.presence("claire", Presence.AWAY)
    await world.settled()
    tables = await aftermath.check(world)
    assert [request.state for request in tables.requests] == ["waiting"]


async def test_a_warning_goes_before_the_call_once_and_names_the_number(world: World) -> None:
    await asked(world)
    await world.move(timedelta(minutes=12))
    await world.hire(agent("claire", CLAIRE), accepts(talk=60))
    await world.presence("claire", Presence.WRAP_UP)
    for _ in range(3):
        await look(world)
        await world.move(timedelta(seconds=20))
    warnings = [text.body for text in (await world.tables()).sent if "quelques minutes" in text.body]
    assert len(warnings) == 1
    assert "depuis le 01 99 00 10 10" in warnings[0]
    assert callbacks(world) == []
    await world.presence("claire", Presence.AVAILABLE)
    await look(world)
    assert len(callbacks(world)) == 1


async def test_a_callback_moved_by_text_is_made_then(world: World) -> None:
    await asked(world, LUCAS)
    await world.text(LUCAS, "DEPLACER demain après 14h")
    await at_work(world)
    assert callbacks(world) == []
    await world.move(timedelta(days=1, hours=3))
    assert callbacks(world) == []
    await world.move(timedelta(hours=2))
    await look(world)
    assert [call.to for call in callbacks(world)] == [LUCAS]
    tables = await aftermath.check(world)
    assert [request.state for request in tables.requests] == ["done"]


async def test_who_is_served_on_the_line_is_not_called_back(world: World) -> None:
    await asked(world)
    await world.hire(agent("claire", CLAIRE), accepts(talk=60))
    await world.call(CATHERINE, person(("Dites en une phrase", says("je veux parler à quelqu'un pour mon acte"))))
    await look(world)
    assert len({request.id for request in (await world.tables()).open_requests}) <= 1
