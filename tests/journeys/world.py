"""The whole gateway in one process, on a real database, with a simulated carrier over HTTP and WebSockets.

Real: composition, migration, books, citizens, routes, signatures, REST, relay and jobs. Not: RQ (jobs run as tasks)
and speech (the recogniser hears what the person's script says; `test_real_speech` has the real one). The clock stands
still until a journey moves it.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa
from aiohttp import web

from guichet.carrier.rest import TwilioCarrier
from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.log import Event, Kind
from guichet.carrier.simulator.pace import INSTANT, Pace
from guichet.carrier.simulator.parties import Action, Answers, Party
from guichet.carrier.simulator.simulator import Limits, Simulator, SimulatorSettings
from guichet.citizens.importer import CitizenImport
from guichet.core.clock import ManualClock
from guichet.core.ids import AgentId
from guichet.gateway.app import application
from guichet.gateway.database import Database
from guichet.gateway.services import Books, Services, carrier_settings, compose, open_database
from guichet.gateway.settings import Settings, VoiceMode
from guichet.routing.agent import Agent, Presence
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_matcher import IntentMatcher
from guichet.routing.rule_book import RuleBook
from guichet.transcripts.recogniser import Recogniser
from guichet.transcripts.scripted import ScriptedRecogniser
from tests.journeys import tables
from tests.journeys.jobs import Workshop
from tests.journeys.moments import OPEN
from tests.journeys.people import LINE
from tests.journeys.tongue import Tongue

PUBLIC = "https://guichet.example"
MODELS = Path(os.environ.get("GUICHET_MODELS_DIR", "var/models"))
ACCOUNT = "AC" + "0" * 31 + "7"
TOKEN = "a-token-of-the-tests"
HANGING_SECONDS = 0.3
"""How long our REST client waits where a carrier hangs: that must not hold a test up."""
PATIENCE = 20.0
"""Real seconds after which something that never happens fails a test."""


@cache
def books() -> Books:
    """Return the packaged books, read once."""
    return Books.read(Settings())


@cache
def matcher() -> IntentMatcher:
    """Return the matcher of the packaged intents, trained once."""
    return IntentMatcher.train(books().intents)


async def prepare(url: str) -> None:
    """Bring a new database to what an installation has on its first day: the tables and the sample citizens."""
    settings = Settings(database_url=url)
    async with open_database(settings, ManualClock(OPEN)) as database:
        await database.upgrade()
        sample = Path(str(files("guichet.gateway") / "samples" / "citizens.csv"))
        await CitizenImport(database.begin).run(sample, OPEN.date())


@dataclass
class World:
    """What is up, and how journeys act in it."""

    services: Services
    simulator: Simulator
    clock: ManualClock
    workshop: Workshop
    http: aiohttp.ClientSession
    base: str
    recogniser: Recogniser
    _calls: list[CallRecord] = field(default_factory=list)

    @property
    def citizens_calls(self) -> Sequence[CallRecord]:
        """The calls of citizens so far."""
        return self._calls

    @property
    def agents_calls(self) -> tuple[CallRecord, ...]:
        """The legs to agents so far."""
        return tuple(call for call in self.simulator.calls if call.direction == "outbound-api")

    def ring(
        self, number: str, caller: Answers | Sequence[Action], line: str = LINE
    ) -> tuple[CallRecord, "asyncio.Task[None]"]:
        """Begin a call."""
        record, carried = self.simulator.ring(number, line, caller)
        record.log.follow(self._hear)
        self._calls.append(record)
        return record, carried

    def say(self, *lines: str) -> None:
        """Let the scripted recogniser hear these next."""
        assert isinstance(self.recogniser, ScriptedRecogniser)
        self.recogniser.say(*lines)

    def _hear(self, event: Event) -> None:
        """Let the scripted recogniser know what is being said."""
        if event.kind is Kind.SPOKE and isinstance(self.recogniser, ScriptedRecogniser):
            self.say(event.what)

    async def call(self, number: str, caller: Answers | Sequence[Action], line: str = LINE) -> CallRecord:
        """Carry a call to its end, with everything it causes at this moment of the clock."""
        record, carried = self.ring(number, caller, line)
        async with asyncio.timeout(PATIENCE):
            await carried
        await self.settled()
        return record

    async def text(self, number: str, body: str, line: str = LINE) -> None:
        """Send a text, with everything it causes at this moment of the clock."""
        async with asyncio.timeout(PATIENCE):
            await self.simulator.text(number, line, body)
        await self.settled()

    async def settled(self) -> None:
        """Wait until every webhook is answered, every leg to an agent is over and every job that is due is done."""
        async with asyncio.timeout(PATIENCE):
            seen = -1
            while seen != self.workshop.done:
                seen = self.workshop.done
                await self.workshop.idle()
                await self.simulator.settled()
                await self.workshop.idle()

    async def move(self, step: timedelta) -> None:
        """Move the clock and do what has become due; calls that are under way go on meanwhile."""
        self.clock.move(step)
        async with asyncio.timeout(PATIENCE):
            await self.workshop.idle()

    async def until(self, record: CallRecord, is_it: Callable[[Event], bool]) -> None:
        """Wait until something has happened in a call."""
        happened = asyncio.Event()
        record.log.follow(lambda event: happened.set() if is_it(event) else None)
        async with asyncio.timeout(PATIENCE):
            await happened.wait()

    async def until_over_or_held(self, calls: Sequence[tuple[CallRecord, "asyncio.Task[None]"]]) -> bool:
        """Wait until every call is over or on hold; return whether one is on hold."""
        changed = asyncio.Event()
        for record, carried in calls:
            record.log.follow(lambda _: changed.set())
            carried.add_done_callback(lambda _: changed.set())
        async with asyncio.timeout(PATIENCE):
            while True:
                left = [record for record, carried in calls if not carried.done()]
                if all(is_held(record) for record in left):
                    return bool(left)
                changed.clear()
                await changed.wait()

    async def until_said(self, record: CallRecord, piece: str) -> None:
        """Wait until somebody has heard this."""
        await self.until(record, lambda event: event.kind is Kind.SAID and piece in event.what)

    async def until_round(self, record: CallRecord) -> None:
        """Wait until a caller on hold has been asked about once more, or the call is over."""
        heard = len(record.log.events)
        await self.until(record, lambda _: len(record.log.events) > heard + 8 or record.state.is_final)

    async def hire(self, agent: Agent, party: Party) -> None:
        """Add an agent, and how they answer their telephone."""
        self.simulator.party(agent.phone.address, party)
        async with self.services.database.begin() as unit:
            await unit.agents.add(replace(agent, since=self.clock.now()))

    async def presence(self, name: str, after: Presence) -> None:
        """Let an agent change their own presence."""
        async with self.services.database.begin() as unit:
            known = await unit.agents.get(AgentId(f"agent_{name}"))
            assert known.presence in {Presence.AVAILABLE, Presence.PAUSE, Presence.AWAY, Presence.WRAP_UP}
            await unit.agents.change(known.id, known.presence, after, self.clock.now())

    async def busy(self, name: str) -> None:
        """Let an agent, whatever they did, be at work with somebody whom nobody else sees."""
        async with self.services.database.begin() as unit:
            known = await unit.agents.get(AgentId(f"agent_{name}"))
            await unit.agents.change(known.id, known.presence, Presence.BUSY, self.clock.now())

    async def presence_if_away(self, name: str) -> None:
        """Let an agent who was taken for absent be available again."""
        async with self.services.database.begin() as unit:
            await unit.agents.change(AgentId(f"agent_{name}"), Presence.AWAY, Presence.AVAILABLE, self.clock.now())

    def expect_hanging(self) -> None:
        """Let our REST client lose patience soon; to be called before anything is asked of the carrier."""
        carrier = self.services.carrier
        assert isinstance(carrier, TwilioCarrier)
        carrier._settings = replace(carrier._settings, timeout_seconds=HANGING_SECONDS)

    async def tables(self) -> tables.Tables:
        """Read the database."""
        return await tables.read(self.services.database)


def is_held(record: CallRecord) -> bool:
    """Whether a caller is on hold now."""
    return [event.what for event in record.log.of(Kind.HOLD)][-1:] == ["entered"]


@asynccontextmanager
async def open_world(
    database_url: str,
    folder: Path,
    recogniser: Recogniser | None = None,
    speed: float = INSTANT,
    voice_mode: VoiceMode = VoiceMode.TURNS,
    rules: RuleBook | None = None,
    *,
    intents: IntentBook | None = None,
    more: Mapping[str, Any] | None = None,
) -> AsyncIterator[World]:
    """Open the gateway on a prepared database; `speed` is that of the simulated telephones, `intents` a book to use.

    `more` are further settings.
    """
    tongue = Tongue()
    clock = ManualClock(OPEN)
    recogniser = recogniser or ScriptedRecogniser()
    door = socket.create_server(("127.0.0.1", 0), backlog=512)
    base = f"http://127.0.0.1:{door.getsockname()[1]}"
    async with AsyncExitStack() as stack:
        simulator = await stack.enter_async_context(
            Simulator(
                SimulatorSettings(
                    account_sid=ACCOUNT,
                    auth_token=TOKEN,
                    gateway_url=base,
                    public_url=PUBLIC,
                    pace=Pace(speed),
                    strict=True,
                    limits=Limits(webhook_seconds=5.0, hold_seconds=15.0, stream_seconds=3600.0),
                    clock=clock,
                    ears=tongue.understand,
                )
            )
        )
        settings = Settings(
            public_url=PUBLIC,
            twilio_account_sid=ACCOUNT,
            twilio_auth_tokens=(TOKEN,),
            twilio_api_url=simulator.api_url,
            database_url=database_url,
            data_dir=folder,
            models_dir=MODELS,
            voice_mode=voice_mode,
            **(more or {}),
        )
        database = await stack.enter_async_context(open_database(settings, clock))
        _hurry(database)
        carrier = TwilioCarrier(carrier_settings(settings))
        stack.push_async_callback(carrier.close)
        shelf = replace(books(), rules=rules) if rules else books()
        shelf = replace(shelf, intents=intents) if intents else shelf
        services = compose(settings, clock, database, shelf, carrier, recogniser)
        services.intents.matcher = matcher()
        if services.duplex is not None:
            services.duplex._voice._synthesise = tongue.synthesise
        workshop = Workshop(services)
        stack.push_async_callback(workshop.close)
        await _serve(stack, services, door)
        relaying = asyncio.create_task(workshop.run())
        stack.push_async_callback(_stop, relaying)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield World(services, simulator, clock, workshop, http, base, recogniser)


def _hurry(database: Database) -> None:
    """Let SQLite not wait for the disk: no journey pulls the plug."""
    if database.engine.dialect.name == "sqlite":

        @sa.event.listens_for(database.engine.sync_engine, "connect")
        def hurry(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.close()


async def _serve(stack: AsyncExitStack, services: Services, door: socket.socket) -> None:
    """Serve the real application on a socket that is open."""
    runner = web.AppRunner(application(services, None), access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, door).start()


async def _stop(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
