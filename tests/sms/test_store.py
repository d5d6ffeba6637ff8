import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from guichet.core.ids import ContactId, MessageId
from guichet.core.language import Language
from guichet.sms.consent import Consent, Purpose
from guichet.sms.memory_store import MemoryConsentStore, MemoryMessageStore
from guichet.sms.message import DeliveryState, Direction, Message
from guichet.sms.sql_store import SqlConsentStore, SqlMessageStore
from guichet.sms.store import ConsentStore, MessageStore, News
from tests.callbacks.world import begin_immediate
from tests.conftest import BACKENDS, SQL_BACKENDS, Engines
from tests.sms.desk import CITIZEN, LINE, TUESDAY_NOON

OURS = Message(
    id=MessageId("msg_1"),
    direction=Direction.OUT,
    number=CITIZEN,
    line=LINE,
    body="Votre demande est enregistrée.",
    language=Language.FR,
    state=DeliveryState.PENDING,
    created_at=TUESDAY_NOON,
    key="confirm:req_1",
    contact=ContactId("con_1"),
)
THEIRS = replace(
    OURS,
    id=MessageId("msg_0"),
    direction=Direction.IN,
    state=DeliveryState.RECEIVED,
    key="in:SM1",
    carrier_id="SM1",
)


@dataclass
class Stores:
    """The stores of one transaction."""

    messages: MessageStore
    consents: ConsentStore


Begin = Callable[[], AbstractAsyncContextManager[Stores]]


@asynccontextmanager
async def transactions(backend: str, engines: Engines) -> AsyncIterator[Begin]:
    shared = Stores(MemoryMessageStore(), MemoryConsentStore())
    if backend == "memory":

        @asynccontextmanager
        async def begin() -> AsyncIterator[Stores]:
            yield shared

        yield begin
        return
    async with engines(backend) as engine:
        begin_immediate(engine)
        await engine.dispose()

        @asynccontextmanager
        async def begin_sql() -> AsyncIterator[Stores]:
            async with engine.begin() as connection:
                yield Stores(SqlMessageStore(connection), SqlConsentStore(connection))

        yield begin_sql


@pytest.fixture(params=BACKENDS)
async def begin(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Begin]:
    async with transactions(request.param, engines) as begin:
        yield begin


async def test_a_text_comes_back_as_it_was_kept(begin: Begin) -> None:
    async with begin() as stores:
        assert await stores.messages.put(OURS)
        assert await stores.messages.get(OURS.id) == OURS
        assert await stores.messages.by_key(OURS.key) == OURS
        assert await stores.messages.get(MessageId("msg_none")) is None


async def test_a_repeated_webhook_is_one_message(begin: Begin) -> None:
    async with begin() as stores:
        assert await stores.messages.receive(THEIRS)
        assert not await stores.messages.receive(replace(THEIRS, id=MessageId("msg_9"), key="in:other"))
        assert await stores.messages.of_contact(ContactId("con_1")) == [THEIRS]


async def test_a_text_of_ours_is_composed_once_a_key(begin: Begin) -> None:
    async with begin() as stores:
        assert await stores.messages.put(OURS)
        assert not await stores.messages.put(replace(OURS, id=MessageId("msg_2")))


async def test_a_text_is_claimed_once(begin: Begin) -> None:
    async with begin() as stores:
        await stores.messages.put(OURS)
        claimed = await stores.messages.claim(OURS.id, TUESDAY_NOON)
        assert claimed == replace(OURS, state=DeliveryState.SENDING, asked_at=TUESDAY_NOON)
        assert await stores.messages.claim(OURS.id, TUESDAY_NOON) is None


async def test_news_are_taken_in_by_rank_and_an_end_is_never_left(begin: Begin) -> None:
    async with begin() as stores:
        await stores.messages.put(OURS)
        await stores.messages.claim(OURS.id, TUESDAY_NOON)
        assert await stores.messages.tell(OURS.id, News(DeliveryState.SENT, "SM2"))
        assert not await stores.messages.tell(OURS.id, News(DeliveryState.QUEUED, "SM2"))
        assert not await stores.messages.tell(OURS.id, News(DeliveryState.PENDING))
        assert await stores.messages.tell(OURS.id, News(DeliveryState.UNDELIVERED, "SM2", 30005))
        assert not await stores.messages.tell(OURS.id, News(DeliveryState.DELIVERED, "SM2"))
        kept = await stores.messages.get(OURS.id)
    assert kept is not None
    assert (kept.state, kept.carrier_id, kept.error) == (DeliveryState.UNDELIVERED, "SM2", 30005)


async def test_news_of_an_earlier_try_are_late(begin: Begin) -> None:
    again_at = TUESDAY_NOON + timedelta(minutes=2)
    async with begin() as stores:
        await stores.messages.put(OURS)
        for moment in (TUESDAY_NOON, again_at):
            await stores.messages.claim(OURS.id, moment)
            assert await stores.messages.tell(OURS.id, News(DeliveryState.IN_DOUBT, asked_at=moment))
            late = News(DeliveryState.PENDING, asked_at=moment - timedelta(minutes=2))
            assert not await stores.messages.tell(OURS.id, late)
            assert await stores.messages.tell(OURS.id, News(DeliveryState.PENDING, asked_at=moment))


async def test_the_last_text_from_a_number_is_found(begin: Begin) -> None:
    later = replace(
        THEIRS, id=MessageId("msg_3"), key="in:SM3", carrier_id="SM3", created_at=TUESDAY_NOON + timedelta(minutes=1)
    )
    async with begin() as stores:
        assert await stores.messages.last_from(CITIZEN, LINE) is None
        for message in (later, THEIRS, OURS):
            await stores.messages.put(message)
        assert await stores.messages.last_from(CITIZEN, LINE) == later
        assert await stores.messages.last_from(LINE, LINE) is None


async def test_consents_are_added_and_the_last_word_counts_for_its_purpose(begin: Begin) -> None:
    stop = Consent(CITIZEN, Purpose.REQUESTS, granted=False, at=TUESDAY_NOON, proof="message:msg_0")
    news = replace(stop, purpose=Purpose.NEWS)
    start = replace(stop, granted=True, proof="message:msg_3")
    async with begin() as stores:
        assert await stores.consents.current(CITIZEN, Purpose.REQUESTS) is None
        for consent in (stop, news, start):
            await stores.consents.add(consent)
        assert await stores.consents.current(CITIZEN, Purpose.REQUESTS) == start
        assert await stores.consents.current(CITIZEN, Purpose.NEWS) == news
        assert list(await stores.consents.all_of(CITIZEN)) == [stop, news, start]


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_simultaneous_claims_and_webhooks_are_one(backend: str, engines: Engines) -> None:
    async with transactions(backend, engines) as begin:

        async def receive(number: int) -> bool:
            async with begin() as stores:
                return await stores.messages.receive(replace(THEIRS, id=MessageId(f"msg_in_{number}")))

        async def claim() -> bool:
            async with begin() as stores:
                return await stores.messages.claim(OURS.id, TUESDAY_NOON) is not None

        async with begin() as stores:
            await stores.messages.put(OURS)
        assert sum(await asyncio.gather(*(receive(number) for number in range(8)))) == 1
        assert sum(await asyncio.gather(*(claim() for _ in range(8)))) == 1
