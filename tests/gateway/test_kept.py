import subprocess
import sys

from guichet.gateway import child
from guichet.gateway.kept import PAUSES, STEADY_SECONDS, Kept


class Clock:
    """Monotonic seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


def dead() -> subprocess.Popen[bytes]:
    process = child.spawn([sys.executable, "-S", "-c", ""])
    process.wait()
    return process


def test_one_that_lives_is_left_alone() -> None:
    kept = Kept("sleeper", lambda: child.spawn(["sleep", "60"]))
    first = kept.process
    kept.look()
    assert kept.process is first
    kept.stop()
    assert first.poll() is not None


def test_one_that_died_is_started_again_later_and_later() -> None:
    clock, started = Clock(), list[float]()

    def start() -> subprocess.Popen[bytes]:
        started.append(clock.now)
        return dead()

    kept = Kept("mayfly", start, clock)
    while clock.now < 30:
        kept.look()
        clock.now += 0.5
    assert started[:5] == [0.0, PAUSES[1], PAUSES[1] + PAUSES[2] + 0.5, 9.0, 24.5]


def test_one_that_had_lived_long_is_started_again_at_once() -> None:
    clock = Clock()
    kept = Kept("steady", dead, clock)
    first = kept.process
    clock.now = STEADY_SECONDS
    kept.look()
    assert kept.process is not first


def test_one_that_was_ended_on_purpose_is_not_started_again() -> None:
    kept = Kept("sleeper", lambda: child.spawn(["sleep", "60"]))
    first = kept.process
    kept.stop()
    kept.look()
    assert kept.process is first
