"""Where citizens are kept and found: the port, with a twin in memory and one in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from guichet.citizens.citizen import Citizen
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a batch: how many citizens were new, changed, or the same as before."""

    added: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: "Saved") -> "Saved":
        """Add up batches."""
        return Saved(self.added + other.added, self.changed + other.changed, self.same + other.same)


@dataclass(frozen=True, slots=True)
class Seen:
    """The source that an import reads, and the import: what it has not seen of its source in the end has left it."""

    source: str
    run: str


class CitizenStore(Protocol):
    """Keeps citizens; the administration's external id is unique."""

    async def save_all(self, citizens: Sequence[Citizen]) -> Saved:
        """Add new citizens and write over known ones (same external id), who keep their id; the last of a pair wins."""
        ...

    async def see(self, external_ids: Sequence[str], seen: Seen) -> None:
        """Mark citizens (at most 1,000) as seen by an import: they are in its source, and have not left it."""
        ...

    async def unseen(self, seen: Seen) -> tuple[int, int]:
        """Return how many of a source, of those who have not left it, were not seen by this import, and of how many."""
        ...

    async def mark_left(self, seen: Seen, at: datetime) -> int:
        """Mark those of a source whom this import has not seen as having left it; return how many."""
        ...

    async def ids_of(self, external_ids: Sequence[str]) -> dict[str, CitizenId]:
        """Return the ids of those of these keys (at most 2,000) that are known."""
        ...

    async def get(self, citizen_id: CitizenId) -> Citizen | None:
        """Return the citizen, or None."""
        ...

    async def by_external_id(self, external_id: str) -> Citizen | None:
        """Return the citizen of the administration's key, or None."""
        ...

    async def with_phone(self, number: PhoneNumber, limit: int = 20) -> tuple[Citizen, ...]:
        """Return everybody who has that number and has not left, in the order of their ids (which means nothing)."""
        ...

    async def at_address(self, address: str, postcode: str, limit: int = 20) -> tuple[Citizen, ...]:
        """Return everybody at an address, as it is written, who has not left; nobody for an empty one."""
        ...

    async def candidates(
        self, keys: Sequence[str], limit: int = 200, phone: PhoneNumber | None = None
    ) -> tuple[Citizen, ...]:
        """Return those who share most with the search keys (see `search_keys.py`), by the weight of each shared key.

        They are `limit` at most; behind them come those, up to 20, who have the number. Whoever left is not among them.
        """
        ...

    async def count(self) -> int:
        """Return how many citizens there are."""
        ...
