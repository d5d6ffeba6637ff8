from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from guichet.citizens.contact import Channel, Contact, Spent
from guichet.citizens.contact_memory_store import MemoryContactStore
from guichet.citizens.contact_sql_store import SqlContactStore
from guichet.citizens.contact_store import ContactStore
from guichet.core.errors import NotFound
from guichet.core.ids import CitizenId, ContactId, new_id
from guichet.core.language import Language
from tests.citizens.people import HOME, MOBILE
from tests.conftest import BACKENDS, Engines

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[ContactStore]:
    if request.param == "memory":
        yield MemoryContactStore()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        yield SqlContactStore(connection)


def contact(carrier_id: str = "CA1", channel: Channel = Channel.VOICE, *, minutes: int = 0) -> Contact:
    started = NOW + timedelta(minutes=minutes)
    return Contact(ContactId(new_id("con")), channel, carrier_id, HOME, MOBILE, Language.FR, started)


async def test_a_contact_comes_back_as_it_was_kept(store: ContactStore) -> None:
    kept = contact().evolve(caller=None, file={"intent": {"id": "cantine", "score": 0.8}})
    assert await store.add(kept) == kept
    assert await store.get(kept.id) == kept
    assert await store.by_carrier_id(Channel.VOICE, "CA1") == kept


async def test_a_repeated_webhook_gets_the_contact_there_is(store: ContactStore) -> None:
    first, repeat = contact(), contact()
    await store.add(first)
    assert await store.add(repeat) == first
    assert await store.get(repeat.id) is None


async def test_the_same_carrier_id_on_another_channel_is_another_contact(store: ContactStore) -> None:
    voice, text = contact("X1"), contact("X1", Channel.SMS)
    assert await store.add(voice) == voice
    assert await store.add(text) == text


async def test_a_batch_leaves_known_contacts_alone(store: ContactStore) -> None:
    known = (await store.add(contact("CA1"))).evolve(outcome="callback")
    await store.save(known)
    await store.add_many([contact("CA1"), contact("CA2"), contact("CA2")])
    await store.add_many([])
    assert await store.by_carrier_id(Channel.VOICE, "CA1") == known
    assert await store.by_carrier_id(Channel.VOICE, "CA2") is not None


async def test_a_saved_contact_keeps_every_change(store: ContactStore) -> None:
    kept = await store.add(contact())
    changed = kept.evolve(citizen=CitizenId("cit_1"), intent="cantine", ended_at=NOW, language=Language.EN)
    await store.save(changed)
    assert await store.get(kept.id) == changed


async def test_saving_a_contact_that_is_not_there_is_an_error(store: ContactStore) -> None:
    with pytest.raises(NotFound):
        await store.save(contact())


async def test_a_citizens_contacts_come_latest_first_from_all_channels(store: ContactStore) -> None:
    own = CitizenId("cit_1")
    call, text = contact("CA1").evolve(citizen=own), contact("SM1", Channel.SMS, minutes=5).evolve(citizen=own)
    await store.add_many([call, text, contact("CA2")])
    assert await store.of_citizen(own) == (text, call)
    assert await store.of_citizen(own, limit=1) == (text,)


async def test_what_calls_have_cost_adds_up_whatever_else_is_saved(store: ContactStore) -> None:
    early = await store.add(contact("CA1"))
    late = await store.add(contact("CA2", minutes=60))
    await store.add(contact("SM1", Channel.SMS))
    await store.spend(early.id, 4.0, 0.25)
    await store.save(early.evolve(outcome="callback"))
    await store.spend(early.id, 2.0, 0.5)
    await store.spend(late.id, 1.0, 1.0)
    await store.spend(ContactId("con_nobody"), 9.0, 9.0)
    assert await store.get(early.id) == early.evolve(outcome="callback", listened=6.0, cpu=0.75)
    hour = NOW + timedelta(minutes=60)
    assert await store.spent(NOW, hour) == Spent(1, 6.0, 0.75)
    assert await store.spent(NOW, hour + timedelta(seconds=1)) == Spent(2, 7.0, 1.75)
    assert await store.spent(hour + timedelta(hours=1), hour + timedelta(hours=2)) == Spent()
