"""The relay: hands the due jobs of the outbox to RQ, at once after a commit and every second anyway."""

import asyncio
from collections.abc import Callable, Sequence

import redis
import structlog
from rq import Queue
from rq.serializers import JSONSerializer

from guichet.core.errors import GuichetError, Unavailable
from guichet.gateway.database import Database

log = structlog.get_logger(__name__)

QUEUE = "guichet"
RUN = "guichet.gateway.worker.run"
"""What RQ calls in a worker, by name: the gateway need not import it."""
KEPT_SECONDS = 60


class RqHand:
    """Puts ids of outbox rows on the RQ queue. Blocking; called from a thread."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        self._queue = Queue(QUEUE, connection=self._redis, serializer=JSONSerializer)

    def __call__(self, ids: Sequence[str]) -> None:
        """Enqueue; the outbox makes a second copy harmless. Raises redis.RedisError when Redis is away."""
        prepared = [
            Queue.prepare_data(RUN, args=(job_id,), result_ttl=KEPT_SECONDS, failure_ttl=KEPT_SECONDS) for job_id in ids
        ]
        self._queue.enqueue_many(prepared)

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
            try:
                async with asyncio.timeout(self._seconds):
                    await self._wake.wait()
            except TimeoutError:
                continue
