"""Where transcripts are kept: the port, with a twin in memory and one in SQL."""

from typing import Protocol

from guichet.core.ids import ContactId
from guichet.transcripts.heard import Heard
from guichet.transcripts.line import TranscriptLine


class TranscriptStore(Protocol):
    """Keeps the lines of transcripts, one for each (contact, turn, source), numbers masked."""

    async def add(self, contact: ContactId, turn: int, source: str, heard: Heard) -> None:
        """Keep a line, masked here if it was not; a repeat of the same turn and source changes nothing."""
        ...

    async def of(self, contact: ContactId) -> tuple[TranscriptLine, ...]:
        """Return a contact's lines in the order of their turns."""
        ...

    async def remove(self, contact: ContactId) -> int:
        """Remove a contact's lines; return how many there were."""
        ...
