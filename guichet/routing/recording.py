"""The rules of recorded messages: whether one may be left, how long it may be, how long its sound is kept. Pure."""

from dataclasses import dataclass
from datetime import timedelta

MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class RecordingRules:
    """What becomes of messages. `keep_days` is 0 where the sound is deleted as soon as it is transcribed."""

    offer: bool = False
    longest_minutes: int = 2
    keep_days: int = 0

    @property
    def keeps(self) -> timedelta | None:
        """How long the sound is kept here, None for not at all."""
        return timedelta(days=self.keep_days) if self.keep_days else None
