"""A gateway for calls only, over real HTTP and WebSockets, and a carrier's end of a call to try it with."""

import asyncio
import base64
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import numpy as np
from aiohttp import ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.memory_store import MemoryAttemptStore, MemoryRequestStore
from guichet.callbacks.sql_attempts import SqlAttemptStore
from guichet.callbacks.sql_store import SqlRequestStore
from guichet.carrier.memory import MemoryCarrier
from guichet.carrier.signature import SignatureCheck, sign
from guichet.carrier.twiml import Site, render
from guichet.citizens.citizen import Citizen, Evidence, Identification
from guichet.citizens.contact import Channel, Contact
from guichet.citizens.contact_memory_store import MemoryContactStore
from guichet.citizens.contact_sql_store import SqlContactStore
from guichet.citizens.memory_store import MemoryCitizenStore
from guichet.citizens.record_memory_store import MemoryRecordStore
from guichet.citizens.record_sql_store import SqlRecordStore
from guichet.citizens.service import CitizenService
from guichet.citizens.speaking import SpeakingService
from guichet.citizens.sql_store import SqlCitizenStore
from guichet.core.clock import ManualClock
from guichet.core.errors import Unavailable
from guichet.core.ids import ContactId
from guichet.core.jobs import MemoryJobQueue
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.ivr.hold import HoldService
from guichet.ivr.lines import Scripts
from guichet.ivr.listening import Ears, ListeningService
from guichet.ivr.memory_store import MemoryCallStore
from guichet.ivr.ports import Tools, Unit
from guichet.ivr.recording_sql_store import SqlRecordingStore
from guichet.ivr.recording_store import MemoryRecordingStore
from guichet.ivr.recordings import RecordingService, Studio
from guichet.ivr.service import CallService
from guichet.ivr.speaker import Speakers
from guichet.ivr.sql_store import SqlCallStore
from guichet.ivr.stream import MediaStreams, Patience
from guichet.ivr.supervisor_line import SupervisorLine
from guichet.ivr.tokens import Tokens
from guichet.ivr.web import Voice, routes
from guichet.routing.intent import AGENT, DANGER, IntentMatch
from guichet.routing.memory_agent_store import MemoryAgentStore
from guichet.routing.rule_book import SAMPLE, RuleBook
from guichet.routing.sql_agent_store import SqlAgentStore
from guichet.routing.unclear_store import MemoryUnclearStore, SqlUnclearStore
from guichet.routing.urgent import Urgent, heard_on
from guichet.transcripts import redact
from guichet.transcripts.heard import Expectation, Heard, SpokenDate
from guichet.transcripts.mulaw import encode
from guichet.transcripts.recogniser import Recogniser
from guichet.transcripts.redaction.known import Known
from guichet.transcripts.scripted import ScriptedDecoder, ScriptedRecogniser
from tests.conftest import Engines

TOKEN = "12345"
PUBLIC = "https://guichet.example"
LINE = "+33199001010"
ENGLISH_LINE = "+442079460010"
CALLER = "+33612345678"
MONDAY_MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
FRAME = 160

_rng = np.random.default_rng(7)
VOICE = encode((_rng.normal(0, 6000, 8000)).astype(np.int16))
"""One second of something loud."""
QUIET = b"\xff" * 16000
"""Two seconds of nothing."""

MATTERS = {
    "certificate": "etat_civil_acte",
    "acte": "etat_civil_acte",
    "open": "horaires_adresse",
    "gas": DANGER,
    "human": AGENT,
    "housing": "logement_social",
}


def match(readings: Sequence[str]) -> IntentMatch:
    """Match by one word."""
    found = next((intent for word, intent in MATTERS.items() if word in readings[0]), None)
    return IntentMatch(readings[0], found, 0.9 if found else 0.1)


def understand(heard: Heard, expects: Expectation) -> str | None:
    """Understand one date."""
    return "1985-03-03" if isinstance(expects, SpokenDate) and "eighty five" in heard.text else None


def mask(heard: Heard, known: Known) -> Heard:
    """Mask as the gateway does."""
    return redact.mask(heard, known=known)


@dataclass
class Transcripts:
    """Lines of the transcripts."""

    lines: list[tuple[ContactId, int, str, Heard]] = field(default_factory=list)

    async def add(self, contact: ContactId, turn: int, source: str, heard: Heard) -> None:
        """Keep a line."""
        self.lines.append((contact, turn, source, heard))


@dataclass
class HandUnit:
    """One transaction's stores."""

    calls: Any
    contacts: Any
    requests: Any
    attempts: Any
    agents: Any
    citizens: Any
    records: Any
    unclear: Any
    jobs: MemoryJobQueue
    transcripts: Transcripts
    recordings: Any


class Stores:
    """Opens transactions on memory or SQL; `away` makes each of them fail."""

    def __init__(self, connect: Callable[[], AbstractAsyncContextManager[AsyncConnection]] | None) -> None:
        self._connect = connect
        self._turn = asyncio.Lock()
        self.away = False
        self.begun = 0
        self.jobs = MemoryJobQueue()
        self.transcripts = Transcripts()
        self._memory = HandUnit(
            MemoryCallStore(),
            MemoryContactStore(),
            MemoryRequestStore(),
            MemoryAttemptStore(),
            MemoryAgentStore(),
            MemoryCitizenStore(),
            MemoryRecordStore(),
            MemoryUnclearStore(),
            self.jobs,
            self.transcripts,
            MemoryRecordingStore(),
        )

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Any]:
        """Open a transaction."""
        if self.away:
            raise Unavailable("the database does not answer")
        self.begun += 1
        async with self._turn:
            if self._connect is None:
                yield self._memory
                return
            async with self._connect() as connection:
                yield HandUnit(
                    SqlCallStore(connection),
                    SqlContactStore(connection),
                    SqlRequestStore(connection),
                    SqlAttemptStore(connection),
                    SqlAgentStore(connection),
                    SqlCitizenStore(connection),
                    SqlRecordStore(connection),
                    SqlUnclearStore(connection),
                    self.jobs,
                    self.transcripts,
                    SqlRecordingStore(connection),
                )


@dataclass
class Rules:
    """The rule book in force; `next` comes into force while somebody is being looked up, in the middle of a turn."""

    book: RuleBook
    next: RuleBook | None = None
    urgent: list[Urgent] = field(default_factory=list)

    def publish(self) -> None:
        """Let the next one come into force."""
        self.book, self.next = self.next or self.book, None


@dataclass
class World:
    """The gateway, its insides, and the client of its HTTP server."""

    stores: Stores
    clock: ManualClock
    recogniser: ScriptedRecogniser
    client: TestClient[web.Request, web.Application]
    recordings: RecordingService
    carrier: MemoryCarrier
    rules: Rules
    sids: "count[int]" = field(default_factory=lambda: count(1))

    def caller(self, number: str = CALLER, line: str = LINE) -> "Caller":
        """Return somebody who will ring."""
        return Caller(self, f"CA{next(self.sids):032x}", number, line)

    async def add_citizens(self, *citizens: Citizen) -> None:
        """Put people into the record."""
        async with self.stores.begin() as unit:
            await unit.citizens.save_all(citizens)

    async def contact(self, caller: "Caller") -> Contact:
        """Return the contact of a call."""
        async with self.stores.begin() as unit:
            found = await unit.contacts.by_carrier_id(Channel.VOICE, caller.sid)
        assert found is not None
        return found  # type: ignore[no-any-return]  # the unit is any of several

    async def post(self, path: str, form: dict[str, str], token: str = TOKEN) -> tuple[int, str]:
        """Post a signed form."""
        headers = {"X-Twilio-Signature": sign(token, f"{PUBLIC}{path}", form)}
        async with self.client.post(path, data=form, headers=headers) as response:
            return response.status, await response.text()


@dataclass
class Caller:
    """One call, seen from the carrier: it follows the verbs of each answer."""

    world: World
    sid: str
    number: str
    line: str
    answer: str = ""

    @property
    def xml(self) -> ET.Element:
        """The last answer."""
        return ET.fromstring(self.answer)

    @property
    def verbs(self) -> list[str]:
        """The names of the last answer's verbs."""
        return [element.tag for element in self.xml]

    @property
    def said(self) -> str:
        """All that the last answer says."""
        return " ".join(element.text or "" for element in self.xml.iter("Say"))

    @property
    def stream(self) -> str:
        """The path of the stream of the last answer."""
        element = self.xml.find("Connect/Stream")
        assert element is not None, self.verbs
        return urlsplit(element.attrib["url"]).path

    def form(self, **more: str) -> dict[str, str]:
        """Return the fields of a webhook of this call."""
        fields = {"CallSid": self.sid, "From": self.number, "To": self.line, "CallStatus": "in-progress"}
        return {**fields, "Direction": "inbound", **more}

    async def ask(self, path: str, **more: str) -> str:
        """Post a webhook and keep its answer."""
        status, self.answer = await self.world.post(path, self.form(**more))
        assert status == 200, self.answer
        return self.answer

    async def ring(self) -> str:
        """Call."""
        return await self.ask("/voice/incoming")

    async def press(self, keys: str) -> str:
        """Press keys during the prompt."""
        gather = self.xml.find("Gather")
        assert gather is not None
        return await self.ask(_path(gather.attrib["action"]), Digits=keys)

    async def go_on(self) -> str:
        """Do nothing at the prompt, and go on after the stream."""
        redirect = self.xml.find("Redirect")
        assert redirect is not None, self.answer
        return await self.ask(_path(redirect.text or ""))

    async def speak(self, words: str) -> str:
        """Say words in the stream, and go on."""
        self.world.recogniser.say(words)
        async with self.listened_to() as socket:
            await self.start(socket)
            await send_audio(socket, VOICE + QUIET)
            await closed(socket)
        return await self.go_on()

    async def stay_silent(self) -> str:
        """Say nothing in the stream, and go on."""
        async with self.listened_to() as socket:
            await self.start(socket)
            await send_audio(socket, QUIET * 4)
            await closed(socket)
        return await self.go_on()

    def listened_to(self, path: str | None = None) -> Any:
        """Open the stream."""
        path = path or self.stream
        headers = {"X-Twilio-Signature": sign(TOKEN, f"wss://guichet.example{path}", {})}
        return self.world.client.ws_connect(path, headers=headers)

    async def start(self, socket: ClientWebSocketResponse, call: str | None = None) -> None:
        """Send what opens a stream."""
        await socket.send_str(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        start = {"streamSid": "MZ1", "callSid": call or self.sid, "accountSid": "AC1", "tracks": ["inbound"]}
        await socket.send_str(json.dumps({"event": "start", "sequenceNumber": "1", "start": start, "streamSid": "MZ1"}))


async def send_audio(socket: ClientWebSocketResponse, audio: bytes, size: int = FRAME) -> None:
    """Send audio as fast as it goes."""
    for number, at in enumerate(range(0, len(audio), size)):
        payload = base64.b64encode(audio[at : at + size]).decode()
        media = {"track": "inbound", "chunk": str(number + 1), "timestamp": str(90 + at // 8), "payload": payload}
        if socket.closed:
            return
        try:
            await socket.send_str(json.dumps({"event": "media", "streamSid": "MZ1", "media": media}))
        except ConnectionError:
            return
        await asyncio.sleep(0)


async def send_key(socket: ClientWebSocketResponse, digit: str) -> None:
    """Send a key."""
    await socket.send_str(json.dumps({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"digit": digit}}))


async def closed(socket: ClientWebSocketResponse) -> int | None:
    """Wait until the gateway closes the socket; return its code."""
    async with asyncio.timeout(10):
        async for message in socket:
            assert message.type is WSMsgType.TEXT
    return socket.close_code


@dataclass(frozen=True)
class Setting:
    """What a gateway for calls is run with: `said` are the lines that its recorded messages are heard as."""

    hears: Sequence[Language] = tuple(Language)
    now: datetime = MONDAY_MORNING
    patience: Patience | None = None
    book: str = ""
    said: Sequence[str] = ()
    folder: Path = Path("/nonexistent")


@asynccontextmanager
async def world(engines: Engines, backend: str = "memory", **setting: Any) -> AsyncIterator[World]:
    """Run a gateway for calls; what it is run with are the fields of Setting."""
    chosen = Setting(**setting)
    if backend == "memory":
        async with _world(Stores(None), chosen) as running:
            yield running
        return
    async with engines(backend) as engine, _world(Stores(engine.begin), chosen) as running:
        yield running


@asynccontextmanager
async def _world(stores: Stores, setting: Setting) -> AsyncIterator[World]:
    clock = ManualClock(setting.now)
    rules = Rules(RuleBook.parse(SAMPLE.read_text("utf-8") + setting.book))
    citizens = CitizenService(stores.begin)

    async def identify(evidence: Evidence) -> Identification:
        rules.publish()
        return await citizens.identify(evidence)

    site = Site(PUBLIC)
    check = SignatureCheck([TOKEN], PUBLIC)
    recogniser = ScriptedRecogniser(languages=setting.hears)
    as_port: Recogniser = recogniser

    def urgent(line: PhoneNumber) -> tuple[Urgent, ...]:
        return heard_on(rules.urgent, line, clock.now())

    scripts = Scripts(lambda: rules.book, recogniser.speaks, has_room=recogniser.has_room, urgent=urgent)
    tokens = Tokens([b"secret"])
    tools = Tools(
        book=lambda: rules.book,
        scripts=scripts,
        match=match,
        tell_language=lambda _text: None,
        identify=identify,
        speaking=SpeakingService(stores.begin),
        render=partial(render, site=site),
        token=tokens.make,
        clock=clock,
    )
    begin: Callable[[], AbstractAsyncContextManager[Unit]] = stores.begin
    speakers = Speakers(begin, citizens.names)
    listening = ListeningService(begin, Ears(as_port, understand, mask), tokens, clock, knows=speakers.of)
    carrier = MemoryCarrier(clock)
    lines: deque[tuple[str, ...]] = deque((line,) for line in setting.said)
    open_decoder = lambda _language, _expects: ScriptedDecoder(lines, 0.9)  # noqa: E731 - one line
    studio = Studio(open_decoder, mask, speakers.of, setting.folder, lambda: rules.book.recordings.keeps)
    recordings = RecordingService(begin, carrier, studio, clock)
    calls, hold = CallService(begin, begin, tools), HoldService(begin, begin, clock, tools.book, urgent)
    supervisors = SupervisorLine(stores.begin, clock, tools.book, NoSecrets())
    voice = Voice(calls, hold, check, site, scripts.fallback, recordings, supervisors)
    streams = MediaStreams(listening, check, setting.patience or Patience(ending=2.0))
    app = web.Application()
    app.add_routes([*routes(voice), *streams.routes()])
    async with TestClient(TestServer(app)) as client:
        yield World(stores, clock, recogniser, client, recordings, carrier, rules)
    await streams.close()
    await recogniser.close()


class NoSecrets:
    """No PIN is right."""

    async def is_right(self, kept: str, password: str) -> bool:  # the port's
        """Say no."""
        return False


def _path(url: str) -> str:
    """Return path and query of one of our addresses."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
