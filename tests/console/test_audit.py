from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guichet.console.audit import AuditStore, Entry, Look, MemoryAuditStore
from guichet.console.audit_sql_store import SqlAuditStore
from tests.conftest import BACKENDS, Engines

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[AuditStore]:
    if request.param == "memory":
        yield MemoryAuditStore()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        yield SqlAuditStore(connection)


def entry(number: int, actor: str, action: str, subject: str = "") -> Entry:
    return Entry(NOON + timedelta(hours=number), actor, action, subject, {"n": number}, id=f"aud_{number}")


SEEN = entry(1, "account:a", "citizen.seen", "citizen:1")
EXPORTED = entry(2, "token:t", "citizens.exported", "")
CHANGED = entry(3, "account:b", "citizen.changed", "citizen:1")


@pytest.mark.parametrize(
    ("look", "found"),
    [
        (Look(), (CHANGED, EXPORTED, SEEN)),
        (Look(limit=1), (CHANGED,)),
        (Look(before="aud_3"), (EXPORTED, SEEN)),
        (Look(actor="account:a"), (SEEN,)),
        (Look(subject="citizen:1"), (CHANGED, SEEN)),
        (Look(action="citizen.seen"), (SEEN,)),
        (Look(action="citizen."), (CHANGED, SEEN)),
        (Look(action="%."), ()),
        (Look(since=NOON + timedelta(hours=2)), (CHANGED, EXPORTED)),
        (Look(until=NOON + timedelta(hours=2)), (SEEN,)),
        (Look(subject="citizen:1", actor="account:b", since=NOON), (CHANGED,)),
    ],
)
async def test_what_is_looked_for_is_found_latest_first(
    store: AuditStore, look: Look, found: tuple[Entry, ...]
) -> None:
    for one in (SEEN, EXPORTED, CHANGED):
        await store.note(one)
    assert tuple(await store.find(look)) == found


async def test_one_look_is_never_endless(store: AuditStore) -> None:
    for number in range(230):
        await store.note(replace(SEEN, id=f"aud_{number:04}"))
    assert len(await store.find(Look(limit=1000))) == 200


def test_ids_sort_by_when_things_were_noted() -> None:
    first, second = (Entry(NOON, "command", "rules.published") for _ in range(2))
    assert first.id[:14] <= second.id[:14]
