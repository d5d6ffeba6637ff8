"""Gives up what stands still, on a machine of any speed: not what takes long, but what passes no step any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SECONDS = 60.0
"""Real seconds without a step after which a run fails."""
LONGEST = 15 * SECONDS
"""Real seconds after which one that goes round in circles fails."""


class Patience:
    """Waits for as long as anything moves."""

    def __init__(self) -> None:
        self._limits: set[asyncio.Timeout] = set()

    def moved(self) -> None:
        """Take in that somebody has passed a step."""
        until = asyncio.get_running_loop().time() + SECONDS
        for limit in self._limits:
            if not limit.expired():
                limit.reschedule(until)

    @asynccontextmanager
    async def until(self, what: str) -> AsyncIterator[None]:
        """Wait for something; raises TimeoutError, with what everybody is at, when nothing moves."""
        try:
            async with asyncio.timeout(LONGEST), asyncio.timeout(SECONDS) as limit:
                self._limits.add(limit)
                try:
                    yield
                finally:
                    self._limits.discard(limit)
        except TimeoutError as error:
            error.add_note(f"waiting until {what}; under way:")
            for task in asyncio.all_tasks():
                error.add_note(f"  {task.get_coro()} at {task.get_stack(limit=1)}")
            raise
