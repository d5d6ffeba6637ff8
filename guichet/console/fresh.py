"""What is costly to find out, kept for a while: who asks gets what there is, and it is found out anew beside them.

Nobody waits but the first, and who asks after nobody has for long. What is shown says when it was found out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from guichet.core.clock import Clock

T = TypeVar("T")

MOST = 32
"""Answers that are kept at most: the latest asked for."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """An answer, and when it was found."""

    value: T
    at: datetime


class Fresh(Generic[T]):
    """Keeps answers. After `fresh` one is found anew beside who asks; after `longest` who asks waits for it.

    What was cheap to find out (`is_costly` says no) is not kept: it is new each time.
    """

    def __init__(
        self, clock: Clock, fresh: timedelta, longest: timedelta, is_costly: Callable[[T], bool] = lambda _found: True
    ) -> None:
        self._clock = clock
        self._fresh = fresh
        self._longest = longest
        self._is_costly = is_costly
        self._found: dict[Hashable, Found[T]] = {}
        self._finding: dict[Hashable, asyncio.Task[Found[T]]] = {}

    async def of(self, key: Hashable, find: Callable[[datetime], Awaitable[T]]) -> Found[T]:
        """Return what `find` gives for a moment, or gave lately."""
        now = self._clock.now()
        known = self._found.get(key)
        age = now - known.at if known else self._longest
        if known and timedelta() <= age < self._fresh:
            return known
        finding = self._finding.get(key)
        if finding is None:
            finding = self._finding[key] = asyncio.create_task(self._find(key, find, now))
            finding.add_done_callback(_look_at)
        if known and timedelta() <= age < self._longest:
            return known
        return await asyncio.shield(finding)

    async def close(self) -> None:
        """End what is being found out."""
        for finding in (running := [*self._finding.values()]):
            finding.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _find(self, key: Hashable, find: Callable[[datetime], Awaitable[T]], now: datetime) -> Found[T]:
        try:
            found = Found(await find(now), now)
            self._found.pop(key, None)
            if self._is_costly(found.value):
                self._found[key] = found
            if len(self._found) > MOST:
                del self._found[next(iter(self._found))]
            return found
        finally:
            del self._finding[key]


def _look_at(finding: "asyncio.Task[Found[T]]") -> None:
    """Leave what has failed to who asks next: they find it out anew, and see why it fails."""
    if not finding.cancelled():
        finding.exception()
