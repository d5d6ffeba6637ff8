"""The RQ worker process: takes ids of outbox rows from Redis and runs them, each in a process of its own (fork).

The flags make a worker that was killed in mid-job noticed within seconds (docs/decisions.md). A job runs with
services of its own; what is slow to import is imported before the fork.
"""

import asyncio

import redis
import structlog
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from guichet.core.errors import Unavailable
from guichet.gateway import embedded_redis, logs
from guichet.gateway.job_runner import JobRunner
from guichet.gateway.relay import QUEUE, Relay, RqHand
from guichet.gateway.services import open_services
from guichet.gateway.settings import Settings, load

log = structlog.get_logger(__name__)


def redis_url(settings: Settings) -> str:
    """Return the Redis in use: the one of the settings, or the embedded one of the data folder."""
    return settings.redis_url or embedded_redis.url(settings.data_dir)


def work(settings: Settings, *, burst: bool = False) -> None:
    """Work until told to stop (SIGTERM ends the current job first). Raises Unavailable when Redis is away."""
    logs.set_up(settings.log_level)
    connection = redis.Redis.from_url(redis_url(settings))
    try:
        connection.ping()
    except redis.RedisError as error:
        raise Unavailable(
            f"Redis does not answer ({type(error).__name__}): start it, set GUICHET_REDIS_URL, "
            "or run `guichet serve --embedded`, which has its own Redis and worker"
        ) from None
    queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
    worker = Worker(
        [queue],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=30,
        maintenance_interval=10,
        job_monitoring_interval=5,
        log_job_description=False,
    )
    worker.work(burst=burst, logging_level="WARNING")


def run(job_id: str) -> None:
    """Run one job: this is what RQ calls, in the forked process."""
    asyncio.run(_run(job_id, load()))


async def _run(job_id: str, settings: Settings) -> None:
    async with open_services(settings) as services:
        await JobRunner(services.database, services.perform).run(job_id)
        # A job may have caused others: hand them over now rather than at the gateway's next look.
        hand = RqHand(redis_url(settings))
        try:
            await Relay(services.database, hand).once()
        finally:
            hand.close()
