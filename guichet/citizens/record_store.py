"""Where files and mandates are kept: the port, with a twin in memory and one in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from guichet.citizens.case_file import CaseFile
from guichet.citizens.mandate import Mandate
from guichet.citizens.store import Saved, Seen
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber


class RecordStore(Protocol):
    """Keeps what belongs to a citizen: files by their number, mandates by their key (see `mandate.py`)."""

    async def save_files(self, files: Sequence[tuple[CitizenId, CaseFile]], seen: Seen) -> Saved:
        """Add new files and write over known ones; the last of a pair wins. All are marked as seen."""
        ...

    async def save_mandates(self, mandates: Sequence[Mandate], seen: Seen) -> Saved:
        """Add new mandates and write over known ones; the last of a pair wins. All are marked as seen."""
        ...

    async def files_of(self, citizen_id: CitizenId) -> tuple[CaseFile, ...]:
        """Return a citizen's files by number, those that left the source too."""
        ...

    async def owners_of_files(self, digits: Sequence[str], limit: int = 20) -> tuple[CitizenId, ...]:
        """Return the citizens, in the order of their ids, who have a file with these digits in the source."""
        ...

    async def numbers_of(self, owners: Sequence[CitizenId]) -> dict[CitizenId, tuple[str, ...]]:
        """Return the numbers of files that citizens (at most 200) have in the source; those without are left out."""
        ...

    async def has_files(self) -> bool:
        """Whether anybody has a file with a number that tells anything."""
        ...

    async def mandates_of(self, citizen_id: CitizenId) -> tuple[Mandate, ...]:
        """Return the mandates to speak for a citizen, ended ones too."""
        ...

    async def mandates_held(
        self, holder: CitizenId | None = None, phone: PhoneNumber | None = None
    ) -> tuple[Mandate, ...]:
        """Return the mandates that a citizen holds, and those of outsiders with that number."""
        ...

    async def files_left(self, seen: Seen, at: datetime) -> int:
        """Mark the files of a source that this import has not seen; return how many."""
        ...

    async def mandates_left(self, seen: Seen, at: datetime) -> int:
        """Mark the mandates of a source that this import has not seen; return how many."""
        ...
