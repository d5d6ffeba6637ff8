"""Where citizens are kept and found: the port, with a twin in memory and one in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
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


class CitizenStore(Protocol):
    """Keeps citizens; the administration's external id is unique."""

    async def save_all(self, citizens: Sequence[Citizen]) -> Saved:
        """Add new citizens and write over known ones (same external id), who keep their id; the last of a pair wins."""
        ...

    async def get(self, citizen_id: CitizenId) -> Citizen | None:
        """Return the citizen, or None."""
        ...

    async def by_external_id(self, external_id: str) -> Citizen | None:
        """Return the citizen of the administration's key, or None."""
        ...

    async def with_phone(self, number: PhoneNumber, limit: int = 20) -> tuple[Citizen, ...]:
        """Return everybody who has that number, in the order of their ids (which means nothing)."""
        ...

    async def candidates(
        self, keys: Sequence[str], limit: int = 200, phone: PhoneNumber | None = None
    ) -> tuple[Citizen, ...]:
        """Return those who share most with the search keys (see `search_keys.py`), by the weight of each shared key.

        They are `limit` at most; behind them come those, up to 20, who have the number.
        """
        ...

    async def count(self) -> int:
        """Return how many citizens there are."""
        ...
