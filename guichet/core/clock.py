"""Time as a dependency: aware datetimes in UTC, and a clock that tests can move. Pure, but for SystemClock."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time; always aware, in UTC."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        ...


class SystemClock:
    """The machine's clock, moved by `offset` (for demonstrations: a counter that is open at night)."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        now = datetime.now(UTC)
        return now + self._offset if self._offset else now


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock starts at an aware datetime")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment it was moved to."""
        return self._now

    def move(self, step: timedelta) -> None:
        """Move on by a step (never back: use a new clock for that)."""
        if step < timedelta(0):
            raise ValueError("time does not go back")
        self._now += step
