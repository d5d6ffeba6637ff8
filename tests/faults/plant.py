"""A gateway, a worker, a database, Redis and a carrier, each of which the plan may strike at any step."""

import asyncio
import socket
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import redis
import sqlalchemy as sa

from guichet.carrier.webhooks import incoming_message
from guichet.core.errors import GuichetError
from guichet.gateway import database
from guichet.gateway.app import application
from guichet.gateway.database import Database, make_engine
from guichet.gateway.job_runner import JobRunner
from guichet.gateway.outbox import outbox
from guichet.gateway.relay import Relay
from guichet.gateway.services import carrier_settings, compose
from guichet.gateway.settings import Settings, VoiceMode
from guichet.ivr.service import LONGEST_CALL
from guichet.transcripts.scripted import ScriptedRecogniser
from tests.faults.carrier import PlannedCarrier
from tests.faults.clocks import JUMP, CarrierClock, JumpingClock
from tests.faults.patience import SECONDS, Patience
from tests.faults.plan import Fault, Plan, Step
from tests.faults.process import FillableSpool, Killed, MortalCarrier, MortalDatabase, Process
from tests.faults.stalls import Stalls
from tests.journeys.moments import OPEN
from tests.journeys.world import ACCOUNT, MODELS, PUBLIC, TOKEN, _hurry, books, matcher

_JUMPS = {Fault.CLOCK_AHEAD: JUMP, Fault.CLOCK_BACK: -JUMP}
_GLANCE = 0.02
"""Real seconds between two looks at jobs under way: one of them may have been stalled meanwhile."""


class Plant:
    """Everything that is up or down."""

    def __init__(self, plan: Plan, url: str, folder: Path, gateway: str) -> None:
        self.plan = plan
        self.true_clock = CarrierClock(OPEN)
        self.clock = JumpingClock(self.true_clock)
        self.carrier = PlannedCarrier(plan, gateway, self.true_clock)
        self.carrier.mischief.kill_gateway = lambda: self._kill(self.gateway, for_long=False)
        self.recogniser = ScriptedRecogniser()
        self.http: aiohttp.ClientSession
        self.beside: Database
        """The database as no fault sees it: for people who sign in, and for the end."""
        self.next_round = asyncio.Event()
        self.handed: list[str] = []
        self.patience = Patience()
        self._url = url
        self._folder = folder
        self._port = int(gateway.rpartition(":")[2])
        self._disk_is_full = False
        self._redis_is_down = False
        self._stalls = Stalls(self.carrier.mischief, lambda: self.gateway)
        self._dead: list[Process] = []
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        self._relaying = asyncio.Lock()

    async def open(self, stack: AsyncExitStack) -> None:
        """Start everything."""
        # A busy machine that plays many runs is late: that is none of the faults.
        database._TURN_SECONDS = SECONDS
        await stack.enter_async_context(self.carrier.simulator)
        calls = self.carrier.simulator.calls
        add = calls.add
        calls.add = lambda record: self.true_clock.follow(add(record))  # type: ignore[method-assign]
        self.http = await stack.enter_async_context(aiohttp.ClientSession())
        self.beside = Database(make_engine(self._url), self.true_clock)
        _hurry(self.beside)
        if self.beside.engine.dialect.name == "sqlite":
            sa.event.listen(self.beside.engine.sync_engine, "connect", _be_patient)
        stack.push_async_callback(self.beside.close)
        stack.push_async_callback(self._close)
        self.gateway = await self._born("gateway")
        self.worker = await self._born("worker")

    async def _close(self) -> None:
        self._stalls.end()
        self.carrier.letterbox.close()
        for process in (self.gateway, self.worker, *self._dead):
            process.die()
            self._wake.set()
            await process.bury()

    async def _born(self, name: str) -> Process:
        """Start a process on the same database."""
        process = Process(name)
        settings = Settings(
            public_url=PUBLIC,
            twilio_account_sid=ACCOUNT,
            twilio_auth_tokens=(TOKEN,),
            twilio_api_url=self.carrier.simulator.api_url,
            database_url=self._url,
            data_dir=self._folder,
            models_dir=MODELS,
            voice_mode=VoiceMode.TURNS,
        )

        async def passing(step: Step, label: str) -> Fault | None:
            return await self._pass(process, step, label)

        mortal = MortalDatabase(self.beside.engine, self.clock, passing, process.check)
        carrier = MortalCarrier(carrier_settings(settings), passing, self.carrier.letterbox)
        services = compose(settings, self.clock, mortal, books(), carrier, self.recogniser)
        services.intents.matcher = matcher()
        object.__setattr__(services, "spool", FillableSpool(self._folder / "spool", lambda: self._disk_is_full))
        process.services = services
        process.runner = JobRunner(mortal, services.perform)
        process.relay = Relay(mortal, self._hand)
        if name == "gateway":
            mortal.on_commit = self._wake.set
            app = application(services, None)
            app.middlewares.insert(0, self._stalls.on_webhooks)
            await process.serve(app, socket.create_server(("127.0.0.1", self._port)))
            process.start(self._relay(process))
        return process

    async def _pass(self, process: Process, step: Step, label: str) -> Fault | None:
        """Pass a step of a process."""
        self.patience.moved()
        process.check()
        fault = self.plan.at(step, f"{process.name}, {label}")
        if fault is Fault.STALLED:
            await self._stall(process)
        elif fault in {Fault.KILLED, Fault.KILLED_FOR_LONG}:
            self._kill(process, for_long=fault is Fault.KILLED_FOR_LONG)
        elif fault in _JUMPS and not self.clock.jump(_JUMPS[fault]):
            self.plan.missed()
        elif fault is Fault.EMPTIED:
            self.handed.clear()
        self._disk_is_full |= fault is Fault.DISK_FULL_FOR_LONG
        process.check()
        if step is Step.BEFORE_COMMIT and self._disk_is_full:
            return Fault.DISK_FULL
        if step is Step.BEFORE_ASKING:
            return self._at_the_carrier(fault)
        return fault

    async def _stall(self, process: Process) -> None:
        """Let a process stand still, if it has anything under way."""
        if self._stalls.can_stand_still(process):
            await self._stalls.stand_still(process)
        else:
            self.plan.missed()

    def _at_the_carrier(self, fault: Fault | None) -> Fault | None:
        """Return what a request meets at the carrier: one that stands still keeps all of them for later."""
        if self.carrier.mischief.is_cut:
            return Fault.CARRIER_AWAY
        if fault is Fault.CARRIER_STALLED:
            self._stalls.stall_carrier()
        return Fault.CARRIER_STALLED if self._stalls.carrier_is_still else fault

    def _kill(self, process: Process, *, for_long: bool) -> None:
        if not process.alive:
            return
        process.die()
        self._dead.append(process)
        self._wake.set()
        if not for_long:
            self._loop.create_task(self.revive())

    async def revive(self) -> None:
        """Start again what is dead, as a supervisor does."""
        async with self._relaying:
            if not self.gateway.alive:
                self.gateway = await self._born("gateway")
            if not self.worker.alive:
                self.worker = await self._born("worker")
        self._work_off()

    async def mend(self) -> None:
        """Bring back what is down, except a clock."""
        self._disk_is_full = self._redis_is_down = self.carrier.mischief.is_cut = False
        await self.revive()
        if not self._stalls.carrier_is_still:
            await self.carrier.letterbox.empty()

    def _hand(self, ids: Sequence[str]) -> None:
        """Take ids of jobs, as Redis does; called in a thread."""
        fault = self.plan.at(Step.HANDING, f"{len(ids)} jobs")
        self._redis_is_down |= fault is Fault.REDIS_KILLED
        if self._redis_is_down:
            self._loop.call_soon_threadsafe(self.handed.clear)
        if self._redis_is_down or fault is Fault.REDIS_AWAY:
            raise redis.ConnectionError("away")
        if fault is Fault.KILLED:
            self._loop.call_soon_threadsafe(lambda: self._kill(self.gateway, for_long=False))
        if fault is not Fault.FORGOTTEN:
            given = [*ids, *ids] if fault is Fault.TWICE else list(ids)
            self._loop.call_soon_threadsafe(self._take, given)
        if fault is Fault.REDIS_STALLED:
            raise redis.TimeoutError("no answer")

    def _take(self, ids: Sequence[str]) -> None:
        self.handed.extend(ids)
        self._work_off()

    def _work_off(self) -> None:
        """Let the worker do what is on the queue."""
        while self.handed and self.worker.alive:
            self.worker.start(self.worker.runner.run(self.handed.pop(0)))

    async def _relay(self, process: Process) -> None:
        """Hand over after every commit."""
        while process.alive:
            await self._wake.wait()
            self._wake.clear()
            await self._hand_over()

    async def _hand_over(self) -> int:
        async with self._relaying:
            try:
                return await self.gateway.relay.once()
            except (redis.RedisError, GuichetError):
                return 0

    async def idle(self) -> None:
        """Do what is due, and what that makes due, until nothing is at this moment of the clock."""
        async with self.patience.until("no job is due"):
            while True:
                handed = await self._do(self._hand_over())
                await asyncio.sleep(0)
                busy = self.worker.busy
                if busy:
                    await asyncio.wait(busy, timeout=_GLANCE, return_when=asyncio.FIRST_COMPLETED)
                elif not handed:
                    return

    async def settled(self) -> None:
        """Wait until the carrier has nothing under way that it has begun itself, and no job is due."""
        async with self.patience.until("the carrier has nothing under way"):
            for _ in range(2):
                await self.idle()
                await self.carrier.simulator.settled()
                await self._stalls.served_late()

    async def _do(self, work: Coroutine[Any, Any, int | None]) -> int | None:
        """Let the gateway do something; None if it dies of it."""
        task = self.gateway.start(work)
        await asyncio.wait([task])
        if task.cancelled():
            return None
        if isinstance(task.exception(), (GuichetError, Killed)):
            return None
        result: int | None = task.result()
        return result

    async def pass_time(self, step: timedelta) -> None:
        """Let time pass, and everybody do what they do every few seconds."""
        self.true_clock.move(step)
        self._stalls.pass_round()
        await self.mend()
        services = self.gateway.services
        await self._do(self._replay_spool())
        await self._do(services.offering.look())
        await self._do(services.offering.warn())
        await self.carrier.send_strays(self.http)
        self.next_round.set()
        self.next_round = asyncio.Event()
        await self.settled()

    async def end_forgotten_calls(self) -> int:
        """Let hours pass, and the gateway look for calls whose end it was not told; return how many there were."""
        self.true_clock.move(LONGEST_CALL + timedelta(minutes=1))
        forgotten = await self._do(self.gateway.services.calls.end_forgotten())
        await self.settled()
        return forgotten or 0

    async def _replay_spool(self) -> int:
        services = self.gateway.services
        return await services.spool.replay(lambda form: services.texts.receive(incoming_message(form)))

    async def calm(self) -> None:
        """Let nothing more go wrong: what is down comes back, clocks are put right."""
        self.plan.calm = True
        self.clock.off = timedelta(0)
        self._stalls.end()
        await self.mend()
        await self.settled()

    async def next_due(self) -> datetime | None:
        """Return when the next job is due."""
        async with self.beside.read() as unit:
            due: datetime | None = await unit.connection.scalar(sa.select(sa.func.min(outbox.c.due_at)))
        return due


def _be_patient(connection: Any, _record: Any) -> None:
    """Let SQLite wait for other writers as long as a busy machine needs."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={1000 * SECONDS:.0f}")
    cursor.close()
