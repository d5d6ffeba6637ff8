"""Texts on the packaged books, the trained matcher and SQL stores: everything real but the carrier."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.request import RequestState
from guichet.callbacks.sql_attempts import SqlAttemptStore
from guichet.callbacks.sql_store import SqlRequestStore
from guichet.carrier.events import IncomingMessage
from guichet.citizens.citizen import Certainty, Evidence, Identification
from guichet.citizens.contact_sql_store import SqlContactStore
from guichet.citizens.sql_store import SqlCitizenStore
from guichet.core.clock import ManualClock
from guichet.core.ids import MessageSid
from guichet.core.jobs import MemoryJobQueue
from guichet.core.language import Language
from guichet.routing.intent import AGENT
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_matcher import IntentMatcher
from guichet.routing.sql_agent_store import SqlAgentStore
from guichet.routing.tell_language import tell_language
from guichet.routing.unclear_store import SqlUnclearStore
from guichet.sms import replies
from guichet.sms.keywords import Command, keyword
from guichet.sms.parts import measure, plain
from guichet.sms.ports import Tools
from guichet.sms.service import SmsService
from guichet.sms.sql_store import SqlConsentStore, SqlMessageStore
from guichet.sms.survey_sql_store import SqlSurveyStore
from tests.callbacks.world import begin_immediate
from tests.conftest import SQL_BACKENDS, Engines
from tests.sms.desk import CITIZEN, LINE, TUESDAY_NOON, HandSpeaking, MemoryTranscripts, book, mask
from tests.sms.test_replies import REQUEST, fits


class SqlUnit:
    """The SQL stores on one connection; jobs and transcripts in memory."""

    def __init__(self, connection: AsyncConnection, jobs: MemoryJobQueue, transcripts: MemoryTranscripts) -> None:
        self.requests = SqlRequestStore(connection)
        self.attempts = SqlAttemptStore(connection)
        self.agents = SqlAgentStore(connection)
        self.messages = SqlMessageStore(connection)
        self.consents = SqlConsentStore(connection)
        self.contacts = SqlContactStore(connection)
        self.surveys = SqlSurveyStore(connection)
        self.citizens = SqlCitizenStore(connection)
        self.jobs = jobs
        self.transcripts = transcripts
        self.unclear = SqlUnclearStore(connection)


@pytest.fixture(scope="module")
def intents() -> IntentBook:
    return IntentBook.packaged()


@pytest.fixture(scope="module")
def matcher(intents: IntentBook) -> IntentMatcher:
    return IntentMatcher.train(intents)


async def unknown(_evidence: Evidence) -> Identification:
    return Identification(Certainty.UNKNOWN)


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_a_conversation_on_the_real_books(
    backend: str, engines: Engines, intents: IntentBook, matcher: IntentMatcher
) -> None:
    jobs, transcripts, clock = MemoryJobQueue(), MemoryTranscripts(), ManualClock(TUESDAY_NOON)
    async with engines(backend) as engine:
        begin_immediate(engine)
        await engine.dispose()

        @asynccontextmanager
        async def begin() -> AsyncIterator[SqlUnit]:
            async with engine.begin() as connection:
                yield SqlUnit(connection, jobs, transcripts)

        tools = Tools(
            book,
            matcher.match,
            matcher.nearest,
            tell_language,
            unknown,
            lambda intent: intents.intent(intent).title,
            mask,
            clock,
            HandSpeaking(),
        )
        service = SmsService(begin, tools)

        async def write(sid: str, body: str) -> None:
            await service.receive(IncomingMessage(MessageSid(sid), CITIZEN, LINE, body))

        await asyncio.gather(*(write("SM1", "bjr jvoudrai un rdv pr ma carte didentite svp") for _ in range(4)))
        await write("SM2", "jattend toujours pr le rdv de ma carte didentité")
        await write("SM3", "Stop. Merci")
        async with begin() as unit:
            (request,) = await unit.requests.open_of_number(CITIZEN)
            contact = await unit.contacts.get(request.contact)
            assert contact is not None
            written = await unit.messages.of_contact(contact.id)
        assert (request.intent, request.reminders, request.state) == ("identite_titre", 1, RequestState.WAITING)
        assert [message.direction for message in written] == ["in", "out"]
        assert request.reference in written[1].body
        assert len(transcripts.rows) == 3


@pytest.mark.parametrize("language", Language)
def test_every_matter_of_the_book_fits_every_text(intents: IntentBook, language: Language) -> None:
    for intent in intents.intents:
        assert fits(replies.confirmation(REQUEST, language, intent.title))
        for other in intents.intents:
            question = replies.which(intent.title, other.title, language)
            assert measure(question).count <= 2
            assert measure(question).count == 1 or "â" in question


def test_no_example_of_the_book_is_a_command_but_those_that_ask_for_an_agent(intents: IntentBook) -> None:
    for intent in intents.intents:
        for example in intent.texts():
            found = keyword(plain(example))
            assert found is None or found.everyday or (intent.name == AGENT and found.command is Command.AGENT), example
