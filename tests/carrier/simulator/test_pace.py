import asyncio

import pytest

from guichet.carrier.simulator.pace import Pace


async def test_an_instant_pace_takes_no_time_but_lets_others_run() -> None:
    ran: list[int] = []
    asyncio.get_running_loop().call_soon(ran.append, 1)
    began = asyncio.get_running_loop().time()
    await Pace.instant().last(3600)
    assert ran == [1]
    assert asyncio.get_running_loop().time() - began < 1


async def test_a_faster_pace_divides_the_time_and_does_not_drift() -> None:
    loop = asyncio.get_running_loop()
    beat = Pace(speed=100).metronome()
    began = loop.time()
    for _ in range(50):
        await beat.last(0.02)
    assert loop.time() - began >= 0.0099


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        Pace(-1)
