"""Jobs that wait for systems of others, done in the gateway, many at a time: whoever is slow holds up nobody's call.

They are in the outbox as all others are: whatever happens to this process, they are done, by this one or another.
"""

import asyncio

import structlog

from guichet.core.errors import GuichetError
from guichet.gateway.database import Database
from guichet.gateway.job_runner import JobRunner

log = structlog.get_logger(__name__)

AT_ONCE = 64


class Aside:
    """Does them, as soon as they are due."""

    def __init__(self, database: Database, runner: JobRunner, seconds: float = 1.0, at_once: int = AT_ONCE) -> None:
        self._database = database
        self._runner = runner
        self._seconds = seconds
        self._at_once = at_once
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[bool]] = set()

    def wake(self) -> None:
        """Look at the outbox now."""
        self._wake.set()

    async def once(self) -> int:
        """Begin what is due, as far as there is room; return how many jobs."""
        room = self._at_once - len(self._under_way)
        if room <= 0:
            return 0
        async with self._database.read() as unit:
            if not await unit.jobs.is_anything_due(aside=True):
                return 0
        async with self._database.begin() as unit:
            ids = await unit.jobs.hand_over(room, aside=True)
        for job_id in ids:
            task = asyncio.create_task(self._do(job_id))
            self._under_way.add(task)
            task.add_done_callback(self._done)
        return len(ids)

    async def idle(self) -> None:
        """Do what is due, and what that makes due."""
        while await self.once() or self._under_way:
            await asyncio.gather(*self._under_way)

    async def run(self) -> None:
        """Do them for ever; a dependency that is away is met again every second."""
        try:
            while True:
                self._wake.clear()
                try:
                    await self.once()
                except GuichetError as error:
                    log.warning("aside_waits", reason=type(error).__name__)
                except Exception:
                    # A fault of ours must not end it: other systems would be told nothing any more.
                    log.exception("aside_failed")
                await self._rest()
        finally:
            await self.close()

    async def close(self) -> None:
        """Abandon what is under way: it is begun again when its lease runs out."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _do(self, job_id: str) -> bool:
        try:
            return await self._runner.run(job_id)
        except GuichetError as error:
            log.warning("job_not_run", job=job_id, error=type(error).__name__)
            return False

    def _done(self, task: asyncio.Task[bool]) -> None:
        self._under_way.discard(task)
        self._wake.set()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._wake.wait()
        except TimeoutError:
            pass
