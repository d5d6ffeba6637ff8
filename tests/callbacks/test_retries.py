from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.callbacks.retries import GiveUp, TryAgain, missed_ones, next_try
from guichet.routing.calling import DELAYS, CallRules, Missed
from tests.callbacks.world import NOON

RULES = CallRules()


def always(moment: datetime) -> datetime:
    return moment


@pytest.mark.parametrize(
    ("history", "minutes"),
    [
        ([Missed.BUSY], 5),
        ([Missed.BUSY, Missed.BUSY], 15),
        ([Missed.BUSY, Missed.NO_ANSWER, Missed.BUSY], 15),
        ([Missed.NO_ANSWER], 30),
        ([Missed.MACHINE, Missed.MACHINE, Missed.MACHINE], 24 * 60),
        ([Missed.WRONG_PERSON], 24 * 60),
    ],
)
def test_the_delay_is_by_what_happened_and_how_often(history: list[Missed], minutes: int) -> None:
    assert next_try(RULES, history, NOON, always) == TryAgain(NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize("history", [[Missed.BUSY] * 4, [Missed.WRONG_PERSON] * 2])
def test_after_the_last_try_a_person_looks_at_it(history: list[Missed]) -> None:
    assert next_try(RULES, history, NOON, always) == GiveUp()


def test_a_try_outside_the_windows_is_made_in_the_next_one_and_never_where_there_is_none() -> None:
    morning = datetime(2026, 3, 4, 7, tzinfo=UTC)
    assert next_try(RULES, [Missed.BUSY], NOON, lambda _: morning) == TryAgain(morning)
    assert next_try(RULES, [Missed.BUSY], NOON, lambda _: None) == GiveUp()


def test_what_befell_the_agent_is_no_try() -> None:
    assert missed_ones(["missed", "busy", "declined", "carrier away", "machine", ""]) == (Missed.BUSY, Missed.MACHINE)


@given(st.lists(st.sampled_from(Missed), min_size=1, max_size=30), st.integers(1, 20))
def test_there_are_never_more_tries_than_the_rules_say_and_never_one_in_the_past(
    outcomes: list[Missed], most: int
) -> None:
    rules = CallRules(most_tries=most)
    now, tries = NOON, 0
    for number in range(len(outcomes)):
        tries += 1
        after = next_try(rules, outcomes[: number + 1], now, always)
        if isinstance(after, GiveUp):
            break
        assert after.at > now
        now = after.at
    assert tries <= most


def test_every_outcome_has_a_delay() -> None:
    assert set(DELAYS) == set(Missed)
    assert all(minutes > 0 for delays in DELAYS.values() for minutes in delays)
