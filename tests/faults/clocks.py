"""The clocks of a run: the carrier's, which is true, and that of our machines, which jumps."""

from datetime import datetime, timedelta

from guichet.carrier.simulator.calls import CallRecord
from guichet.core.clock import Clock, ManualClock

JUMP = timedelta(minutes=10)


class CarrierClock(ManualClock):
    """The true time: it is moved, and goes on while telephones that we have had rung are ringing and talking."""

    def follow(self, record: CallRecord) -> CallRecord:
        """Never be behind a call of ours; a citizen on hold is not waited for."""
        if record.direction != "inbound":
            record.log.follow(lambda event: self._reach(record.created + timedelta(seconds=event.at)))
        return record

    def _reach(self, moment: datetime) -> None:
        self.move(max(timedelta(0), moment - self.now()))


class JumpingClock:
    """Our machines' clock: the true one, and how far it is off."""

    def __init__(self, true: Clock) -> None:
        self._true = true
        self.off = timedelta(0)

    def now(self) -> datetime:
        """Return the present moment as our machines believe it."""
        return self._true.now() + self.off

    def jump(self, step: timedelta) -> bool:
        """Jump; False if it is off as far as that already: it is never off by more."""
        after = max(-JUMP, min(JUMP, self.off + step))
        has_jumped, self.off = after != self.off, after
        return has_jumped
