"""What people on hold hear: everything at once, then nothing but news."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.callbacks.holding import GRACE, REST, SOONEST, Announce, Over, Rest, Told, Why, hold_advice, is_to_overflow
from guichet.callbacks.joining import new_request
from guichet.callbacks.lifecycle import Cause, Move, move_request
from guichet.callbacks.request import Request, RequestKind
from guichet.callbacks.waiting import Standing
from guichet.routing.hold_rules import HoldRules
from tests.callbacks.world import NOON, hold

THIRD = Standing(2, 5)
MINUTE = timedelta(minutes=1)


def held() -> Request:
    return new_request(hold(), NOON)


def test_the_first_thing_said_is_where_they_stand_and_what_else_they_can_do() -> None:
    assert hold_advice(held(), THIRD, None, NOON) == Announce(Told(2, 5, timedelta(0)), choices=True)


def test_then_there_is_rest_until_something_has_changed_that_matters() -> None:
    told = Told(4, 5, timedelta(0))
    soon, later = NOON + SOONEST, NOON + 2 * MINUTE
    assert hold_advice(held(), Standing(4, 5), told, later) == Rest()
    assert hold_advice(held(), Standing(3, 4), told, later) == Rest()
    assert hold_advice(held(), Standing(2, 3), told, later) == Announce(Told(2, 3, 2 * MINUTE))
    assert hold_advice(held(), Standing(0, 1), told, soon) == Announce(Told(0, 1, SOONEST))
    assert hold_advice(held(), Standing(0, 1), told, soon - timedelta(seconds=1)) == Rest()


def test_after_a_long_rest_they_are_told_again_and_reminded_of_what_they_can_do() -> None:
    told = Told(2, 5, MINUTE)
    assert hold_advice(held(), Standing(2, 3), told, NOON + MINUTE + REST) == Announce(
        Told(2, 3, MINUTE + REST), choices=True
    )


def test_a_wait_that_becomes_much_longer_is_owned_up_to() -> None:
    told = Told(2, 4, timedelta(0))
    assert hold_advice(held(), Standing(2, 5), told, NOON + MINUTE) == Rest()
    late = hold_advice(held(), Standing(2, 6), told, NOON + MINUTE)
    assert late == Announce(Told(2, 6, MINUTE), choices=True, is_late=True)
    assert hold_advice(held(), Standing(2, None), told, NOON + MINUTE) == Rest()


def test_nothing_is_said_while_an_agents_telephone_rings() -> None:
    ringing, _ = move_request(held(), Move.RING, Cause("system", NOON))
    assert hold_advice(ringing, THIRD, None, NOON) == Rest()
    done, _ = move_request(ringing, Move.FINISH, Cause("system", NOON))
    assert hold_advice(done, THIRD, None, NOON) == Over(Why.ENDED)
    assert hold_advice(held().evolve(kind=RequestKind.CALLBACK), THIRD, None, NOON) == Over(Why.ENDED)


def test_nobody_holds_for_longer_than_the_rules_say() -> None:
    rules = HoldRules(longest_minutes=10)
    assert isinstance(hold_advice(held(), THIRD, None, NOON + 9 * MINUTE, rules), Announce)
    assert hold_advice(held(), THIRD, None, NOON + 10 * MINUTE, rules) == Over(Why.LONGEST)
    relayed = held().evolve(relayed=True)
    assert isinstance(hold_advice(relayed, THIRD, None, NOON + 29 * MINUTE, rules), Announce)
    assert hold_advice(relayed, THIRD, None, NOON + 30 * MINUTE, rules) == Over(Why.LONGEST)


def test_nobody_holds_where_nobody_serves_any_more() -> None:
    gone = Standing(0, None, unserved=GRACE)
    assert hold_advice(held(), gone, None, NOON) == Over(Why.UNSERVED)
    back_soon = Standing(0, None, unserved=GRACE - timedelta(seconds=1))
    assert isinstance(hold_advice(held(), back_soon, None, NOON), Announce)


def test_who_has_held_for_long_goes_over_where_the_rules_say_so() -> None:
    rules = HoldRules(to="accueil", after_minutes=5)
    assert not is_to_overflow(held(), NOON + 4 * MINUTE, rules)
    assert is_to_overflow(held(), NOON + 5 * MINUTE, rules)
    assert not is_to_overflow(held(), NOON + 50 * MINUTE, HoldRules(after_minutes=5))
    assert not is_to_overflow(held(), NOON + 50 * MINUTE, HoldRules(to="accueil"))


@given(st.integers(0, 9999), st.none() | st.integers(1, 999), st.integers(0, 86_400))
def test_what_was_told_survives_in_an_address(ahead: int, minutes: int | None, seconds: int) -> None:
    told = Told(ahead, minutes, timedelta(seconds=seconds))
    assert Told.read(str(told)) == told


@pytest.mark.parametrize("text", ["", "1", "1.2", "1.2.x", "-1.2.3", "1.2.3.4", "٣.2.3", "9999999.1.1"])
def test_an_address_that_says_something_else_says_nothing(text: str) -> None:
    assert Told.read(text) is None


@given(st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(1, 40)), min_size=1, max_size=60))
def test_nobody_is_told_anything_twice_within_the_shortest_rest(places: list[tuple[int, int | None]]) -> None:
    """Whatever becomes of their place, looked at every ten seconds."""
    told, said_at = None, []
    for step, (ahead, minutes) in enumerate(places):
        now = NOON + timedelta(seconds=10 * step)
        advice = hold_advice(held(), Standing(ahead, minutes), told, now)
        if isinstance(advice, Announce):
            told = advice.told
            said_at.append(now)
    gaps = [later - earlier for earlier, later in pairwise(said_at)]
    assert said_at[0] == NOON
    assert all(SOONEST <= gap <= REST for gap in gaps)
