"""A line of a contact's transcript. Pure."""

from dataclasses import dataclass
from datetime import datetime

from guichet.core.ids import ContactId
from guichet.transcripts.heard import Heard
from guichet.transcripts.redact import mask


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """What came in a turn of a contact, masked; `source` names who or what it came from (`caller`, `keys`, `sms`)."""

    contact: ContactId
    turn: int
    source: str
    at: datetime
    heard: Heard

    @classmethod
    def masked(cls, contact: ContactId, turn: int, source: str, at: datetime, heard: Heard) -> "TranscriptLine":
        """Make a line fit to be stored: no store keeps one that was not made here."""
        return cls(contact, turn, source, at, mask(heard))
