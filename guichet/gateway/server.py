"""The gateway process: everything it needs is checked before it listens, and stopped in order when it ends.

What is cheap to check comes first, so that a mistake is told in a second or two. The recogniser loads its models while
we serve already: until it is up, `/readyz` is red and callers use the keys.
"""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from typing import Any, Self

import structlog
from aiohttp import web

from guichet.callbacks.offering import LOOK_SECONDS
from guichet.carrier.signature import SignatureCheck
from guichet.core.errors import GuichetError, Unavailable
from guichet.gateway import child, embedded_redis
from guichet.gateway.app import application, end_forgotten_calls, keep_tidy, replay_spool
from guichet.gateway.aside import Aside
from guichet.gateway.checks import indispensable, watched
from guichet.gateway.counting_days import keep_counted
from guichet.gateway.elsewhere import HeardElsewhere
from guichet.gateway.health import examine
from guichet.gateway.job_runner import JobRunner
from guichet.gateway.kept import Kept
from guichet.gateway.recogniser_process import recogniser_of
from guichet.gateway.relay import Relay, RqHand
from guichet.gateway.services import Books, Services, intent_text, open_database, open_services
from guichet.gateway.settings import Settings, make_writable
from guichet.gateway.worker import redis_url
from guichet.routing.publishing import FIRST_SIGNED, Publishing, intent_publishing
from guichet.routing.rule_book import read_text
from guichet.transcripts.vosk_recogniser import VoskRecogniser

log = structlog.get_logger(__name__)

BACKLOG = 1024
LAST_ANSWERS_SECONDS = 4.0
"""How long answers under way may take when we are told to end."""
_LOOK_SECONDS = 0.5
_YOUNG_OBJECTS = 20_000
"""New objects after which the garbage collector looks for cycles among them; Python's own 700 are a few webhooks."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int


def serve_forever(settings: Settings, address: Address, *, role: str, embedded: bool) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises BadInput or Unavailable, naming what is missing and how to mend it."""
    with ExitStack() as stack:
        Books.read(settings)
        SignatureCheck(settings.twilio_auth_tokens, settings.public_url)
        make_writable(settings.data_dir)
        listener = stack.enter_context(_bound(address))
        redis = None
        if embedded:
            asyncio.run(_upgrade(settings))
            if not settings.redis_url:
                redis = stack.enter_context(embedded_redis.kept(settings.data_dir))
        children = [redis] if redis else []
        asyncio.run(_Node(settings, role, embedded=embedded).serve(listener, children))


def _bound(address: Address) -> socket.socket:
    """Take the address, without listening yet. Raises Unavailable when it is taken."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with ExitStack() as stack:
            listener = stack.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(where)
            stack.pop_all()
            return listener
    except OSError as error:
        raise _taken(address.host, address.port, error) from None


def _taken(host: str, port: int, error: OSError) -> Unavailable:
    return Unavailable(f"cannot listen on {host}:{port} ({error.strerror}): choose another --port or --host")


async def _upgrade(settings: Settings) -> None:
    async with open_database(settings) as database:
        await database.upgrade()


def _worker() -> Kept:
    return Kept("worker", lambda: child.spawn([sys.executable, "-m", "guichet", "worker"]))


class _Node:
    """One gateway process of a role."""

    def __init__(self, settings: Settings, role: str, *, embedded: bool) -> None:
        self._settings = settings
        self._role = role
        self._embedded = embedded

    async def serve(self, listener: socket.socket, children: list[Kept]) -> None:
        """Open everything, serve until told to stop, close everything in the opposite order."""
        stopped = _told_to_stop()
        settings, role = self._settings, self._role
        async with AsyncExitStack() as stack:
            recogniser = HeardElsewhere(settings.models_dir) if role == "web" else recogniser_of(settings)
            stack.push_async_callback(recogniser.close)
            services = await stack.enter_async_context(open_services(settings, recogniser=recogniser))
            hand = RqHand(redis_url(settings))
            stack.callback(hand.close)
            await _refuse_to_start_without(services, hand)
            await _take_the_rules(services)
            await _take_the_intents(services)
            await _tell_what_is_missed(services)
            if role != "media" or services.duplex:
                # The first caller shall not wait for it.
                await asyncio.to_thread(services.intents.train)
            tasks = await stack.enter_async_context(_Tasks())
            if isinstance(recogniser, VoskRecogniser) and any(map(recogniser.speaks, settings.languages)):
                tasks.start(_load(recogniser))
            relay = Relay(services.database, hand)
            aside = Aside(services.database, JobRunner(services.database, services.perform))
            services.database.on_commit = _both(relay.wake, aside.wake)
            _spare_the_collector()
            await self._listen(stack, listener, application(services, hand, role))
            if self._embedded:
                worker = _worker()
                stack.callback(worker.stop)
                children.append(worker)
            tasks.start(relay.run())
            tasks.start(services.rules.follow(services.offering.reconsider))
            tasks.start(services.intents.follow())
            tasks.start(_look_after(children))
            if role != "media":
                tasks.start(aside.run())
                tasks.start(replay_spool(services))
                tasks.start(end_forgotten_calls(services))
                tasks.start(keep_tidy(services))
                tasks.start(keep_counted(services.counting))
                tasks.start(_look_around(services))
            log.info("serving", host=listener.getsockname()[0], port=listener.getsockname()[1], role=role)
            await tasks.until(stopped)
        log.info("stopped")

    async def _listen(self, stack: AsyncExitStack, listener: socket.socket, app: web.Application) -> None:
        """Answer requests from now on."""
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_ANSWERS_SECONDS)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        try:
            await web.SockSite(runner, listener, backlog=BACKLOG).start()
        except OSError as error:
            host, port = listener.getsockname()[:2]
            raise _taken(host, port, error) from None


class _Tasks:
    """What runs in the background: the end of one by itself is a fault of ours, and ends the process."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def start(self, work: Coroutine[None, None, None]) -> None:
        """Run it until the end."""
        self._tasks.append(asyncio.create_task(work))

    async def until(self, stopped: asyncio.Event) -> None:
        """Wait for the event, or raise what a task has died of."""
        waiting = asyncio.create_task(stopped.wait())
        try:
            left: set[asyncio.Task[Any]] = {waiting, *self._tasks}
            while not waiting.done():
                done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
                for task in done - {waiting}:
                    task.result()
        finally:
            waiting.cancel()


def _both(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    def call() -> None:
        first()
        second()

    return call


def _told_to_stop() -> asyncio.Event:
    """Return an event that SIGTERM and Ctrl-C set."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


def _spare_the_collector() -> None:
    """Take what is there for good (books, code, the matcher) out of the garbage collector's rounds; make them rarer.

    What a request leaves behind dies with its last reference; cycles can wait until there are more of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)


async def _load(recogniser: VoskRecogniser) -> None:
    """Have the models loaded; a recogniser that cannot start is told, and tried again by itself."""
    try:
        await recogniser.start()
    except Unavailable as error:
        log.warning("missing", dependency="speech", mend=f"{error}; run `guichet models verify`: callers use the keys")


async def _look_around(services: Services) -> None:
    """Bring free agents and those who wait together, whatever webhook was lost; an away database is waited for."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await services.presences.end_overdue()
            await services.offering.look()
            await services.offering.warn()
        except GuichetError as error:
            log.warning("look_waits", reason=type(error).__name__)


async def _look_after(children: list[Kept]) -> None:
    """Start again, for ever, what has died."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        for one in children:
            try:
                one.look()
            except OSError as error:
                log.error("child_not_started", error=error.strerror)  # noqa: TRY400  # what it says is all there is


async def _refuse_to_start_without(services: Services, hand: RqHand) -> None:
    """Raise Unavailable when something is missing without which nobody can be served, and say how to mend it."""
    needed = await examine(indispensable(services, hand))
    faults = [f"{name}: {fault}" for name, fault in needed.faults.items() if fault]
    if faults:
        raise Unavailable("cannot start. " + "; ".join(faults))


async def _take_the_rules(services: Services) -> None:
    """Take the rule book in force; the one of the settings becomes the first version of a new database."""
    file = services.settings.rule_book
    await Publishing(services.database.begin, services.clock).ensure_first(read_text(file), FIRST_SIGNED)
    await services.rules.refresh()
    if file is not None and services.rules.book().version != services.books.rules.version:
        mend = "publish it with `guichet rules publish`, or see `guichet rules diff FILE`"
        log.warning("rule_book_file_not_in_force", file=str(file), mend=mend)


async def _take_the_intents(services: Services) -> None:
    """Take the intent book in force, as the rule book."""
    file = services.settings.intent_book
    text = await asyncio.to_thread(intent_text, file)
    await intent_publishing(services.database.begin, services.clock).ensure_first(text, FIRST_SIGNED)
    await services.intents.refresh(train=False)
    if file is not None and services.intents.book.version != services.books.intents.version:
        mend = "publish it with `guichet intents publish`, or see `guichet intents try FILE`"
        log.warning("intent_book_file_not_in_force", file=str(file), mend=mend)


async def _tell_what_is_missed(services: Services) -> None:
    """Warn of what is served without."""
    missed = await examine(watched(services))
    for name, fault in missed.faults.items():
        if fault:
            log.warning("missing", dependency=name, mend=fault)
