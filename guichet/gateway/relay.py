"""The relay: hands the due jobs of the outbox to RQ, at once after a commit and every second anyway."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import redis
import structlog
from rq import Queue
from rq.serializers import JSONSerializer

from guichet.core.errors import BadInput, GuichetError, Unavailable
from guichet.gateway.database import Database

log = structlog.get_logger(__name__)

QUEUE = "guichet"
RUN = "guichet.gateway.worker.run"
"""What RQ calls in a worker, by name: the gateway need not import it."""
KEPT_SECONDS = 60
"""How long RQ remembers a job that it could not run; one that was run is forgotten at once: the outbox knows."""
LONGEST_SECONDS = 110
"""The longest that a job may take, a little less than its lease: so no other worker begins it meanwhile."""


def connect(url: str, **options: Any) -> redis.Redis:
    """Return a client for a URL; nothing is sent yet. Raises BadInput for what is no Redis URL."""
    try:
        return redis.Redis.from_url(url, **options)
    except ValueError:
        raise BadInput("REDIS_URL is no Redis URL: it is redis://host:6379/0, rediss://… or unix:///path") from None


class RqHand:
    """Puts ids of outbox rows on the RQ queue. Blocking; called from a thread."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url, socket_timeout=5, socket_connect_timeout=2)
        self._queue = Queue(QUEUE, connection=self._redis, serializer=JSONSerializer)

    def __call__(self, ids: Sequence[str]) -> None:
        """Enqueue those that are not on the queue already: a queue that nobody works off must not grow.

        A copy that slips through is harmless: the outbox runs each job once. Raises redis.RedisError.
        """
        looking = self._redis.pipeline(transaction=False)
        for job_id in ids:
            looking.lpos(self._queue.key, job_id)
        places = looking.execute()
        self._queue.enqueue_many(
            [
                Queue.prepare_data(
                    RUN, args=(job_id,), job_id=job_id, timeout=LONGEST_SECONDS, result_ttl=0, failure_ttl=KEPT_SECONDS
                )
                for job_id, place in zip(ids, places, strict=True)
                if place is None
            ]
        )

    async def check(self) -> None:
        """Ask for a sign of life. Raises Unavailable with the way out."""
        try:
            await asyncio.to_thread(self._redis.ping)
        except redis.RedisError as error:
            raise Unavailable(
                f"Redis does not answer ({type(error).__name__}): start it, set GUICHET_REDIS_URL, "
                "or run `guichet serve --embedded`"
            ) from error

    def close(self) -> None:
        """Close the connection."""
        self._redis.close()


class Relay:
    """Moves jobs from the outbox to RQ; any number of relays may run."""

    def __init__(self, database: Database, hand: Callable[[Sequence[str]], None], seconds: float = 1.0) -> None:
        self._database = database
        self._hand = hand
        self._seconds = seconds
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look at the outbox now."""
        self._wake.set()

    async def once(self) -> int:
        """Hand over what is due; return how many jobs. When Redis is away they stay due, and its error is raised."""
        async with self._database.read() as unit:
            if not await unit.jobs.is_anything_due():
                return 0
        async with self._database.begin() as unit:
            ids = await unit.jobs.hand_over()
        if ids:
            try:
                await asyncio.to_thread(self._hand, ids)
            except redis.RedisError:
                async with self._database.begin() as unit:
                    await unit.jobs.take_back(ids)
                raise
        return len(ids)

    async def run(self) -> None:
        """Relay for ever; a dependency that is away is met again every second."""
        while True:
            self._wake.clear()
            try:
                while await self.once():
                    pass
            except (redis.RedisError, GuichetError) as error:
                log.warning("relay_waits", reason=type(error).__name__)
            except Exception:
                # A fault of ours must not end the relay: nobody would be rung or written to any more.
                log.exception("relay_failed")
            try:
                async with asyncio.timeout(self._seconds):
                    await self._wake.wait()
            except TimeoutError:
                continue
