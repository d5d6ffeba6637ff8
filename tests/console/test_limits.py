from datetime import timedelta

import pytest

from guichet.console.limits import Past, may_try_at, network_of
from guichet.console.session_store import Try
from tests.console.units import NOON

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def failures(count: int, login: str = "awa", address: str = "home", last: timedelta = timedelta(0)) -> list[Try]:
    """Return so many failures, a second after each other, the last one `last` before noon."""
    return [Try(login, address, NOON - last - SECOND * (count - 1 - number)) for number in range(count)]


def wait(past: Past, address: str = "home") -> timedelta:
    return may_try_at(past, "awa", address, NOON) - NOON


@pytest.mark.parametrize(
    ("count", "seconds"), [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (9, 480), (10, 900), (150, 900)]
)
def test_each_failure_after_the_fifth_doubles_the_wait(count: int, seconds: int) -> None:
    assert wait(Past(failures(count))) == SECOND * seconds


def test_a_wait_ends_by_itself() -> None:
    assert wait(Past(failures(5, last=30 * SECOND))) <= timedelta(0)


def test_what_failed_before_the_last_success_is_forgiven() -> None:
    assert wait(Past(failures(9, last=MINUTE), opened_here=NOON - 10 * SECOND)) <= timedelta(0)


def test_nobody_is_locked_out_where_they_usually_sign_in() -> None:
    attack = [one for number in range(40) for one in failures(5, address=f"bot{number}")]
    assert wait(Past(attack, opened_here=NOON - DAY)) <= timedelta(0)
    assert wait(Past(attack), "elsewhere") == MINUTE


def test_an_address_that_tries_many_logins_waits_but_for_those_who_work_there() -> None:
    guesses = [one for number in range(50) for one in failures(1, login=f"login{number}")]
    assert wait(Past(guesses)) == MINUTE
    assert wait(Past(guesses, opened_here=NOON - DAY)) <= timedelta(0)
    assert wait(Past(guesses, opened_here=NOON - 31 * DAY)) == MINUTE


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_an_address_stands_for_its_subscriber(address: str, network: str) -> None:
    assert network_of(address) == network
