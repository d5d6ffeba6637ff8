"""The gateway process: everything it needs is checked before it listens, and stopped in order when it ends."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import structlog
from aiohttp import web

from guichet.callbacks.offering import LOOK_SECONDS
from guichet.core.errors import GuichetError, Unavailable
from guichet.gateway import child, embedded_redis, logs
from guichet.gateway.app import SPEECH, application, replay_spool, required, watched
from guichet.gateway.health import examine
from guichet.gateway.relay import Relay, RqHand
from guichet.gateway.services import Services, open_database, open_services
from guichet.gateway.settings import Settings
from guichet.gateway.worker import redis_url

log = structlog.get_logger(__name__)

_WORKER_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int


def serve_forever(settings: Settings, address: Address, *, role: str, embedded: bool) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises Unavailable, naming what is missing and how to mend it."""
    logs.set_up(settings.log_level)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        worker = None
        if embedded:
            if not settings.redis_url:
                stack.enter_context(embedded_redis.run(settings.data_dir))
            asyncio.run(_upgrade(settings))
            worker = stack.enter_context(_embedded_worker())
        asyncio.run(_serve(settings, address, role, worker))


async def _upgrade(settings: Settings) -> None:
    async with open_database(settings) as database:
        await database.upgrade()


class EmbeddedWorker:
    """A worker process of the gateway's own; started again when it dies."""

    def __init__(self) -> None:
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return child.spawn([sys.executable, "-m", "guichet", "worker"])

    def look(self) -> None:
        """Start it again if it is gone."""
        if self._process.poll() is not None:
            log.warning("worker_restarted", exit_code=self._process.returncode)
            self._process = self._start()

    def stop(self) -> None:
        """End it."""
        child.stop(self._process)


@contextmanager
def _embedded_worker() -> Iterator[EmbeddedWorker]:
    worker = EmbeddedWorker()
    try:
        yield worker
    finally:
        worker.stop()


async def _serve(settings: Settings, address: Address, role: str, worker: EmbeddedWorker | None) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    hand = RqHand(redis_url(settings))
    async with open_services(settings, speech=role != "web") as services:
        await _refuse_to_start_without(services, hand, role)
        relay = Relay(services.database, hand)
        services.database.on_commit = relay.wake
        runner = web.AppRunner(application(services, hand, role), access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, address.host, address.port, backlog=1024)
            try:
                await site.start()
            except OSError as error:
                raise Unavailable(
                    f"cannot listen on {address.host}:{address.port} ({error.strerror}): choose another --port"
                ) from None
            log.info("serving", host=address.host, port=address.port, role=role)
            async with asyncio.TaskGroup() as tasks:
                background = [
                    tasks.create_task(relay.run()),
                    tasks.create_task(replay_spool(services)),
                    tasks.create_task(_look_around(services)),
                ]
                if worker is not None:
                    background.append(tasks.create_task(_watch(worker)))
                await stopped.wait()
                for task in background:
                    task.cancel()
        finally:
            await runner.cleanup()
            hand.close()
    log.info("stopped")


async def _look_around(services: Services) -> None:
    """Bring free agents and those who wait together, whatever webhook was lost; an away database is waited for."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await services.offering.look()
            await services.offering.warn()
        except GuichetError as error:
            log.warning("look_waits", reason=type(error).__name__)


async def _watch(worker: EmbeddedWorker) -> None:
    while True:
        await asyncio.sleep(_WORKER_LOOK_SECONDS)
        worker.look()


async def _refuse_to_start_without(services: Services, hand: RqHand, role: str) -> None:
    """Say at once which dependency is missing: what is required stops us, the rest is told and served without."""
    needed = await examine(required(services, hand, role))
    faults = [f"{name}: {fault}" for name, fault in needed.faults.items() if fault and name != SPEECH]
    if faults:
        raise Unavailable("cannot start. " + "; ".join(faults))
    missed = await examine(watched(services))
    for name, fault in (*needed.faults.items(), *missed.faults.items()):
        if fault:
            log.warning("missing", dependency=name, mend=fault)
