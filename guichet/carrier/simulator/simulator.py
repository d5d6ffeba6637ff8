"""The simulated carrier: builds every part, listens for REST calls, and gives tests and commands one object to hold.

async with Simulator(SimulatorSettings(account, token, gateway_url, public_url)) as sim:
    record = await sim.call("+33612345678", "+33123456789", [Speak(audio, "birth certificate"), Press("1")])
"""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Self

import aiohttp
from aiohttp import web

from guichet.carrier.simulator import control, rest, rest_calls, rest_messages, rest_records, steps
from guichet.carrier.simulator.address import Address
from guichet.carrier.simulator.calls import CallBook, CallRecord
from guichet.carrier.simulator.dialling import Dialling, Manners
from guichet.carrier.simulator.flow import Flow
from guichet.carrier.simulator.holding import Holding
from guichet.carrier.simulator.leg import Ended
from guichet.carrier.simulator.messages import Messages, TextRecord
from guichet.carrier.simulator.mischief import Mischief
from guichet.carrier.simulator.outcome import VerbRunner
from guichet.carrier.simulator.pace import Pace
from guichet.carrier.simulator.parties import Action, Answers, Party, person
from guichet.carrier.simulator.progress import Hook
from guichet.carrier.simulator.prompts import Prompts
from guichet.carrier.simulator.queues import Queues
from guichet.carrier.simulator.recorder import Recorder, Recordings
from guichet.carrier.simulator.signing import Scheme
from guichet.carrier.simulator.sounds import Sounds
from guichet.carrier.simulator.streams import Streams
from guichet.carrier.simulator.switch import Switch
from guichet.carrier.simulator.talker import Ears
from guichet.carrier.simulator.texting import Texting
from guichet.carrier.simulator.webhooks import Ask, Signer, Webhooks
from guichet.core.clock import Clock, SystemClock
from guichet.core.errors import GuichetError
from guichet.core.ids import MessageSid


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The webhooks configured for the line, as at the carrier's console."""

    voice: str = "/voice/incoming"
    voice_status: str | None = "/voice/status"
    text: str = "/sms/incoming"
    fallback: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When the simulated people lose patience."""

    webhook_seconds: float = 15.0
    """Real seconds for an answer to a webhook (Twilio's own limit)."""
    stream_seconds: float = 300.0
    """Simulated seconds of a media stream that never ends."""
    reading_seconds: float = 10.0
    """Real seconds for the gateway to read what a media socket was sent, where time is not that of the wall."""
    hold_seconds: float = 60.0
    """Real seconds in a queue."""
    documents: int = 200
    """TwiML documents in one call."""


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """Where the gateway listens, how it is known at the carrier, and the account they share."""

    account_sid: str
    auth_token: str = field(repr=False)
    gateway_url: str = "http://127.0.0.1:8080"
    public_url: str = "https://guichet.example"
    api_host: str = "127.0.0.1"
    api_port: int = 0
    pace: Pace = field(default_factory=Pace)
    scheme: Scheme = Scheme.SHA1
    strict: bool = False
    """Raise Complained at the end of a call or text that Twilio would have complained about."""
    seed: int = 1
    paths: Paths = field(default_factory=Paths)
    limits: Limits = field(default_factory=Limits)
    manners: Manners = field(default_factory=Manners)
    clock: Clock = field(default_factory=SystemClock)
    """When calls and texts were made, as the lists of the REST API have it."""
    ears: Ears | None = None
    """How the people understand what is said to them over media streams; None: they only hear that it ends."""


class Complained(GuichetError):
    """Twilio would have rejected something; the message lists it."""


class Simulator:
    """A carrier with one account, as many lines and parties as one likes, and a REST API of its own."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self.settings = settings
        self.mischief = Mischief()
        self.messages = Messages(settings.clock)
        self.recordings = Recordings()
        self.queues = Queues()
        self.api_url = ""
        self._address = Address(settings.public_url.rstrip("/"), settings.gateway_url.rstrip("/"))
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except BaseException:
            await self._closing.aclose()
            raise
        return self

    async def _open(self) -> None:
        """Build every part, from the outside in."""
        settings = self.settings
        session = await self._closing.enter_async_context(
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=True)
        )
        signer = Signer(settings.auth_token, settings.scheme)
        webhooks = Webhooks(session, self._address, signer, self.mischief, settings.limits.webhook_seconds)
        fallback = None if settings.paths.fallback is None else self._address.absolute(settings.paths.fallback)
        self._flow = Flow(webhooks, fallback, settings.limits.documents)
        self._webhooks = webhooks
        self._switch = Switch(self._flow, webhooks, settings.pace, settings.clock)
        text_url = self._address.absolute(settings.paths.text)
        self._texting = Texting(webhooks, self.messages, settings.account_sid, text_url)
        self._closing.push_async_callback(webhooks.close)
        self._closing.push_async_callback(self._switch.close)
        await self._listen()
        self._flow.learn(self._verbs(Sounds(session, self._address, signer)))

    async def __aexit__(self, *_: object) -> None:
        await self._closing.aclose()

    def _verbs(self, sounds: Sounds) -> dict[type, VerbRunner]:
        """Return who runs which verb."""
        flow, settings = self._flow, self.settings
        prompts = Prompts(flow, sounds)
        patience, reading = settings.limits.stream_seconds, settings.limits.reading_seconds
        streams = Streams(flow, self._webhooks, settings.seed, patience, reading, settings.ears)
        account_url = f"{self.api_url}/2010-04-01/Accounts/{settings.account_sid}"
        return {
            steps.Say: prompts.prompt,
            steps.Play: prompts.prompt,
            steps.Pause: prompts.prompt,
            steps.Gather: prompts.gather,
            steps.Record: Recorder(flow, self.recordings, account_url).record,
            steps.Stream: streams.stream,
            steps.StopStream: streams.stop,
            steps.Enqueue: Holding(flow, self.queues, settings.limits.hold_seconds).enqueue,
            steps.Dial: Dialling(flow, self._switch, self.queues, self._address, settings.manners).dial,
            steps.Message: self._texting.verb,
        }

    async def _listen(self) -> None:
        """Serve the REST API and the control API."""
        settings = self.settings
        app = web.Application(middlewares=[rest.guard(settings.account_sid, settings.auth_token, self.mischief)])
        desk = rest_calls.CallDesk(settings.account_sid, self._switch, self._flow, self._webhooks)
        app.add_routes(rest_calls.routes(desk))
        app.add_routes(rest_messages.routes(settings.account_sid, self.messages, self._texting))
        app.add_routes(rest_records.routes(settings.account_sid, self.recordings, self.queues))
        app.add_routes(control.routes(self))
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
        await runner.setup()
        self._closing.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, settings.api_host, settings.api_port)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.api_url = f"http://{host}:{port}"

    @property
    def calls(self) -> CallBook:
        """Every call, of citizens and to agents."""
        return self._switch.calls

    @property
    def texting(self) -> Texting:
        """The log of webhooks about texts."""
        return self._texting

    def party(self, number: str, party: Party) -> None:
        """Put somebody (or nobody) at the end of a number that the gateway may call."""
        self._switch.parties[number] = party

    def ring(self, from_: str, to: str, caller: Answers | Sequence[Action]) -> tuple[CallRecord, "asyncio.Task[None]"]:
        """Begin a citizen's call; returns its record, whose log grows, and the task that carries it."""
        record = CallRecord(account=self.settings.account_sid, from_=from_, to=to, direction="inbound")
        paths, address = self.settings.paths, self._address
        hook = None if paths.voice_status is None else Hook(address.absolute(paths.voice_status))
        answer = Ask(address.absolute(paths.voice), "POST", {})
        return record, asyncio.create_task(self._switch.receive(record, person(caller), hook, answer))

    def hang_up(self, record: CallRecord) -> None:
        """Let the person on a call hang up at this instant, whatever their script says."""
        leg = self._switch.leg(record.sid)
        if leg is not None:
            leg.interrupt(Ended("person"))

    async def call(self, from_: str, to: str, caller: Answers | Sequence[Action]) -> CallRecord:
        """Carry a citizen's call to its end; raises Complained in strict mode."""
        record, task = self.ring(from_, to, caller)
        try:
            await task
        finally:
            task.cancel()
        self._complain(record.log.complaints)
        return record

    async def text(self, from_: str, to: str, body: str) -> MessageSid:
        """Carry a citizen's text to the gateway; raises Complained in strict mode."""
        before = len(self._texting.log.complaints)
        text = await self._texting.receive(from_, to, body)
        self._complain(self._texting.log.complaints[before:])
        return text.sid

    def texts_to(self, number: str) -> tuple[TextRecord, ...]:
        """Return the texts that the gateway sent to a number."""
        return self.messages.sent_to(number)

    async def settled(self) -> None:
        """Wait until no webhook and no call placed by the gateway is under way."""
        await self._switch.idle()
        await self._webhooks.settled()

    def _complain(self, complaints: Sequence[str]) -> None:
        if self.settings.strict and complaints:
            raise Complained("Twilio would complain: " + "; ".join(complaints))
