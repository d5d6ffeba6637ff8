"""What was used last is taken first, spares are made beforehand, and never more than enough are kept."""

from itertools import count
from threading import Event

from guichet.transcripts.warm_pool import WarmPool


def wait_until_idle(pool: WarmPool[str], number: int) -> None:
    pause = Event()
    for _ in range(2000):
        if pool.idle == number:
            return
        pause.wait(0.01)
    raise AssertionError(f"{pool.idle} are idle, not {number}")


def numbered(name: str) -> WarmPool[str]:
    numbers = count(1)
    return WarmPool(lambda: f"{name} {next(numbers)}", most=3)


def test_the_one_that_was_used_last_is_taken_first() -> None:
    pool = numbered("new")
    first, second = pool.take(), pool.take()
    pool.give(first)
    pool.give(second)
    assert [pool.take(), pool.take(), pool.take()] == ["new 2", "new 1", "new 3"]


def test_no_more_are_kept_than_enough() -> None:
    pool = numbered("new")
    for item in [pool.take() for _ in range(5)]:
        pool.give(item)
    assert pool.idle == 3


def test_spares_are_made_beforehand_and_again_when_they_are_taken() -> None:
    pool = numbered("new")
    numbers = count(1)
    pool.keep_spares(2, lambda: f"spare {next(numbers)}")
    wait_until_idle(pool, 2)
    assert pool.take().startswith("spare")
    wait_until_idle(pool, 2)
    pool.give("used")
    assert pool.take() == "used"


def test_spares_are_never_more_than_what_is_kept() -> None:
    pool = numbered("new")
    pool.keep_spares(9, lambda: "spare")
    wait_until_idle(pool, 3)
