from collections.abc import AsyncIterator

import pytest

from guichet.carrier.simulator.pace import Pace
from guichet.carrier.simulator.simulator import Simulator, SimulatorSettings
from tests.carrier.simulator.gateway import Gateway

ACCOUNT = "AC" + "0" * 32
TOKEN = "a made-up token"
PUBLIC = "https://guichet.example"
CITIZEN, LINE, AGENT = "+33612345678", "+33123456789", "+33698765432"


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    async with Gateway() as gateway:
        yield gateway


@pytest.fixture
def settings(gateway: Gateway) -> SimulatorSettings:
    return SimulatorSettings(ACCOUNT, TOKEN, gateway.url, PUBLIC, pace=Pace.instant())


@pytest.fixture
async def sim(settings: SimulatorSettings) -> AsyncIterator[Simulator]:
    async with Simulator(settings) as sim:
        yield sim
