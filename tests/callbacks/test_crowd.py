"""Many workers offer at once, on real databases: nobody is rung twice, no agent is taken twice."""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest

from guichet.callbacks.offering import Offering
from guichet.callbacks.request import Request, RequestState
from guichet.callbacks.service import open_request
from guichet.core.clock import ManualClock
from guichet.core.errors import Unavailable
from guichet.core.ids import AgentId
from guichet.core.phone import PhoneNumber
from guichet.gateway.database import Database
from guichet.gateway.units import SqlUnit
from tests.callbacks.world import NOON, HandCarrier, agent, begin_immediate, book, demand, hold
from tests.conftest import SQL_BACKENDS, Engines


@pytest.mark.parametrize("backend", SQL_BACKENDS)
@pytest.mark.parametrize(("agents", "requests", "workers"), [(8, 20, 24), (200, 230, 200)])
async def test_however_many_offer_at_once_each_agent_gets_one_and_the_first_in_order_are_served(
    agents: int, requests: int, workers: int, backend: str, engines: Engines
) -> None:
    clock, carrier = ManualClock(NOON), HandCarrier()
    async with engines(backend) as engine:
        begin_immediate(engine)
        await engine.dispose()
        database = Database(engine, clock)
        async with database.begin() as unit:
            for number in range(agents):
                one = agent(f"A{number}", id=AgentId(f"agt_{number}"), phone=PhoneNumber(f"+3314567{number:04}"))
                await unit.agents.add(one)
            for number in range(requests):
                target = NOON + timedelta(hours=1, minutes=number)
                citizen = PhoneNumber(f"+3361234{number:04}")
                wish = (hold if number % 2 else demand)(f"con_{number}", number=citizen, target_at=target)
                await open_request(unit, wish, NOON)
        offering = Offering(database.begin, database.read, carrier, clock, book, database.run)

        async def hammer() -> None:
            with suppress(Unavailable):  # on a busy machine some are turned away, and their job is done again
                await offering.offer()

        await asyncio.gather(*(hammer() for _ in range(workers)))
        while len(carrier.placed) < agents:  # whoever found others always quicker leaves it to the next look
            await hammer()
        rung = Counter(placed["to"] for placed in carrier.placed)
        assert len(rung) == agents
        assert set(rung.values()) == {1}
        async with database.read() as unit:
            first = [request.contact for request in await unit.requests.nearest(NOON)]
            out = await _requests(unit, carrier)
        assert {request.state for request in out} == {RequestState.DIALING_AGENT}
        assert sorted(int(request.contact[4:]) for request in out) == list(range(agents))
        assert first[0] == f"con_{agents}"


async def _requests(unit: SqlUnit, carrier: HandCarrier) -> list[Request]:
    """Return the requests that the carrier was asked to ring agents for."""
    attempts = [await unit.attempts.get(placed["answer_path"].partition("=")[2]) for placed in carrier.placed]
    found = [await unit.requests.get(attempt.request) for attempt in attempts if attempt]
    return [request for request in found if request]
