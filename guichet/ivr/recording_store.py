"""Where recorded messages are kept: the port, and its twin in memory. Their sound is kept elsewhere, if at all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from guichet.carrier.events import RecordingSid
from guichet.core.ids import ContactId
from guichet.ivr.recording import Recording


class RecordingStore(Protocol):
    """Keeps recordings by the carrier's id."""

    async def add(self, recording: Recording) -> bool:
        """Keep a new one; False, and nothing changes, if it is known."""
        ...

    async def get(self, recording: RecordingSid) -> Recording | None:
        """Return a recording, or None."""
        ...

    async def of(self, contact: ContactId) -> Sequence[Recording]:
        """Return a contact's recordings, first to last."""
        ...

    async def save(self, recording: Recording) -> None:
        """Write a changed recording over the one of its id."""
        ...

    async def expired(self, now: datetime) -> Sequence[Recording]:
        """Return those whose sound is kept here for longer than it may be."""
        ...


class MemoryRecordingStore:
    """A RecordingStore in a dictionary."""

    def __init__(self) -> None:
        self._kept: dict[RecordingSid, Recording] = {}

    async def add(self, recording: Recording) -> bool:
        """Keep a new one."""
        return self._kept.setdefault(recording.id, recording) is recording

    async def get(self, recording: RecordingSid) -> Recording | None:
        """Return a recording, or None."""
        return self._kept.get(recording)

    async def of(self, contact: ContactId) -> Sequence[Recording]:
        """Return a contact's recordings."""
        own = [recording for recording in self._kept.values() if recording.contact == contact]
        return tuple(sorted(own, key=lambda recording: recording.place))

    async def save(self, recording: Recording) -> None:
        """Write a changed recording."""
        self._kept[recording.id] = recording

    async def expired(self, now: datetime) -> Sequence[Recording]:
        """Return those that may no longer be kept here."""
        return [one for one in self._kept.values() if one.kept_until is not None and one.kept_until <= now]
