from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from guichet.core.ids import ContactId
from guichet.core.language import Language
from guichet.routing.unclear import Unclear, grouped
from guichet.routing.unclear_store import MemoryUnclearStore, SqlUnclearStore, UnclearStore
from tests.conftest import BACKENDS, Engines

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def text(words: str, number: int = 1, language: Language = Language.FR) -> Unclear:
    return Unclear(ContactId(f"con_{number}"), 1, "voice", language, NOON + timedelta(minutes=number), words)


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[UnclearStore]:
    if request.param == "memory":
        yield MemoryUnclearStore()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        yield SqlUnclearStore(connection)


async def test_texts_come_back_latest_first_until_they_are_settled(store: UnclearStore) -> None:
    first, second = text("le machin bleu"), text("le truc vert", 2)
    for one in (first, second, first):
        await store.add(one)
    assert list(await store.since(NOON)) == [second, first]
    assert list(await store.since(NOON + timedelta(minutes=2))) == [second]
    assert await store.settle(first.contact, 1, NOON)
    assert list(await store.since(NOON)) == [second]
    assert not await store.settle(ContactId("con_9"), 1, NOON)


async def test_a_contact_s_texts_can_be_removed(store: UnclearStore) -> None:
    await store.add(text("le machin bleu"))
    assert await store.remove(ContactId("con_1")) == 1
    assert await store.remove(ContactId("con_1")) == 0
    assert list(await store.since(NOON)) == []


def test_alike_texts_stand_together_the_largest_group_first() -> None:
    texts = [
        text("il me faut le badge de la déchèterie", 1),
        text("quelle est la marée demain", 2),
        text("il me faudrait le badge de la déchèterie", 3),
        text("le badge de la déchèterie il me faut", 4),
    ]
    badge, tide = grouped(texts, lambda words: "dechets_encombrants" if "badge" in words else None)
    assert [one.contact for one in badge.texts] == ["con_4", "con_3", "con_1"]
    assert badge.suggestion == "dechets_encombrants"
    assert (tide.suggestion, len(tide.texts)) == (None, 1)


def test_the_matter_that_most_are_nearest_to_is_suggested() -> None:
    texts = [text("aide pour le four", number) for number in range(3)]
    votes = iter(["a", "b", "b"])
    (group,) = grouped(texts, lambda _: next(votes))
    assert group.suggestion == "b"


def test_two_languages_are_never_one_group() -> None:
    texts = [text("train", 1), text("train", 2, Language.EN)]
    assert len(grouped(texts, lambda _: None)) == 2
