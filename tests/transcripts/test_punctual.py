"""How far the decoder is behind a caller, on a clock that the test moves."""

import pytest

from guichet.transcripts.punctual import Punctuality


def test_who_keeps_up_is_not_late() -> None:
    caller = Punctuality()
    for n in range(100):
        due = caller.came(160, 5.0 + n * 0.02)
        caller.worked(due, 5.0 + n * 0.02 + 0.015)
    assert caller.lag(7.0) == pytest.approx(0.0, abs=0.02)


def test_the_lag_is_from_when_audio_was_due_until_it_was_worked_through() -> None:
    caller = Punctuality()
    due = caller.came(160, 5.0)
    caller.worked(due, 5.7)
    assert caller.lag(5.7) == pytest.approx(0.68)


def test_missing_reports_are_lag_too() -> None:
    caller = Punctuality()
    for n in range(100):
        caller.came(160, 5.0 + n * 0.02)
    assert caller.lag(7.0) == pytest.approx(1.8, abs=0.03)
    assert caller.lag(60.0) == pytest.approx(1.8, abs=0.03), "no audio came since: nothing more is owed"


def test_a_rehearsal_faster_than_life_makes_nobody_late() -> None:
    caller = Punctuality()
    dues = [caller.came(160, 5.0) for _ in range(100)]
    assert dues[-1] == pytest.approx(7.0)
    assert caller.lag(5.0) == 0
    caller.worked(dues[-1], 6.0)
    assert caller.lag(6.0) == 0


def test_before_any_audio_nobody_is_late() -> None:
    assert Punctuality().lag(1000.0) == 0
