"""What a team is told and when it works: coaching notes and planned presence; the port, and its twin in memory.

A note is between its author and the agent: nobody else reads it here but supervisors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from guichet.console.account import AccountId
from guichet.core.errors import BadInput

MOST = 200
"""Notes of an account that are shown: the latest."""
LONGEST_SHIFT = timedelta(hours=16)


@dataclass(frozen=True, slots=True)
class Note:
    """A coaching note about an account; `read_at` is when they first saw it."""

    id: str
    account: AccountId
    author: str
    at: datetime
    text: str
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """When somebody plans to be there."""

    id: str
    account: AccountId
    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if not timedelta() < self.ends_at - self.starts_at <= LONGEST_SHIFT:
            raise BadInput("a presence ends after it begins, within 16 hours")


class TeamStore(Protocol):
    """Keeps notes and planned presence, inside the current transaction."""

    async def add_note(self, note: Note) -> None:
        """Keep a note."""
        ...

    async def notes_of(self, account: AccountId) -> Sequence[Note]:
        """Return the notes about an account, latest first."""
        ...

    async def unread(self, account: AccountId) -> int:
        """Count the notes that an account has not seen."""
        ...

    async def mark_read(self, account: AccountId, now: datetime) -> None:
        """Note that an account has seen all its notes."""
        ...

    async def plan(self, shift: Shift) -> None:
        """Keep a planned presence."""
        ...

    async def unplan(self, shift: str) -> None:
        """Forget a planned presence."""
        ...

    async def shifts(self, since: datetime, until: datetime) -> Sequence[Shift]:
        """Return the presences planned that touch a stretch of time, by their beginnings."""
        ...


class MemoryTeamStore:
    """The twin in memory."""

    def __init__(self) -> None:
        self._notes: list[Note] = []
        self._shifts: dict[str, Shift] = {}

    async def add_note(self, note: Note) -> None:
        """Keep a note."""
        self._notes.append(note)

    async def notes_of(self, account: AccountId) -> Sequence[Note]:
        """Return the notes about an account."""
        own = [note for note in self._notes if note.account == account]
        return sorted(own, key=lambda note: note.id, reverse=True)[:MOST]

    async def unread(self, account: AccountId) -> int:
        """Count the notes that an account has not seen."""
        return sum(note.account == account and note.read_at is None for note in self._notes)

    async def mark_read(self, account: AccountId, now: datetime) -> None:
        """Note that an account has seen all its notes."""
        self._notes = [
            replace(note, read_at=now) if note.account == account and note.read_at is None else note
            for note in self._notes
        ]

    async def plan(self, shift: Shift) -> None:
        """Keep a planned presence."""
        self._shifts[shift.id] = shift

    async def unplan(self, shift: str) -> None:
        """Forget a planned presence."""
        self._shifts.pop(shift, None)

    async def shifts(self, since: datetime, until: datetime) -> Sequence[Shift]:
        """Return the presences planned that touch a stretch of time."""
        found = [one for one in self._shifts.values() if one.starts_at < until and since < one.ends_at]
        return sorted(found, key=lambda one: (one.starts_at, one.id))
