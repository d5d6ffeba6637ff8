"""Citizens in memory: the twin for tests, and the records of an evaluation."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from guichet.citizens.citizen import Citizen
from guichet.citizens.search_keys import COMMON, MOST_ENTRIES, WEIGHTS, citizen_keys
from guichet.citizens.store import Saved, Seen
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber


class MemoryCitizenStore:
    """A CitizenStore in dictionaries."""

    def __init__(self) -> None:
        self._citizens: dict[CitizenId, Citizen] = {}
        self._ids: dict[str, CitizenId] = {}
        self._keys: defaultdict[str, set[CitizenId]] = defaultdict(set)
        self._seen: dict[CitizenId, Seen] = {}

    async def save_all(self, citizens: Sequence[Citizen]) -> Saved:
        """Add or write over."""
        saved = Saved()
        for citizen in {citizen.external_id: citizen for citizen in citizens}.values():
            known = self._citizens.get(self._ids.get(citizen.external_id, citizen.id))
            kept = citizen if known is None else replace(citizen, id=known.id)
            if known == kept:
                saved += Saved(same=1)
                continue
            saved += Saved(added=1) if known is None else Saved(changed=1)
            for key in () if known is None else citizen_keys(known):
                self._keys[key].discard(kept.id)
            for key in citizen_keys(kept):
                self._keys[key].add(kept.id)
            self._citizens[kept.id] = kept
            self._ids[kept.external_id] = kept.id
        return saved

    async def see(self, external_ids: Sequence[str], seen: Seen) -> None:
        """Mark citizens as seen by an import."""
        for citizen_id in (await self.ids_of(external_ids)).values():
            self._seen[citizen_id] = seen
            self._citizens[citizen_id] = replace(self._citizens[citizen_id], left_at=None)

    def _of_source(self, seen: Seen) -> list[CitizenId]:
        """Return those of a source who have not left."""
        return [
            citizen_id
            for citizen_id, last in self._seen.items()
            if last.source == seen.source and self._citizens[citizen_id].left_at is None
        ]

    async def unseen(self, seen: Seen) -> tuple[int, int]:
        """Return how many of a source were not seen, and of how many."""
        found = self._of_source(seen)
        return sum(self._seen[citizen_id] != seen for citizen_id in found), len(found)

    async def mark_left(self, seen: Seen, at: datetime) -> int:
        """Mark those not seen as having left."""
        gone = [citizen_id for citizen_id in self._of_source(seen) if self._seen[citizen_id] != seen]
        for citizen_id in gone:
            self._citizens[citizen_id] = replace(self._citizens[citizen_id], left_at=at)
        return len(gone)

    async def ids_of(self, external_ids: Sequence[str]) -> dict[str, CitizenId]:
        """Return the ids of those that are known."""
        return {external_id: self._ids[external_id] for external_id in external_ids if external_id in self._ids}

    async def get(self, citizen_id: CitizenId) -> Citizen | None:
        """Return the citizen, or None."""
        return self._citizens.get(citizen_id)

    async def by_external_id(self, external_id: str) -> Citizen | None:
        """Return the citizen of that key, or None."""
        return self._citizens.get(self._ids.get(external_id, CitizenId("")))

    async def with_phone(self, number: PhoneNumber, limit: int = 20) -> tuple[Citizen, ...]:
        """Return everybody who has that number and has not left."""
        found = sorted(
            citizen_id
            for citizen_id, citizen in self._citizens.items()
            if number in citizen.phones and citizen.left_at is None
        )
        return tuple(self._citizens[citizen_id] for citizen_id in found[:limit])

    async def at_address(self, address: str, postcode: str, limit: int = 20) -> tuple[Citizen, ...]:
        """Return everybody at an address."""
        found = [
            self._citizens[citizen_id]
            for citizen_id in sorted(self._citizens)
            if (self._citizens[citizen_id].address, self._citizens[citizen_id].postcode) == (address, postcode)
            and self._citizens[citizen_id].left_at is None
        ]
        return tuple(found[:limit]) if address else ()

    async def candidates(
        self, keys: Sequence[str], limit: int = 200, phone: PhoneNumber | None = None
    ) -> tuple[Citizen, ...]:
        """Return those who share most, then the owners of the number."""
        shared: Counter[CitizenId] = Counter()
        known = [key for key in set(keys) if 0 < len(self._keys.get(key, ())) <= COMMON]
        counted = 0
        for key in sorted(known, key=lambda key: (len(self._keys[key]), key)):
            counted += len(self._keys[key])
            if counted > MOST_ENTRIES:
                break
            for citizen_id in self._keys[key]:
                shared[citizen_id] += WEIGHTS[key[0]]
        best = sorted(shared, key=lambda citizen_id: (-shared[citizen_id], citizen_id))
        owners = () if phone is None else await self.with_phone(phone)
        found = (*(self._citizens[citizen_id] for citizen_id in best[:limit]), *owners)
        return tuple({citizen.id: citizen for citizen in found if citizen.left_at is None}.values())

    async def count(self) -> int:
        """Return how many there are."""
        return len(self._citizens)
