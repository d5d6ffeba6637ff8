"""What is costly to find out is found out beside who asks."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from guichet.console.fresh import MOST, Fresh
from guichet.core.clock import ManualClock
from guichet.core.errors import Unavailable

FRESH, LONGEST = timedelta(seconds=10), timedelta(minutes=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 3, 3, 9, tzinfo=UTC))


async def _settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_asks_gets_what_there_is_while_it_is_found_anew(clock: ManualClock) -> None:
    fresh: Fresh[int] = Fresh(clock, FRESH, LONGEST)
    count = 0

    async def find(_now: datetime) -> int:
        nonlocal count
        count += 1
        return count

    first = await fresh.of("a", find)
    assert (first.value, first.at) == (1, clock.now())
    clock.move(FRESH - timedelta(microseconds=1))
    assert await fresh.of("a", find) == first
    clock.move(timedelta(microseconds=1))
    assert await fresh.of("a", find) == first
    await _settled()
    assert (await fresh.of("a", find)).value == 2
    clock.move(LONGEST)
    assert (await fresh.of("a", find)).value == 3


async def test_many_who_ask_at_once_have_it_found_out_once(clock: ManualClock) -> None:
    fresh: Fresh[int] = Fresh(clock, FRESH, LONGEST)
    ready, count = asyncio.Event(), 0

    async def find(_now: datetime) -> int:
        nonlocal count
        count += 1
        await ready.wait()
        return count

    asking = [asyncio.create_task(fresh.of("a", find)) for _ in range(5)]
    await _settled()
    asking[0].cancel()
    ready.set()
    assert {(await one).value for one in asking[1:]} == {1}


async def test_what_fails_is_asked_again_by_who_comes_next(clock: ManualClock) -> None:
    fresh: Fresh[int] = Fresh(clock, FRESH, LONGEST)

    async def find(_now: datetime) -> int:
        return 1

    async def away(_now: datetime) -> int:
        raise Unavailable("away")

    with pytest.raises(Unavailable):
        await fresh.of("a", away)
    known = await fresh.of("a", find)
    clock.move(FRESH)
    assert await fresh.of("a", away) == known
    await _settled()
    clock.move(LONGEST)
    with pytest.raises(Unavailable):
        await fresh.of("a", away)


async def test_what_is_cheap_is_new_each_time_and_no_more_is_kept_than_there_is_room_for(clock: ManualClock) -> None:
    found: list[int] = []

    async def find(_now: datetime) -> int:
        found.append(len(found))
        return found[-1]

    cheap: Fresh[int] = Fresh(clock, FRESH, LONGEST, lambda value: value > 1)
    assert [(await cheap.of("a", find)).value for _ in range(4)] == [0, 1, 2, 2]
    fresh: Fresh[int] = Fresh(clock, FRESH, LONGEST)
    for key in range(MOST + 1):
        await fresh.of(key, find)
    before = len(found)
    await fresh.of(1, find)
    assert len(found) == before
    await fresh.of(0, find)
    assert len(found) == before + 1


async def test_what_runs_is_ended(clock: ManualClock) -> None:
    fresh: Fresh[int] = Fresh(clock, FRESH, LONGEST)

    async def find(_now: datetime) -> int:
        await asyncio.Event().wait()
        return 1

    asking = asyncio.create_task(fresh.of("a", find))
    await _settled()
    await fresh.close()
    with pytest.raises(asyncio.CancelledError):
        await asking
