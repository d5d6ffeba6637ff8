"""A recorded message of a caller, from its announcement to its deletion. Pure.

WAITING ──fetched, heard slice by slice──→ HEARD, or EMPTY without a word
   │                                         deleted at the carrier; here too, unless the rules keep it
   └── no sound that we can read ────────→ UNREADABLE: left at the carrier, for people to listen to
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from guichet.carrier.events import RecordingSid
from guichet.core.ids import CallSid, ContactId
from guichet.core.language import Language


class RecordingState(StrEnum):
    """Where a recording stands."""

    WAITING = "waiting"
    HEARD = "heard"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Recording:
    """A message. `place` counts a contact's messages from 1; `seconds` is its length as announced (None: not told).

    `worked` are the seconds heard so far, `words` their number, `reason` why it is unreadable. `deleted_at` is when it
    was deleted at the carrier, `kept_until` until when its sound is kept here (None: it is not).
    """

    id: RecordingSid
    contact: ContactId
    call: CallSid
    place: int
    language: Language
    announced_at: datetime
    seconds: int | None = None
    state: RecordingState = RecordingState.WAITING
    worked: float = 0.0
    words: int = 0
    reason: str = ""
    deleted_at: datetime | None = None
    kept_until: datetime | None = None

    @property
    def progress(self) -> float:
        """The share that was heard, from 0 to 1."""
        if self.state is not RecordingState.WAITING:
            return 1.0
        return min(1.0, self.worked / self.seconds) if self.seconds else 0.0

    def evolve(self, **changes: Any) -> "Recording":
        """Return a copy with changes."""
        return replace(self, **changes)
