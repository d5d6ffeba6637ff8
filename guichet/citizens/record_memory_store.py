"""Files and mandates in memory: the twin for tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from guichet.citizens.case_file import CaseFile
from guichet.citizens.file_number import digits as digits_of
from guichet.citizens.mandate import Mandate
from guichet.citizens.store import Saved, Seen
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber


class MemoryRecordStore:
    """A RecordStore in dictionaries."""

    def __init__(self) -> None:
        self._files: dict[tuple[CitizenId, str], tuple[CaseFile, Seen]] = {}
        self._mandates: dict[tuple[CitizenId, str], tuple[Mandate, Seen]] = {}

    async def save_files(self, files: Sequence[tuple[CitizenId, CaseFile]], seen: Seen) -> Saved:
        """Add or write over."""
        saved = Saved()
        for (citizen_id, number), file in {(owner, file.number): file for owner, file in files}.items():
            known = self._files.get((citizen_id, number))
            saved += _outcome(known[0] if known else None, file)
            self._files[citizen_id, number] = (file, seen)
        return saved

    async def save_mandates(self, mandates: Sequence[Mandate], seen: Seen) -> Saved:
        """Add or write over."""
        saved = Saved()
        for place, mandate in {(one.citizen, one.key): one for one in mandates}.items():
            known = self._mandates.get(place)
            saved += _outcome(known[0] if known else None, mandate)
            self._mandates[place] = (mandate, seen)
        return saved

    async def files_of(self, citizen_id: CitizenId) -> tuple[CaseFile, ...]:
        """Return a citizen's files by number."""
        return tuple(file for (owner, _), (file, _) in sorted(self._files.items()) if owner == citizen_id)

    async def owners_of_files(self, digits: Sequence[str], limit: int = 20) -> tuple[CitizenId, ...]:
        """Return the citizens who have a file with these digits."""
        asked = {one for one in digits if one}
        return tuple(sorted({owner for owner, number in self._here() if digits_of(number) in asked})[:limit])

    async def numbers_of(self, owners: Sequence[CitizenId]) -> dict[CitizenId, tuple[str, ...]]:
        """Return the numbers of citizens' files."""
        found = {owner: tuple(number for own, number in self._here() if own == owner) for owner in owners}
        return {owner: numbers for owner, numbers in found.items() if numbers}

    async def has_files(self) -> bool:
        """Whether anybody has a file."""
        return any(digits_of(number) for _, number in self._here())

    def _here(self) -> list[tuple[CitizenId, str]]:
        """Return the files that are in the source: whose, and their number."""
        return [place for place, (file, _) in sorted(self._files.items()) if file.left_at is None]

    async def mandates_of(self, citizen_id: CitizenId) -> tuple[Mandate, ...]:
        """Return the mandates to speak for a citizen."""
        return tuple(mandate for (owner, _), (mandate, _) in sorted(self._mandates.items()) if owner == citizen_id)

    async def mandates_held(
        self, holder: CitizenId | None = None, phone: PhoneNumber | None = None
    ) -> tuple[Mandate, ...]:
        """Return the mandates of a holder."""
        return tuple(
            mandate
            for _, (mandate, _) in sorted(self._mandates.items())
            if (holder is not None and mandate.holder == holder)
            or (phone is not None and mandate.holder_phone == phone)
        )

    async def files_left(self, seen: Seen, at: datetime) -> int:
        """Mark the files not seen."""
        gone = [
            place
            for place, (file, last) in self._files.items()
            if last.source == seen.source and last != seen and file.left_at is None
        ]
        for place in gone:
            file, last = self._files[place]
            self._files[place] = (replace(file, left_at=at), last)
        return len(gone)

    async def mandates_left(self, seen: Seen, at: datetime) -> int:
        """Mark the mandates not seen."""
        gone = [
            place
            for place, (mandate, last) in self._mandates.items()
            if last.source == seen.source and last != seen and mandate.left_at is None
        ]
        for place in gone:
            mandate, last = self._mandates[place]
            self._mandates[place] = (replace(mandate, left_at=at), last)
        return len(gone)


def _outcome(known: CaseFile | Mandate | None, new: CaseFile | Mandate) -> Saved:
    """Say what becomes of a record."""
    if known is None:
        return Saved(added=1)
    return Saved(same=1) if known == new else Saved(changed=1)
