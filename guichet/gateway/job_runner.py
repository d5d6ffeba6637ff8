"""Runs one job of the outbox: take it, do it, note how it ended. Safe to be asked twice."""

from collections.abc import Awaitable, Callable

import structlog

from guichet.core.errors import GuichetError
from guichet.core.jobs import Job
from guichet.gateway.database import Database

log = structlog.get_logger(__name__)


class JobRunner:
    """Takes jobs by id and hands them to `perform`."""

    def __init__(self, database: Database, perform: Callable[[Job], Awaitable[None]]) -> None:
        self._database = database
        self._perform = perform

    async def run(self, job_id: str) -> bool:
        """Run the job; False when it is done already or somebody else has it."""
        async with self._database.begin() as unit:
            taken = await unit.jobs.take(job_id)
        if taken is None:
            return False
        kind = type(taken.job).__name__
        try:
            await self._perform(taken.job)
        except Exception as error:  # noqa: BLE001  # one of the two places that catch: a job must not vanish
            # What is not ours is a bug or a passing fault: worth another try, and loud.
            retry = not isinstance(error, GuichetError) or error.retryable
            log.warning("job_failed", job=job_id, kind=kind, error=type(error).__name__, tries=taken.tries, retry=retry)
            async with self._database.begin() as unit:
                await unit.jobs.failed(taken, error, retry=retry)
            return True
        async with self._database.begin() as unit:
            await unit.jobs.done(taken)
        log.info("job_done", job=job_id, kind=kind)
        return True
