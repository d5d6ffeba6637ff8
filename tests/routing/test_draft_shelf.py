from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guichet.core.errors import BadInput, Conflict
from guichet.routing.draft_shelf import DraftShelf, MemoryDraftShelf, NamedDraft
from guichet.routing.sql_draft_shelf import SqlDraftShelf
from tests.conftest import BACKENDS, Engines

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(params=BACKENDS)
async def shelf(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[DraftShelf]:
    if request.param == "memory":
        yield MemoryDraftShelf()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        yield SqlDraftShelf(connection)


def draft(name: str, **changes: Any) -> NamedDraft:
    return NamedDraft(
        **{"text": "a: b", "author": "Awa", "note": "", "based_on": 1, "changed_at": NOON, **changes}, name=name
    )


async def test_drafts_are_kept_under_their_names_latest_change_first(shelf: DraftShelf) -> None:
    first, second = draft("Noël"), draft("été", changed_at=NOON + timedelta(hours=1), note="plus court")
    await shelf.put(first)
    await shelf.put(second)
    assert await shelf.all() == (second, first)
    assert await shelf.find("Noël") == first
    assert await shelf.find("noël") is None
    assert await shelf.delete("Noël")
    assert not await shelf.delete("Noël")
    assert await shelf.all() == (second,)


async def test_nobody_writes_over_what_they_have_not_seen(shelf: DraftShelf) -> None:
    await shelf.put(draft("Noël"))
    with pytest.raises(Conflict):
        await shelf.put(draft("Noël", text="other"))
    mine = draft("Noël", text="mine", revision=2)
    await shelf.put(mine)
    with pytest.raises(Conflict):
        await shelf.put(replace(mine, text="theirs"))
    assert await shelf.find("Noël") == mine
    with pytest.raises(Conflict):
        await shelf.put(draft("été", revision=2))


@pytest.mark.parametrize("name", ["", " a", "a\nb", "@a", "a" * 61])
def test_a_name_is_one_that_people_can_call_it_by(name: str) -> None:
    with pytest.raises(BadInput):
        draft(name)
