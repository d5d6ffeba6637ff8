"""Who stands still, for minutes: a worker, the gateway on a webhook, the carrier. Everybody else goes on meanwhile."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.faults.carrier import PlannedMischief
from tests.faults.process import Process

ROUNDS = 3
"""For how many steps of time."""


@dataclass(frozen=True, slots=True)
class _Served:
    """A webhook that is being served."""

    request: web.Request
    over: asyncio.Future[None]
    by: asyncio.Task[Any] | None


_serving: ContextVar[_Served | None] = ContextVar("serving", default=None)


class Stalls:
    """Lets them stand still, and go on."""

    def __init__(self, mischief: PlannedMischief, gateway: Callable[[], Process]) -> None:
        self._mischief = mischief
        self._gateway = gateway
        self._round = 0
        self._carrier_until = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._late: set[asyncio.Future[None]] = set()
        """Webhooks on which the gateway has stood still, and which it serves now, for nobody."""

    @staticmethod
    def can_stand_still(process: Process) -> bool:
        """Whether a process may stand still in what it does at this moment: a job, or a webhook."""
        task, served = asyncio.current_task(), _serving.get()
        return task in process.tasks if process.name == "worker" else served is not None and served.by is task

    async def stand_still(self, process: Process) -> None:
        """Let a process stand still in what it does at this moment, where it can."""
        task, served = asyncio.current_task(), _serving.get()
        if process.name == "worker" and task is not None:
            process.stalled.add(task)
            await self._minutes()
            process.stalled.discard(task)
        elif served is not None:
            self._late.discard(served.over)
            if served.request.transport is not None:
                served.request.transport.abort()
            await self._minutes()
            self._late.add(served.over)

    @web.middleware
    async def on_webhooks(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let the gateway stand still on a webhook that was sent to meet it so: the carrier gives up, then it goes on.

        What is true of one webhook is true of all that a process has under way: it may have only this one.
        """
        served = _Served(request, asyncio.get_running_loop().create_future(), asyncio.current_task())
        _serving.set(served)
        try:
            if self._mischief.is_to_stall(request.path_qs):
                await request.read()
                await self.stand_still(self._gateway())
            return await handler(request)
        finally:
            self._late.discard(served.over)
            served.over.set_result(None)
            _serving.set(None)

    def stall_carrier(self) -> None:
        """Let the carrier stand still."""
        self._carrier_until = self._round + ROUNDS

    @property
    def carrier_is_still(self) -> bool:
        """Whether the carrier stands still."""
        return self._round < self._carrier_until

    async def served_late(self) -> None:
        """Wait until no webhook is being served for nobody."""
        if self._late:
            await asyncio.wait(self._late)

    def pass_round(self) -> None:
        """Take in that a step of time has passed."""
        self._round += 1
        self._release([stall for stall in self._waiting if stall[0] <= self._round])

    def end(self) -> None:
        """Let everybody go on."""
        self._carrier_until = 0
        self._release(self._waiting)

    def _release(self, over: list[tuple[int, asyncio.Future[None]]]) -> None:
        self._waiting = [stall for stall in self._waiting if stall not in over]
        for _, until in over:
            if not until.done():
                until.set_result(None)

    async def _minutes(self) -> None:
        until: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((self._round + ROUNDS, until))
        await until
