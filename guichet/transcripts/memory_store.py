"""Transcripts in memory: the twin for tests."""

from guichet.core.clock import Clock
from guichet.core.ids import ContactId
from guichet.transcripts.heard import Heard
from guichet.transcripts.line import TranscriptLine


class MemoryTranscriptStore:
    """A TranscriptStore in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: dict[tuple[ContactId, int, str], TranscriptLine] = {}

    async def add(self, contact: ContactId, turn: int, source: str, heard: Heard) -> None:
        """Keep a line, unless it is there."""
        line = TranscriptLine.masked(contact, turn, source, self._clock.now(), heard)
        self._lines.setdefault((contact, turn, source), line)

    async def of(self, contact: ContactId) -> tuple[TranscriptLine, ...]:
        """Return a contact's lines in order."""
        own = [line for line in self._lines.values() if line.contact == contact]
        return tuple(sorted(own, key=lambda line: (line.turn, line.at, line.source)))

    async def remove(self, contact: ContactId) -> int:
        """Remove a contact's lines."""
        own = [key for key in self._lines if key[0] == contact]
        for key in own:
            del self._lines[key]
        return len(own)
