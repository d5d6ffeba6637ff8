"""Where callers struggle: questions asked again, keys instead of words, silence, calls given up, by matter too.

asked again    the same question was put once more right after this turn
keys           answered by keys although it listens
silence        nothing was said, or nothing that could be heard
given up       the call ended at this question without an outcome
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from guichet.console.fresh import Found, Fresh
from guichet.core.clock import Clock

MOST_DAYS = 92
FRESH, LONGEST = timedelta(minutes=5), timedelta(hours=1)
"""How long rows serve: they are counted over every turn of the days asked for."""
MANY = 2000
"""Turns that are counted at once, so quickly that nothing is kept."""
FEWEST = 5
"""Turns below which a share says nothing: such rows come last."""


@dataclass(frozen=True, slots=True)
class Friction:
    """What happened at a question (`FreeSpeech`, `YesNo`…) in calls about a matter (empty: not understood)."""

    question: str
    intent: str
    turns: int
    again: int
    keys: int
    silent: int
    given_up: int

    @property
    def trouble(self) -> float:
        """The share of turns that went wrong in any way that costs the caller."""
        return (self.again + self.silent + self.given_up) / self.turns if self.turns else 0.0


class FrictionStore(Protocol):
    """Reads where callers struggle, inside the current transaction."""

    async def since(self, moment: datetime) -> Sequence[Friction]:
        """Return a row for each question and matter with turns since a moment, in any order."""
        ...


class FrictionUnit(Protocol):
    """What is read."""

    @property
    def friction(self) -> FrictionStore:
        """Where callers struggle."""
        ...


class Frictions:
    """Reads, the worst first."""

    def __init__(self, read: Callable[[], AbstractAsyncContextManager[FrictionUnit]], clock: Clock) -> None:
        self._read = read
        self._rows: Fresh[Sequence[Friction]] = Fresh(clock, FRESH, LONGEST, _is_costly)

    async def latest(self, days: int) -> Found[Sequence[Friction]]:
        """Return the rows of the last days: those with turns enough first, the worst of them before the others."""
        return await self._rows.of(days, partial(self._found, days))

    async def close(self) -> None:
        """End what is being counted."""
        await self._rows.close()

    async def _found(self, days: int, now: datetime) -> Sequence[Friction]:
        async with self._read() as unit:
            rows = await unit.friction.since(now - timedelta(days=days))
        return sorted(rows, key=lambda row: (row.turns < FEWEST, -row.trouble, -row.turns, row.question, row.intent))


def _is_costly(rows: Sequence[Friction]) -> bool:
    return sum(row.turns for row in rows) > MANY
