"""The composition root: builds every object by hand, in order, and closes it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar, assert_never

from guichet.callbacks.calling import Calling
from guichet.callbacks.incivility import Incivilities
from guichet.callbacks.offering import Offering
from guichet.callbacks.passing_on import PassingOn
from guichet.callbacks.presence import Presences
from guichet.callbacks.ringing import Ringing
from guichet.carrier.client import Carrier
from guichet.carrier.rest import TwilioCarrier
from guichet.carrier.signature import SignatureCheck
from guichet.carrier.transport import CarrierSettings
from guichet.carrier.twiml import Site, render
from guichet.carrier.voice import load, synthesise
from guichet.citizens.service import CitizenService
from guichet.citizens.speaking import SpeakingService
from guichet.console.hooks.service import Hooks
from guichet.console.passwords import Passwords
from guichet.core.clock import Clock, SystemClock
from guichet.core.errors import BadInput
from guichet.core.jobs import (
    AskSatisfaction,
    ConfirmRequest,
    CountDays,
    DeliverHook,
    Job,
    LapseInHand,
    MoveCaller,
    OfferNext,
    ReconcileAttempt,
    RingAgent,
    SendMessage,
    TextAgent,
    TextContact,
    TextRequest,
    TranscribeRecording,
    WarnCaller,
)
from guichet.gateway.counted import CountedCalls, CountedListening
from guichet.gateway.counting_days import DayCounting
from guichet.gateway.database import STATEMENT_SECONDS, Database, make_engine
from guichet.gateway.decoders import Decoders
from guichet.gateway.figures import Figures
from guichet.gateway.hook_services import hooks_of
from guichet.gateway.intents_in_force import IntentsInForce
from guichet.gateway.rules_in_force import RulesInForce
from guichet.gateway.settings import Settings, VoiceMode
from guichet.gateway.spool import Spool
from guichet.ivr.duplex import Duplex
from guichet.ivr.hold import HoldService
from guichet.ivr.hold_ears import HoldEars
from guichet.ivr.lines import Scripts
from guichet.ivr.listening import Ears, ListeningService
from guichet.ivr.ports import Tools
from guichet.ivr.recordings import RecordingService, Studio
from guichet.ivr.service import CallService
from guichet.ivr.speaker import Speakers
from guichet.ivr.supervisor_line import SupervisorLine
from guichet.ivr.tokens import Tokens
from guichet.ivr.voice import Voice
from guichet.routing.document import FlawedDocument
from guichet.routing.intent_book import IntentBook, packaged_text
from guichet.routing.rule_book import RuleBook
from guichet.routing.tell_language import tell_language
from guichet.sms import ports as sms_ports
from guichet.sms.agent_letters import AgentLetters
from guichet.sms.answering import Answering
from guichet.sms.letters import Letters
from guichet.sms.outbox import Outbox
from guichet.sms.service import SmsService
from guichet.sms.surveying import Surveying
from guichet.transcripts.recogniser import Recogniser
from guichet.transcripts.redact import mask, mask_text
from guichet.transcripts.redaction.known import Known
from guichet.transcripts.silent import SilentRecogniser
from guichet.transcripts.understand import understand
from guichet.transcripts.vosk_recogniser import VoskRecogniser


@dataclass(frozen=True, slots=True)
class Books:
    """The two books of the settings."""

    rules: RuleBook
    intents: IntentBook

    @classmethod
    def read(cls, settings: Settings) -> "Books":
        """Read the books of the settings, or the packaged samples. Raises BadInput with the place of a flaw."""
        return cls(
            _usable("rule book", settings.rule_book, RuleBook.load),
            _usable("intent book", settings.intent_book, _intents),
        )


B = TypeVar("B", RuleBook, IntentBook)


def _usable(kind: str, path: Path | None, read: Callable[[Path | None], B]) -> B:
    """Read a book. Raises BadInput, on one line, with the file and its first flaw."""
    try:
        return read(path)
    except FlawedDocument as flawed:
        rest = f", and {len(flawed.flaws) - 1} more flaws" if len(flawed.flaws) > 1 else ""
        raise BadInput(f"the {kind} {path or 'of the package'} cannot be used: {flawed.flaws[0]}{rest}") from None


def _intents(path: Path | None) -> IntentBook:
    return IntentBook.parse(intent_text(path))


def intent_text(path: Path | None) -> str:
    """Return the text of an intent book, the packaged one's where there is no path. Raises BadInput."""
    if path is None:
        return packaged_text()
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the intent book {path} cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a process serves with."""

    settings: Settings
    clock: Clock
    database: Database
    books: Books
    rules: RulesInForce
    intents: IntentsInForce
    carrier: Carrier
    recogniser: Recogniser
    engine: VoskRecogniser | None
    check: SignatureCheck
    site: Site
    scripts: Scripts
    calls: CallService
    hold: HoldService
    listening: ListeningService
    recordings: RecordingService
    duplex: Duplex | None
    ears: HoldEars
    offering: Offering
    ringing: Ringing
    calling: Calling
    answering: Answering
    texts: SmsService
    letters: Letters
    agent_letters: AgentLetters
    presences: Presences
    passing_on: PassingOn
    incivilities: Incivilities
    secrets: Passwords
    supervisors: SupervisorLine
    surveying: Surveying
    outbox: Outbox
    hooks: Hooks
    spool: Spool
    figures: Figures
    counting: DayCounting

    async def perform(self, job: Job) -> None:
        """Do a job: what the job runner calls."""
        match job:
            case SendMessage(message_id):
                await self.outbox.deliver(message_id)
            case ConfirmRequest() | TextContact() | TextRequest() | TextAgent() | AskSatisfaction():
                await self._compose(job)
            case TranscribeRecording(recording_id):
                await self.recordings.transcribe(recording_id)
            case DeliverHook(delivery_id):
                await self.hooks.deliver(delivery_id)
            case CountDays():
                await self.counting.count()
            case RingAgent() | OfferNext() | LapseInHand() | ReconcileAttempt() | MoveCaller() | WarnCaller():
                await self._bring_together(job)
            case _:
                assert_never(job)

    async def _compose(self, job: ConfirmRequest | TextContact | TextRequest | TextAgent | AskSatisfaction) -> None:
        """Do a job that writes a text."""
        match job:
            case ConfirmRequest(request_id):
                await self.letters.confirm_request(request_id)
            case TextContact(contact_id, template):
                await self.letters.text_contact(contact_id, template)
            case TextRequest(request_id, template):
                await self.letters.text_request(request_id, template)
            case TextAgent(agent_id, template):
                await self.agent_letters.text_agent(agent_id, template)
            case AskSatisfaction(request_id):
                await self.surveying.ask(request_id)

    async def _bring_together(
        self, job: RingAgent | OfferNext | LapseInHand | ReconcileAttempt | MoveCaller | WarnCaller
    ) -> None:
        """Do a job that brings agents and citizens together."""
        match job:
            case RingAgent(request_id):
                await self.offering.ring(request_id)
            case OfferNext():
                await self.offering.offer()
            case LapseInHand(request_id):
                await self.offering.lapse(request_id)
            case ReconcileAttempt(attempt_id):
                await self.ringing.reconcile(attempt_id)
            case MoveCaller(request_id):
                await self.passing_on.move(request_id)
            case WarnCaller(request_id, call):
                await self.incivilities.warn(request_id, call)


@asynccontextmanager
async def open_database(
    settings: Settings, clock: Clock | None = None, statement_seconds: float | None = None
) -> AsyncIterator[Database]:
    """Open the database of the settings; `statement_seconds` is the longest that a statement may take."""
    engine = make_engine(settings.database, statement_seconds)
    database = Database(engine, clock or SystemClock(timedelta(seconds=settings.clock_offset)))
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def open_services(
    settings: Settings,
    *,
    clock: Clock | None = None,
    speech: bool = False,
    recogniser: Recogniser | None = None,
) -> AsyncIterator[Services]:
    """Open everything; `speech` starts the recogniser (unless one is given). Raises BadInput for wrong settings."""
    clock = clock or SystemClock(timedelta(seconds=settings.clock_offset))
    books = await asyncio.to_thread(Books.read, settings)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings, clock, STATEMENT_SECONDS))
        carrier = TwilioCarrier(carrier_settings(settings))
        stack.push_async_callback(carrier.close)
        if recogniser is None:
            recogniser = await _recogniser(settings) if speech else SilentRecogniser()
            stack.push_async_callback(recogniser.close)
        yield compose(settings, clock, database, books, carrier, recogniser)


def carrier_settings(settings: Settings) -> CarrierSettings:
    """Return what the carrier needs of the settings."""
    return CarrierSettings(
        account_sid=settings.twilio_account_sid,
        auth_tokens=settings.twilio_auth_tokens,
        public_url=settings.public_url,
        api_url=settings.twilio_api_url or None,
        region=settings.twilio_region or None,
        edge=settings.twilio_edge or None,
    )


async def _recogniser(settings: Settings) -> Recogniser:
    """Start the recogniser process; without any model, calls are served by keys."""
    recogniser = VoskRecogniser(settings.models_dir, threads=settings.decoders or None)
    if any(recogniser.speaks(language) for language in settings.languages):
        await recogniser.start()
    return recogniser


def compose(
    settings: Settings, clock: Clock, database: Database, books: Books, carrier: Carrier, recogniser: Recogniser
) -> Services:
    """Build the services on their parts."""
    site = Site(settings.public_url)
    citizens = CitizenService(database.read, quick=database.finding)
    rules = RulesInForce(books.rules, database.read, clock, books.intents)
    intents = IntentsInForce(books.intents, database.read, clock, settings.data_dir / "vectors", rules.learn)
    scripts = Scripts(
        rules.book,
        recogniser.speaks,
        settings.languages,
        intents.own_matters,
        has_room=recogniser.has_room,
        urgent=rules.urgent,
    )
    tokens = Tokens([secret.encode() for secret in settings.twilio_auth_tokens])
    speaking = SpeakingService(database.read)
    tools = Tools(
        book=rules.book,
        scripts=scripts,
        match=intents.match,
        tell_language=tell_language,
        identify=citizens.identify,
        speaking=speaking,
        render=lambda verbs: render(verbs, site),
        token=tokens.make,
        clock=clock,
        duplex=settings.voice_mode is VoiceMode.DUPLEX,
        for_checked=intents.is_for_checked,
    )
    text_tools = sms_ports.Tools(
        book=rules.book,
        match=intents.match,
        nearest=intents.nearest,
        tell_language=tell_language,
        identify=citizens.identify,
        speaking=speaking,
        title=intents.title,
        mask=lambda text, language, names: mask_text(text, language, Known(tuple(names), own=rules.book().masks)),
        clock=clock,
        for_checked=intents.is_for_checked,
        urgent=rules.urgent,
    )
    figures = Figures()
    ears = Ears(recogniser, understand, lambda heard, known: mask(heard, known=replace(known, own=rules.book().masks)))
    speakers = Speakers(database.read, citizens.names)
    studio = Studio(
        Decoders(settings.models_dir),
        ears.mask,
        speakers.of,
        settings.data_dir / "recordings",
        lambda: rules.book().recordings.keeps,
    )
    calls = CountedCalls(figures, database.begin, database.read, tools, database.new_calls)
    listening = CountedListening(figures, database.begin, ears, tokens, clock, speakers.of)
    secrets = Passwords()
    passing_on = PassingOn(database.begin, carrier, clock, rules.book)
    voice = Voice(synthesise, settings.prompts_dir, load)
    offering = Offering(database.begin, database.read, carrier, clock, rules.book, database.run)
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        books=books,
        rules=rules,
        intents=intents,
        carrier=carrier,
        recogniser=recogniser,
        engine=recogniser if isinstance(recogniser, VoskRecogniser) else None,
        check=SignatureCheck(settings.twilio_auth_tokens, settings.public_url),
        site=site,
        scripts=scripts,
        calls=calls,
        hold=HoldService(database.read, database.begin, clock, rules.book, rules.urgent),
        listening=listening,
        duplex=Duplex(calls, listening, voice) if tools.duplex else None,
        ears=HoldEars(database.read, listening, carrier, rules.book),
        recordings=RecordingService(database.begin, carrier, studio, clock),
        offering=offering,
        ringing=Ringing(database.begin, carrier, clock, intents.title, rules.book),
        calling=Calling(database.begin, clock, rules.book),
        answering=Answering(database.begin, database.read, text_tools),
        texts=SmsService(database.begin, text_tools),
        letters=Letters(database.begin, text_tools),
        agent_letters=AgentLetters(database.begin, clock, rules.book),
        passing_on=passing_on,
        incivilities=Incivilities(database.begin, carrier, clock, rules.book, passing_on),
        secrets=secrets,
        supervisors=SupervisorLine(database.begin, clock, rules.book, secrets),
        presences=Presences(database.begin, database.read, clock, rules.book),
        surveying=Surveying(database.begin, text_tools),
        outbox=Outbox(database.begin, carrier, clock, rules.book),
        hooks=hooks_of(settings, clock, database),
        spool=Spool(settings.data_dir / "spool"),
        figures=figures,
        counting=DayCounting(database, clock, lambda: rules.book().calendar.zone),
    )
