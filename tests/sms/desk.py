"""A desk for texts: stores in memory, the sample rule book, a matcher and a carrier by hand, a clock."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache

from guichet.callbacks.memory_store import MemoryAttemptStore, MemoryRequestStore
from guichet.callbacks.offering import Offering
from guichet.callbacks.request import Request
from guichet.callbacks.taking import Taken, keep, take, take_next
from guichet.carrier.events import IncomingMessage, MessageState
from guichet.citizens.citizen import Candidate, Certainty, Citizen, Evidence, Identification
from guichet.citizens.contact import Contact
from guichet.citizens.contact_memory_store import MemoryContactStore
from guichet.citizens.speaking import Helper, Spoken, Standing
from guichet.core.clock import ManualClock
from guichet.core.ids import AgentId, CitizenId, ContactId, MessageSid, RequestId
from guichet.core.jobs import AskSatisfaction, ConfirmRequest, MemoryJobQueue, SendMessage, TextContact, TextRequest
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.core.text import fold
from guichet.routing.intent import AGENT, DANGER, IntentMatch, RunnerUp
from guichet.routing.memory_agent_store import MemoryAgentStore
from guichet.routing.rule_book import RuleBook
from guichet.routing.unclear_store import MemoryUnclearStore
from guichet.routing.urgent import Urgent, heard_on
from guichet.sms.answering import Answering
from guichet.sms.gathering import GATHER
from guichet.sms.letters import Letters
from guichet.sms.memory_store import MemoryConsentStore, MemoryMessageStore
from guichet.sms.message import Direction, Message
from guichet.sms.outbox import Outbox
from guichet.sms.ports import Tools
from guichet.sms.service import SmsService
from guichet.sms.survey_memory_store import MemorySurveyStore
from guichet.sms.surveying import Surveying
from guichet.transcripts.heard import Heard
from tests.callbacks.world import HandCarrier, MemoryNames

TUESDAY_NOON = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
LINE = PhoneNumber("+33199001010")
CITIZEN = PhoneNumber("+33612345678")
MATTERS = {
    "naissance": "etat_civil_acte",
    "identite": "identite_titre",
    "didentite": "identite_titre",
    "danger": DANGER,
    "agent": AGENT,
    "birth": "etat_civil_acte",
    "horaires": "horaires_adresse",
}
TITLES = {
    "etat_civil_acte": Bilingual("Acte de naissance", "Birth certificate"),
    "identite_titre": Bilingual("Carte d’identité", "Identity card"),
    AGENT: Bilingual("Parler à un agent", "Talk to an agent"),
}


@cache
def book() -> RuleBook:
    """Return the sample rule book."""
    return RuleBook.load()


def own_emergency() -> Bilingual:
    """Return the book's words for a danger."""
    own = book().messages.emergency
    assert own is not None
    return own


def match(readings: Sequence[str]) -> IntentMatch:
    """Match by one word."""
    for word in fold(readings[0]).split():
        if word in MATTERS:
            return IntentMatch(readings[0], MATTERS[word], 0.9, because=(word,))
    return IntentMatch(readings[0], None, 0.1, RunnerUp("identite_titre", 0.1))


def mask(text: str, language: Language, names: Sequence[str]) -> str:
    """Take every digit out, and names."""
    for name in " ".join(names).split():
        text = text.replace(name, "#")
    return "".join("#" if letter.isdigit() else letter for letter in text)


class MemoryTranscripts:
    """Transcript lines in a list."""

    def __init__(self) -> None:
        self.rows: list[tuple[ContactId, int, str, str]] = []

    async def add(self, contact: ContactId, turn: int, source: str, heard: Heard) -> None:
        """Append."""
        self.rows.append((contact, turn, source, heard.text))


@dataclass
class MemoryUnit:
    """Every store that a text touches."""

    requests: MemoryRequestStore = field(default_factory=MemoryRequestStore)
    attempts: MemoryAttemptStore = field(default_factory=MemoryAttemptStore)
    agents: MemoryAgentStore = field(default_factory=MemoryAgentStore)
    jobs: MemoryJobQueue = field(default_factory=MemoryJobQueue)
    messages: MemoryMessageStore = field(default_factory=MemoryMessageStore)
    surveys: MemorySurveyStore = field(default_factory=MemorySurveyStore)
    consents: MemoryConsentStore = field(default_factory=MemoryConsentStore)
    contacts: MemoryContactStore = field(default_factory=MemoryContactStore)
    transcripts: MemoryTranscripts = field(default_factory=MemoryTranscripts)
    unclear: MemoryUnclearStore = field(default_factory=MemoryUnclearStore)
    citizens: MemoryNames = field(default_factory=MemoryNames)


@dataclass(frozen=True, slots=True)
class Listed:
    """A text in the carrier's list."""

    message: MessageSid
    body: str
    state: MessageState = MessageState.SENT
    error: int | None = None


@dataclass
class TextingCarrier:
    """A carrier that notes what it is asked to send, and fails as told."""

    sent: list[tuple[PhoneNumber, str, str]] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    failure: Exception | None = None

    async def send_text(self, *, to: PhoneNumber, line: PhoneNumber, body: str, status_path: str) -> MessageSid:
        """Note it."""
        self.sent.append((to, body, status_path))
        if self.failure is not None:
            raise self.failure
        return MessageSid(f"SM-out-{len(self.sent)}")

    async def texts_to(self, number: PhoneNumber, since: datetime) -> Sequence[Listed]:
        """Return what the test has put there."""
        return self.listed


class HandSpeaking:
    """Mandates by hand: who holds any, whom a name means, what may be done."""

    def __init__(self) -> None:
        self.holders: set[PhoneNumber] = set()
        self.people: dict[str, CitizenId] = {}
        self.allowed = Spoken(Standing.NONE)

    async def holds(self, phone: PhoneNumber | None, day: date) -> bool:
        """Say whether it is one of theirs."""
        return phone in self.holders

    async def named(self, phone: PhoneNumber, readings: Sequence[str]) -> CitizenId | None:
        """Look the name up."""
        return self.people.get(readings[0])

    async def stands(self, helper: Helper, citizen: CitizenId | None, matter: str | None, day: date) -> Spoken:
        """Allow it to a citizen who is sure, for whom it is about."""
        return self.allowed if helper.citizen and citizen == self.allowed.citizen else Spoken(Standing.NONE)


class Desk:
    """The services under test on one shared unit; a transaction inside a transaction is an error."""

    def __init__(self) -> None:
        self.unit = MemoryUnit()
        self.clock = ManualClock(TUESDAY_NOON)
        self.carrier = TextingCarrier()
        self.known = Identification(Certainty.UNKNOWN)
        self.language: Language | None = None
        self.speaking = HandSpeaking()
        self.proof = Identification(Certainty.UNKNOWN)
        self.urgent: list[Urgent] = []
        self._texts = 0
        self._run: set[int] = set()
        self._busy = False
        self.rules = book()
        tools = Tools(
            book=self._in_force,
            match=match,
            nearest=lambda text: "etat_civil_acte" if fold(text) else None,
            tell_language=lambda text: self.language,
            identify=self._identify,
            title=lambda intent: TITLES.get(intent, Bilingual(intent, intent)),
            mask=mask,
            clock=self.clock,
            speaking=self.speaking,
            urgent=lambda line: heard_on(self.urgent, line, self.clock.now()),
        )
        self.service = SmsService(self._begin, tools)
        self.outbox = Outbox(self._begin, self.carrier, self.clock, self._in_force)
        self.letters = Letters(self._begin, tools)
        self.surveying = Surveying(self._begin, tools)
        self.answering = Answering(self._begin, self._begin, tools)
        self.offering = Offering(self._begin, self._begin, HandCarrier(), self.clock, self._in_force)
        self.taking = Hands(self)

    def _in_force(self) -> RuleBook:
        return self.rules

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[MemoryUnit]:
        assert not self._busy, "a transaction inside a transaction"
        self._busy = True
        try:
            yield self.unit
        finally:
            self._busy = False

    async def _identify(self, evidence: Evidence) -> Identification:
        assert not self._busy
        return self.proof if evidence.birth_dates else self.known

    def knows(self, name: str) -> None:
        """Let the number be surely one citizen's."""
        citizen = Citizen(CitizenId(name), "1", name, "Dubois")
        self.known = Identification(Certainty.SURE, (Candidate(citizen, 0.99, ()),))

    async def writes(
        self, body: str, *, sid: str | None = None, opt_out: str | None = None, goes_on: bool = False
    ) -> str | None:
        """Let the citizen write, run every job that is due, and return the reply if there is one.

        They take their time before the next text, unless it `goes_on` in another one.
        """
        self._texts += 1
        self.clock.move(timedelta(seconds=1))
        before = len(self.carrier.sent)
        incoming = IncomingMessage(MessageSid(sid or f"SM{self._texts}"), CITIZEN, LINE, body, opt_out=opt_out)
        await self.service.receive(incoming)
        await self.run_jobs()
        if not goes_on:
            self.clock.move(GATHER)
            await self.run_jobs()
        sent = self.carrier.sent[before:]
        assert len(sent) <= 1, "more than one reply"
        return sent[0][1] if sent else None

    async def run_jobs(self) -> None:
        """Run the jobs that are due, each once."""
        while due := self._due():
            job = self.unit.jobs.jobs[due[0]]
            self._run.add(due[0])
            match job:
                case SendMessage(message_id):
                    await self.outbox.deliver(message_id)
                case ConfirmRequest(request_id):
                    await self.letters.confirm_request(request_id)
                case TextContact(contact_id, template):
                    await self.letters.text_contact(contact_id, template)
                case TextRequest(request_id, template):
                    await self.letters.text_request(request_id, template)
                case AskSatisfaction(request_id):
                    await self.surveying.ask(request_id)
                case _:
                    continue

    def _due(self) -> list[int]:
        """Return the places of the jobs that are due, and have not been run."""
        times = enumerate(self.unit.jobs.not_before)
        return [place for place, at in times if place not in self._run and (at is None or at <= self.clock.now())]

    async def contact(self, sid: str) -> Contact:
        """Return the conversation that began with a message."""
        from guichet.citizens.contact import Channel

        found = await self.unit.contacts.by_carrier_id(Channel.SMS, sid)
        assert found is not None
        return found

    @property
    def ours(self) -> list[Message]:
        """Our texts."""
        return [row for row in self.unit.messages.rows.values() if row.direction is Direction.OUT]


class Hands:
    """What agents do with requests at this desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def take(self, agent: AgentId, request: RequestId) -> Request:
        """Take one."""
        async with self._desk._begin() as unit:
            taken = await take(unit, request, agent, self._desk.clock.now())
        assert not isinstance(taken, Taken)
        return taken

    async def take_next(self, agent: AgentId) -> Request | None:
        """Take the first in the order."""
        async with self._desk._begin() as unit:
            return await take_next(unit, agent, self._desk.rules, self._desk.clock.now())

    async def keep(self, agent: AgentId, request: RequestId) -> None:
        """Go on with one."""
        async with self._desk._begin() as unit:
            await keep(unit, request, agent, self._desk.clock.now())
