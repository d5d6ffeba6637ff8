"""The RQ worker process: takes ids of outbox rows from Redis and runs them, each in a process of its own (fork).

The flags make a worker that was killed in mid-job noticed within seconds (docs/decisions.md). A job runs with
services of its own; what is slow to import is imported before the fork.
"""

import asyncio
import os
from typing import Any

import redis
import structlog
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from guichet.core.errors import BadInput, Unavailable
from guichet.gateway import child, embedded_redis
from guichet.gateway.job_runner import JobRunner
from guichet.gateway.relay import QUEUE, Relay, RqHand, connect
from guichet.gateway.services import Books, carrier_settings, open_services
from guichet.gateway.settings import Settings, load

log = structlog.get_logger(__name__)


class PatientWorker(Worker):
    """Meets a Redis that is away again every few seconds, however long that lasts."""

    max_connection_wait_time = 3
    """Seconds between two tries; RQ's own are up to 60, and a citizen waits."""


def redis_url(settings: Settings) -> str:
    """Return the Redis in use: the one of the settings, or the embedded one of the data folder."""
    return settings.redis_url or embedded_redis.url(settings.data_dir)


def work(settings: Settings, *, burst: bool = False) -> None:
    """Work until told to stop (SIGTERM ends the current job first). Raises Unavailable when Redis is away."""
    Books.read(settings)
    _check_account(settings)
    connection = connect(redis_url(settings))
    try:
        connection.ping()
    except redis.RedisError as error:
        raise Unavailable(
            f"Redis does not answer ({type(error).__name__}): start it, set GUICHET_REDIS_URL, "
            "or run `guichet serve --embedded`, which has its own Redis and worker"
        ) from None
    queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
    worker = PatientWorker(
        [queue],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=30,
        maintenance_interval=10,
        job_monitoring_interval=5,
        log_job_description=False,
    )
    worker.work(burst=burst, logging_level="WARNING")


def _check_account(settings: Settings) -> None:
    account = carrier_settings(settings)
    if not account.account_sid or not account.auth_tokens:
        raise BadInput("no carrier account; set GUICHET_TWILIO_ACCOUNT_SID and GUICHET_TWILIO_AUTH_TOKENS")


def run(job_id: str, *_: Any) -> None:
    """Run one job: this is what RQ calls, in the forked process.

    Nothing is raised: RQ would keep the text of the exception, and its values with it. The row of a job that could
    not even be taken is handed over again when its lease runs out.
    """
    child.die_with_parent(os.getppid())
    try:
        asyncio.run(_run(job_id, load()))
    except Exception:
        log.exception("job_not_run", job=job_id)


async def _run(job_id: str, settings: Settings) -> None:
    async with open_services(settings) as services:
        await services.rules.refresh()
        await services.intents.refresh(train=False)
        await JobRunner(services.database, services.perform).run(job_id)
        # A job may have caused others: hand them over now rather than at the gateway's next look.
        hand = RqHand(redis_url(settings))
        try:
            await Relay(services.database, hand).once()
        finally:
            hand.close()
