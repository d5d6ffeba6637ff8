"""The end of the demonstration: somebody comes to work, and the first caller is called back, agent first."""

import asyncio
import time
from collections.abc import Iterator

from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.parties import Answers, HangUp, Moment, Press
from guichet.core.clock import SystemClock
from guichet.core.ids import AgentId, new_id
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.demo.scenario import CALLED_BACK, CALLER_BACK
from guichet.gateway.demo.stage import Stage
from guichet.routing.agent import Agent, Presence

SECONDS = 40.0
"""Longest wait for the callback: a look around every few seconds, a job, two telephones."""
TALK_SECONDS = 6.0

_SHOWN = {Kind.SAID: "hears", Kind.PRESSED: "presses", Kind.BRIDGED: "is connected:"}


async def call_back(stage: Stage) -> tuple[str, ...]:
    """Let an agent of the civil registry sign in; return what both heard and pressed, or nothing if it never came."""
    simulator = stage.simulator
    simulator.party(CALLER_BACK.phone, Answers([Press("1"), HangUp(TALK_SECONDS, Moment.BRIDGED)], ring=2))
    simulator.party(CALLED_BACK, Answers([Press("1")], ring=2))
    agent = Agent(
        id=AgentId(new_id("agent")),
        name=CALLER_BACK.name,
        phone=PhoneNumber.parse(CALLER_BACK.phone),
        skills=frozenset(CALLER_BACK.skills),
        languages=frozenset(Language),
        presence=Presence.AVAILABLE,
        since=SystemClock().now(),
    )
    async with stage.database.begin() as unit:
        await unit.agents.add(agent)
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        legs = {call.sid: call for call in simulator.calls}
        citizen = next((call for call in legs.values() if _is_theirs(call)), None)
        if citizen is not None and citizen.parent is not None and citizen.state.is_final:
            return (*_told(legs[citizen.parent], "agent"), *_told(citizen, "caller"))
        await asyncio.sleep(0.1)
    return ()


def _is_theirs(call: CallRecord) -> bool:
    return call.direction == "outbound-dial" and call.to == CALLED_BACK


def _told(call: CallRecord, who: str) -> Iterator[str]:
    for event in call.log.of(*_SHOWN):
        yield f"{who} {_SHOWN[event.kind]} {event.what}"
