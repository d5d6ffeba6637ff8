"""Transcripts are kept masked, once a turn and source, in memory and in SQL alike."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from guichet.core.clock import ManualClock
from guichet.core.ids import ContactId
from guichet.core.language import Language
from guichet.transcripts.heard import Ending, Heard, Word
from guichet.transcripts.memory_store import MemoryTranscriptStore
from guichet.transcripts.sql_store import SqlTranscriptStore
from guichet.transcripts.store import TranscriptStore
from tests.conftest import BACKENDS, Engines

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CONTACT, OTHER = ContactId("con_1"), ContactId("con_2")
HEARD = Heard(
    Language.FR,
    "un acte de naissance",
    (Word("un", 0.5, 0.7, 0.9), Word("acte", 0.7, 1.1, 0.8)),
    ("un acte de naissances",),
    2.34,
    Ending.TOO_LONG,
)


@asynccontextmanager
async def opened(backend: str, engines: Engines, clock: ManualClock) -> AsyncIterator[TranscriptStore]:
    if backend == "memory":
        yield MemoryTranscriptStore(clock)
        return
    async with engines(backend) as engine, engine.begin() as connection:
        yield SqlTranscriptStore(connection, clock)


@pytest.mark.parametrize("backend", BACKENDS)
async def test_lines_come_back_whole_and_in_order(backend: str, engines: Engines) -> None:
    clock = ManualClock(START)
    async with opened(backend, engines, clock) as store:
        await store.add(CONTACT, 2, "caller", Heard(Language.EN, "yes"))
        clock.move(timedelta(seconds=3))
        await store.add(CONTACT, 1, "caller", HEARD)
        await store.add(CONTACT, 1, "keys", Heard(Language.FR, ""))
        await store.add(OTHER, 1, "sms", HEARD)
        first, *rest = await store.of(CONTACT)
        assert (first.contact, first.turn, first.source, first.at) == (
            CONTACT,
            1,
            "caller",
            START + timedelta(seconds=3),
        )
        assert first.heard == HEARD
        assert [(line.turn, line.source) for line in rest] == [(1, "keys"), (2, "caller")]
        assert await store.of(ContactId("con_3")) == ()


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_repeated_turn_changes_nothing(backend: str, engines: Engines) -> None:
    async with opened(backend, engines, ManualClock(START)) as store:
        await store.add(CONTACT, 1, "caller", HEARD)
        await store.add(CONTACT, 1, "caller", Heard(Language.EN, "something else"))
        assert [line.heard for line in await store.of(CONTACT)] == [HEARD]


@pytest.mark.parametrize("backend", BACKENDS)
async def test_no_number_reaches_the_store_even_if_nobody_masked_it(backend: str, engines: Engines) -> None:
    async with opened(backend, engines, ManualClock(START)) as store:
        words = (Word("four", 0.0, 0.2, 1.0), Word("five", 0.2, 0.4, 1.0))
        await store.add(CONTACT, 1, "caller", Heard(Language.EN, "four five", words, ("45", "four nine")))
        (line,) = await store.of(CONTACT)
        assert line.heard.readings == ("[number]",)
        assert [word.text for word in line.heard.words] == ["[number]"]


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_contact_can_be_removed(backend: str, engines: Engines) -> None:
    async with opened(backend, engines, ManualClock(START)) as store:
        await store.add(CONTACT, 1, "caller", HEARD)
        await store.add(OTHER, 1, "caller", HEARD)
        assert await store.remove(CONTACT) == 1
        assert await store.of(CONTACT) == ()
        assert len(await store.of(OTHER)) == 1
