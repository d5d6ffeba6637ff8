from datetime import UTC, datetime, timedelta
from itertools import accumulate

from guichet.console.hooks.hook import Hook, Topic
from guichet.console.hooks.retries import LONGEST, MOST_TRIES, PATIENCE, is_taken, next_delay, why_disabled

HOOK = Hook("hook_1", "https://gru.example/", frozenset(Topic), "whsec_", datetime(2026, 3, 3, tzinfo=UTC))


def test_delays_grow_to_a_maximum_and_end() -> None:
    delays = [next_delay(tries) for tries in range(1, MOST_TRIES + 1)]
    assert delays[-1] is None
    kept = [delay for delay in delays if delay is not None]
    assert kept[:3] == [timedelta(seconds=5), timedelta(seconds=20), timedelta(seconds=80)]
    assert kept == sorted(kept)
    assert max(kept) == LONGEST
    assert timedelta(days=1) < list(accumulate(kept, initial=timedelta()))[-1] < timedelta(days=2)


def test_only_an_answer_of_two_hundred_takes_a_message() -> None:
    assert [status for status in (None, 100, 200, 202, 204, 299, 301, 400, 404, 410, 500) if is_taken(status)] == [
        200,
        202,
        204,
        299,
    ]


def test_a_hook_is_disabled_when_it_is_gone_or_has_failed_for_long() -> None:
    assert why_disabled(HOOK, timedelta(), 500) == ""
    assert why_disabled(HOOK, PATIENCE, None)
    assert why_disabled(HOOK, timedelta(), 410)
