"""Where flags are kept: the port, and its twin in memory."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from guichet.callbacks.flag import Flag


class FlagStore(Protocol):
    """Flags, inside the current transaction; those that have expired or were lifted are kept."""

    async def add(self, flag: Flag) -> None:
        """Keep a new flag."""
        ...

    async def standing(self, subjects: Collection[str], now: datetime) -> Sequence[Flag]:
        """Return the flags of some subjects that stand at a moment, latest first."""
        ...

    async def lift(self, flag_id: str, by: str, now: datetime) -> bool:
        """Take a flag back; say whether it stood."""
        ...


class MemoryFlagStore:
    """The flags in a dict."""

    def __init__(self) -> None:
        self.rows: dict[str, Flag] = {}

    async def add(self, flag: Flag) -> None:
        """Keep it."""
        self.rows[flag.id] = flag

    async def standing(self, subjects: Collection[str], now: datetime) -> Sequence[Flag]:
        """Return those that stand."""
        found = [flag for flag in self.rows.values() if flag.subject in subjects and flag.stands(now)]
        return sorted(found, key=lambda flag: (flag.at, flag.id), reverse=True)

    async def lift(self, flag_id: str, by: str, now: datetime) -> bool:
        """Take it back."""
        flag = self.rows.get(flag_id)
        if flag is None or not flag.stands(now):
            return False
        self.rows[flag_id] = flag.evolve(lifted_at=now, lifted_by=by)
        return True
