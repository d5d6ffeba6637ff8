import asyncio

import pytest

from guichet.ivr.patience import Patience


async def stay(patience: Patience, done: asyncio.Event) -> str:
    with patience:
        await done.wait()
    return "in time"


async def test_whoever_is_in_time_notices_nothing() -> None:
    patience, done = Patience(60), asyncio.Event()
    staying = [asyncio.create_task(stay(patience, done)) for _ in range(3)]
    await asyncio.sleep(0)
    done.set()
    assert await asyncio.gather(*staying) == ["in time"] * 3
    assert await stay(patience, done) == "in time"


async def test_whoever_is_late_is_told_and_goes_on_as_a_task_that_was_not_cancelled() -> None:
    patience = Patience(0.001)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await stay(patience, asyncio.Event())
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    await asyncio.sleep(0)


async def test_everybody_who_is_late_is_told() -> None:
    patience = Patience(0.001)
    late = [asyncio.create_task(stay(patience, asyncio.Event())) for _ in range(5)]
    results = await asyncio.gather(*late, return_exceptions=True)
    assert [type(result) for result in results] == [TimeoutError] * 5


async def test_the_later_are_not_told_with_the_first() -> None:
    patience, done = Patience(0.05), asyncio.Event()
    loop = asyncio.get_running_loop()
    first = asyncio.create_task(stay(patience, asyncio.Event()))
    await asyncio.wait({first}, timeout=0.04)
    began = loop.time()
    with pytest.raises(TimeoutError):
        await stay(patience, done)
    assert loop.time() - began >= 0.045
    assert isinstance(first.exception(), TimeoutError)


async def test_a_cancellation_by_somebody_else_stays_one() -> None:
    patience = Patience(60)
    staying = asyncio.create_task(stay(patience, asyncio.Event()))
    await asyncio.sleep(0)
    staying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await staying
    assert await stay(patience, _set()) == "in time"


async def test_an_error_in_the_block_stays_what_it_was() -> None:
    patience = Patience(60)

    async def fail() -> None:
        with patience:
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await fail()


async def test_a_limit_in_a_limit_is_refused() -> None:
    patience = Patience(60)
    with patience, pytest.raises(RuntimeError):
        patience.__enter__()


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
