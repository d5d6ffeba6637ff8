import asyncio
import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from guichet.callbacks.request import RequestState
from guichet.carrier.simulator.parties import Answers
from guichet.console.board import AT_RISK, WEEKS, Boards, usual_day
from guichet.console.role import Role
from guichet.core.ids import AgentId
from guichet.routing.measures import Key, Measures
from tests.console.browsing import Visitor, signed_in
from tests.console.units import account
from tests.journeys.people import AHMED, CATHERINE, CLAIRE, accepts, agent, keys, person, says
from tests.journeys.world import World

PARIS = ZoneInfo("Europe/Paris")


def birth() -> Answers:
    return person(
        ("Dites en une phrase", says("je voudrais un acte de naissance")), ("date de naissance", keys("03031985"))
    )


@pytest.fixture
async def sam(any_world: World) -> Visitor:
    return await signed_in(any_world, account("sam", role=Role.SUPERVISOR))


async def test_the_board_shows_who_waits_where_how_long_and_who_serves(any_world: World, sam: Visitor) -> None:
    world = any_world
    assert "Personne n’attend." in (await sam.go("/console/board")).words
    await world.call(CATHERINE, birth())
    await world.text(AHMED, "mon badge de cantine")
    await world.hire(agent("claire", CLAIRE), accepts())
    world.clock.move(timedelta(minutes=7))
    page = await sam.go("/console/board")
    assert "État civil et élections rappel 1 7 min" in page.words
    assert "1 Disponible" in page.words
    assert "Contacts aujourd’hui 2" in page.words
    assert '<svg class="chart"' in page.text


async def test_targets_at_risk_and_late_are_counted(any_world: World) -> None:
    world = any_world
    await world.call(CATHERINE, birth())
    boards = Boards(world.services.database.read, world.clock, lambda: PARIS)
    async with world.services.database.read() as unit:
        target = (await world.tables()).requests[0].target_at
        assert await unit.board.waiting(target - AT_RISK)
    world.clock.move(target - AT_RISK - world.clock.now())
    assert [(one.at_risk, one.late) for one in (await boards.now()).waiting] == [(0, 0)]
    world.clock.move(timedelta(seconds=1))
    assert [(one.at_risk, one.late) for one in (await boards.now()).waiting] == [(1, 0)]
    world.clock.move(AT_RISK)
    board = await boards.now()
    assert (board.all_waiting, board.at_risk, board.late) == (1, 0, 1)
    assert board.waiting[0].oldest == (await world.tables()).requests[0].opened_at
    assert (await world.tables()).requests[0].state == RequestState.WAITING


async def test_today_stands_beside_the_same_weekday_of_the_weeks_before(any_world: World) -> None:
    world = any_world
    hour = world.clock.now().astimezone(PARIS).hour
    for _ in range(WEEKS):
        await world.call(CATHERINE, birth())
        world.clock.move(timedelta(weeks=1))
    boards = Boards(world.services.database.read, world.clock, lambda: PARIS)
    figures = (await boards.now()).figures
    assert figures.usual[hour] == 1.0
    assert figures.usual[hour - 1] == 0.0
    # The clocks have gone forward meanwhile.
    assert figures.hours[hour + 1] == 0
    assert figures.hours[hour + 2] is None
    assert figures.usual_so_far == 1.0


def test_a_usual_day_is_made_of_the_days_that_had_contacts() -> None:
    busy: dict[Key, Measures] = {9: Measures(contacts=4), 10: Measures(contacts=2)}
    calm: dict[Key, Measures] = {9: Measures(contacts=2)}
    assert usual_day([{}, busy, calm])[9:12] == (3.0, 1.0, 0.0)
    assert usual_day([{}, {}]) == (None,) * 24


async def test_the_board_is_renewed_within_two_seconds_and_only_when_it_differs(any_world: World, sam: Visitor) -> None:
    world = any_world
    cookie = "; ".join(f"{name}={value}" for name, value in sam.cookies.items())
    async with world.http.get(f"{world.base}/console/board/live", headers={"Cookie": cookie}) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"

        async def state() -> str:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    return str(json.loads(line.removeprefix(b"data: ")))
            raise AssertionError("the stream has ended")

        async with asyncio.timeout(20):
            assert "Personne n’attend." in await state()
            await world.call(CATHERINE, birth())
            world.clock.move(timedelta(seconds=2))
            shown = await state()
            while "État civil" not in shown:
                shown = await state()


async def test_an_agent_does_not_see_the_board(any_world: World) -> None:
    assert (await (await signed_in(any_world)).go("/console/board")).status == 403


async def test_an_agents_call_for_help_is_on_the_board_until_somebody_looks_after_it(
    any_world: World, sam: Visitor
) -> None:
    world = any_world
    await world.call(CATHERINE, birth())
    await world.hire(agent("claire", CLAIRE), accepts())
    claire = await signed_in(world, account("claire", name="Claire", agent=AgentId("agent_claire")))
    assert "Aucun agent n’appelle à l’aide." in (await sam.go("/console/board")).words
    (request,) = (await world.tables()).requests
    await claire.go(f"/console/cases/{request.id}/take", {})
    await claire.go(f"/console/cases/{request.id}/flag", {"kind": "help"})
    world.clock.move(timedelta(seconds=2))
    page = await sam.go("/console/board")
    assert f"Claire demande de l’aide , État civil et élections, {request.reference}" in page.words
    eve = await signed_in(world, account("eve", role=Role.AUDITOR))
    seen = await eve.go("/console/board")
    assert request.reference in seen.words
    assert "/console/cases/" not in seen.text
    settle = re.search(r"/console/flags/help_[0-9a-z]+/settle", page.text)
    assert settle
    assert "/settle" not in seen.text
    await sam.go(settle[0], {})
    world.clock.move(timedelta(seconds=2))
    assert "Aucun agent n’appelle à l’aide." in (await sam.go("/console/board")).words
