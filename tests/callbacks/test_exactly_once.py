"""Never two calls to a citizen for one attempt, never none: whatever comes late, twice, never, or dies on the way."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guichet.callbacks.request import Request, RequestState
from guichet.callbacks.retries import missed_ones
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Presence
from tests.callbacks.desk import CallDesk
from tests.callbacks.town import Killed, Line, Town
from tests.callbacks.world import NOON, agent

BRUNO = agent("Bruno", phone=PhoneNumber("+33145670002"), since=NOON + timedelta(seconds=1))
FAULTS = ("", "", "", "", "away", "killed before", "killed after", "in doubt, nothing done", "in doubt, but done")
DEEDS = ("jobs", "jobs", "post", "post", "agent", "agent", "citizen", "citizen", "talk", "time", "look", "hang up")
ROUNDS = 60


async def _one_deed(town: Town, deed: str) -> None:
    """Let the gateway or the carrier do something, or somebody on the telephone."""
    desk, draw = town.desk, town.draw
    match deed:
        case "jobs":
            await desk.jobs()
        case "post":
            await town.post()
        case "time":
            desk.clock.move(timedelta(seconds=draw((5, 20, 60, 300))))
        case "look":
            await desk.offering.look()
        case _ if town.open_legs:
            await _on_the_telephone(town, draw(town.open_legs), deed)
        case _:
            pass


async def _on_the_telephone(town: Town, leg: Line, deed: str) -> None:
    draw = town.draw
    if deed == "agent" and leg.child is None:
        await town.agent_acts(leg, draw(("1", "1", "1", "2", "")))
    elif deed == "citizen":
        await town.citizen_acts(leg, draw(("1", "1", "2", "silence", "busy", "no-answer", "failed")))
    elif deed == "talk":
        await town.talk_ends(leg, by_agent=draw((True, False)))
    elif deed == "hang up":
        town.end(leg)


async def _calm(town: Town, request: Request) -> Request:
    """Let everything go well until the request has ended."""
    desk = town.desk
    town.fault, town.draw, desk.before_commit = "", lambda choices: choices[0], lambda: None
    for _ in range(ROUNDS):
        while town.letters:
            await town.letters.pop(0)()
        await desk.jobs()
        for leg in list(town.open_legs):
            if leg.child is None:
                await town.agent_acts(leg, "1")
            await town.citizen_acts(leg, "1")
            await town.talk_ends(leg, by_agent=False)
        town.check()
        current = await desk.request(request)
        if not current.state.is_open and not town.letters:
            return current
        for one in list(desk.unit.agents.rows.values()):
            if one.presence is Presence.AWAY:
                desk.unit.agents.rows[one.id] = replace(one, presence=Presence.AVAILABLE)
        wait = current.not_before - desk.clock.now() if current.not_before else timedelta(0)
        desk.clock.move(max(wait, timedelta(seconds=50)))
        await desk.offering.look()
    return await desk.request(request)


async def _live(draw: Callable[[Sequence[Any]], Any], deeds: Sequence[str]) -> None:
    desk = CallDesk(agent(), BRUNO)
    town = Town(desk, draw)

    def before_commit() -> None:
        if draw((False,) * 14 + (True,)):
            raise Killed

    request = await desk.asks()
    desk.before_commit = before_commit
    for deed in deeds:
        town.fault = draw(FAULTS)
        with suppress(Killed):
            await _one_deed(town, deed)
        town.check()
    ended = await _calm(town, request)
    results = await desk.unit.attempts.results_of(request.id)
    tried_enough = len(missed_ones(results)) >= 4
    assert ended.state is RequestState.DONE or (ended.state is RequestState.EXHAUSTED and tried_enough)
    desk.clock.move(timedelta(minutes=10))
    await desk.jobs()
    stuck = {one.presence for one in desk.unit.agents.rows.values()} & {Presence.RINGING, Presence.BUSY}
    assert not stuck, "an agent is stuck"
    assert not town.open_legs, "a leg goes on for ever"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), deeds=st.lists(st.sampled_from(DEEDS), min_size=10, max_size=100))
def test_a_callback_is_made_exactly_once_whatever_goes_wrong(data: st.DataObject, deeds: list[str]) -> None:
    asyncio.run(_live(lambda choices: data.draw(st.sampled_from(list(choices))), deeds))
