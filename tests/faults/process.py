"""A gateway or a worker that may die at any step: everything in its memory is abandoned there.

A step of a dead process raises Killed: what it was about to commit is rolled back, what it was about to ask is never
asked, its connections are cut.
"""

import asyncio
import errno
import os
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from guichet.carrier.client import PlacedCall, SentText
from guichet.carrier.rest import TwilioCarrier
from guichet.carrier.transport import CarrierSettings
from guichet.core.clock import Clock
from guichet.core.errors import GuichetError, InDoubt, Unavailable
from guichet.core.ids import CallSid, MessageSid
from guichet.core.phone import PhoneNumber
from guichet.core.telephone import Telephone
from guichet.gateway.database import Database
from guichet.gateway.job_runner import JobRunner
from guichet.gateway.new_calls import NewCalls
from guichet.gateway.relay import Relay
from guichet.gateway.services import Services
from guichet.gateway.spool import Spool
from guichet.gateway.units import SqlUnit
from guichet.ivr.opening import Opening
from tests.faults.plan import Fault, Step

T = TypeVar("T")
Pass = Callable[[Step, str], Awaitable[Fault | None]]
"""Passes a step: raises Killed where the process dies or is dead; returns a fault that the step itself acts out."""
_FULL = sqlite3.OperationalError("database or disk is full")


class Killed(asyncio.CancelledError):
    """The process that did this is dead."""


class MortalDatabase(Database):
    """A database whose transactions can be the last thing that a process does."""

    def __init__(self, engine: AsyncEngine, clock: Clock, passing: Pass, alive: Callable[[], None]) -> None:
        super().__init__(engine, clock)
        self._pass = passing
        self._alive = alive
        self._in_one_go = None  # a transaction in one go passes no step
        if self.new_calls is not None:
            self.new_calls = _MortalNewCalls(self.new_calls, passing)  # type: ignore[assignment]

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlUnit]:
        """Open a transaction that may write."""
        self._alive()
        async with super().begin() as unit:
            yield unit
            await commits(self._pass, "a transaction")
        await self._pass(Step.AFTER_COMMIT, "a transaction")

    async def close(self) -> None:
        """Close what is this process's own: the engine keeps nothing but connections, and serves the next one."""
        if self.new_calls is not None:
            await self.new_calls.close()
        if self.finding is not None:
            await self.finding.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqlUnit]:
        """Open a transaction that only reads."""
        self._alive()
        async with super().read() as unit:
            yield unit


async def commits(passing: Pass, label: str) -> None:
    """Pass the step before a commit: the disk may be full."""
    fault = await passing(Step.BEFORE_COMMIT, label)
    if fault in {Fault.DISK_FULL, Fault.DISK_FULL_FOR_LONG}:
        raise sa.exc.OperationalError("COMMIT", None, _FULL)


class _MortalNewCalls:
    def __init__(self, new_calls: NewCalls, passing: Pass) -> None:
        self._new_calls = new_calls
        self._pass = passing

    async def add(self, opening: Opening) -> None:
        try:
            await commits(self._pass, "a new call")
        except sa.exc.OperationalError:
            raise Unavailable("the disk is full") from None
        await self._new_calls.add(opening)
        await self._pass(Step.AFTER_COMMIT, "a new call")

    async def close(self) -> None:
        await self._new_calls.close()


class Letterbox:
    """Requests that reach a carrier which stands still: it does them in their order when it goes on, for nobody."""

    def __init__(self) -> None:
        self._waiting: list[Coroutine[Any, Any, Any]] = []

    def put(self, request: Coroutine[Any, Any, Any]) -> None:
        """Leave a request."""
        self._waiting.append(request)

    async def empty(self) -> None:
        """Do what has been asked."""
        while self._waiting:
            with suppress(GuichetError):
                await self._waiting.pop(0)

    def close(self) -> None:
        """Forget what is left."""
        for request in self._waiting:
            request.close()


class MortalCarrier(TwilioCarrier):
    """The carrier's REST client, whose requests can be the last thing that a process does, or go wrong."""

    def __init__(self, settings: CarrierSettings, passing: Pass, letterbox: Letterbox) -> None:
        super().__init__(settings)
        self._pass = passing
        self._letterbox = letterbox

    async def send_text(self, *, to: PhoneNumber, line: PhoneNumber, body: str, status_path: str) -> MessageSid:
        """Send a text."""
        sending = super().send_text(to=to, line=line, body=body, status_path=status_path)
        return await self._asked("send a text", sending, InDoubt("no answer"))

    async def place_call(
        self,
        *,
        to: Telephone,
        line: PhoneNumber,
        answer_path: str,
        status_path: str,
        timeout: int = 25,  # noqa: ASYNC109 - seconds of ringing
    ) -> CallSid:
        """Call somebody."""
        placing = super().place_call(
            to=to, line=line, answer_path=answer_path, status_path=status_path, timeout=timeout
        )
        return await self._asked("place a call", placing, InDoubt("no answer"))

    async def end_call(self, call: CallSid) -> bool:
        """End a call."""
        return await self._asked("end a call", super().end_call(call), Unavailable("no answer"))

    async def calls_to(self, number: Telephone, since: datetime) -> tuple[PlacedCall, ...]:
        """List calls."""
        return await self._asked("list calls", super().calls_to(number, since), Unavailable("no answer"))

    async def call_of(self, call: CallSid) -> PlacedCall | None:
        """Fetch a call."""
        return await self._asked("fetch a call", super().call_of(call), Unavailable("no answer"))

    async def texts_to(self, number: PhoneNumber, since: datetime) -> tuple[SentText, ...]:
        """List texts."""
        return await self._asked("list texts", super().texts_to(number, since), Unavailable("no answer"))

    async def _asked(self, label: str, request: Coroutine[Any, Any, T], silence: GuichetError) -> T:
        """Ask, unless a fault strikes before; hear the answer, unless one strikes after."""
        with _closed_unless_asked(request):
            fault = await self._pass(Step.BEFORE_ASKING, label)
            failure = {Fault.CARRIER_AWAY: Unavailable("the carrier is away"), Fault.NEVER_ARRIVED: silence}.get(
                fault or Fault.KILLED
            )
            if failure is not None:
                raise failure
        if fault is Fault.CARRIER_STALLED:
            self._letterbox.put(request)
            raise silence
        answer = await request
        if await self._pass(Step.AFTER_ASKING, label) is Fault.ANSWER_LOST:
            raise silence
        return answer


@contextmanager
def _closed_unless_asked(request: Coroutine[Any, Any, Any]) -> Iterator[None]:
    """Forget a request that is not made."""
    try:
        yield
    except BaseException:
        request.close()
        raise


class FillableSpool(Spool):
    """A spool on a disk that may be full."""

    def __init__(self, folder: Path, is_full: Callable[[], bool]) -> None:
        super().__init__(folder)
        self._is_full = is_full

    def keep(self, form: Mapping[str, str]) -> None:
        """Write a form."""
        if self._is_full():
            raise OSError(errno.ENOSPC, "No space left on device")
        super().keep(form)


def _shut(door: socket.socket) -> None:
    """Close a listening socket, as the operating system does, but not what was accepted at it a moment ago.

    Of a server that is closed while it accepts a connection, asyncio makes a transport that nobody can close.
    """
    asyncio.get_running_loop().remove_reader(door.fileno())
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), door.fileno())


class Process:
    """One process: its services, what it serves and what it has under way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.alive = True
        self.services: Services
        self.relay: Relay
        self.runner: JobRunner
        self.tasks: set[asyncio.Task[Any]] = set()
        self.stalled: set[asyncio.Task[Any]] = set()
        self._server: web.AppRunner | None = None
        self._door: socket.socket
        self._connections: list[asyncio.Transport] = []

    def check(self) -> None:
        """Raise Killed if it is dead."""
        if not self.alive:
            raise Killed

    async def serve(self, app: web.Application, door: socket.socket) -> None:
        """Answer requests at an open socket."""
        self._server = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._server.setup()
        self._note_connections(self._server.server)
        await web.SockSite(self._server, door, backlog=64).start()
        self._door = door

    def start(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Do something, unless the process dies first."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: "asyncio.Task[Any]") -> None:
        self.tasks.discard(task)
        self.stalled.discard(task)

    @property
    def busy(self) -> Sequence["asyncio.Task[Any]"]:
        """What is under way and not stalled."""
        return [task for task in self.tasks if task not in self.stalled]

    def die(self) -> None:
        """Abandon everything: nobody who asked gets an answer, nothing that is under way gets past its next step."""
        self.alive = False
        if self._server is not None:
            _shut(self._door)
            self._cut()

    def _note_connections(self, server: web.Server | None) -> None:
        """Remember each connection: aiohttp forgets one whose handler has been killed, and does not close it.

        What was being accepted when the process died is a connection only later, however late: it is cut then.
        """
        assert server is not None
        made = server.connection_made

        def connection_made(handler: web.RequestHandler, transport: asyncio.Transport) -> None:
            self._connections.append(transport)
            made(handler, transport)
            if not self.alive:
                transport.abort()

        server.connection_made = connection_made  # type: ignore[method-assign]

    def _cut(self) -> None:
        """Cut the connections of a dead process, as the operating system does."""
        for connection in self._connections:
            connection.abort()

    async def bury(self) -> None:
        """Give back what the operating system would take back."""
        self.alive = False
        if self.tasks:
            await asyncio.wait(set(self.tasks), timeout=1.0)
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.cleanup()
            self._cut()
        await self.services.carrier.close()
        await self.services.database.close()
