import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from guichet.core.errors import Conflict, NotFound
from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Presence
from guichet.routing.agent_store import AgentStore
from guichet.routing.memory_agent_store import MemoryAgentStore
from guichet.routing.sql_agent_store import SqlAgentStore
from tests.conftest import BACKENDS, SQL_BACKENDS, Engines

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


Begin = Callable[[], AbstractAsyncContextManager[AgentStore]]


def agent(number: int, **changes: Any) -> Agent:
    values: dict[str, Any] = {
        "id": AgentId(f"agent_{number:03}"),
        "name": f"Agent {number:03}",
        "phone": PhoneNumber(f"+3319900{number:04}"),
        "skills": frozenset({"social"}),
        "languages": frozenset({Language.FR}),
        "presence": Presence.AVAILABLE,
        "since": NOON + timedelta(minutes=number),
    }
    return Agent(**{**values, **changes})


def sql_begin(engine: AsyncEngine) -> Begin:
    @asynccontextmanager
    async def begin() -> AsyncIterator[AgentStore]:
        async with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield SqlAgentStore(connection)
            await connection.commit()

    return begin


@asynccontextmanager
async def opened(backend: str, engines: Engines) -> AsyncIterator[Begin]:
    if backend == "memory":
        store = MemoryAgentStore()

        @asynccontextmanager
        async def begin() -> AsyncIterator[AgentStore]:
            yield store

        yield begin
        return
    async with engines(backend) as engine:
        if backend == "sqlite":
            own_transactions(engine)
        yield sql_begin(engine)


def own_transactions(engine: AsyncEngine) -> None:
    """Let us write BEGIN IMMEDIATE, as the gateway does."""

    @sa.event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None


@pytest.fixture(params=BACKENDS)
async def begin(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Begin]:
    async with opened(request.param, engines) as maker:
        yield maker


async def test_an_agent_is_kept_and_found(begin: Begin) -> None:
    marie = agent(1, skills=frozenset({"social", "accueil"}), languages=frozenset({Language.FR, Language.EN}))
    async with begin() as store:
        await store.add(agent(2))
        await store.add(marie)
    async with begin() as store:
        assert await store.get(marie.id) == marie
        assert await store.by_phone(marie.phone) == marie
        assert await store.by_phone(PhoneNumber("+33199009999")) is None
        assert [one.id for one in await store.all()] == ["agent_001", "agent_002"]
        with pytest.raises(NotFound):
            await store.get(AgentId("agent_nobody"))


async def test_two_agents_never_share_a_telephone(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1))
        with pytest.raises(Conflict):
            await store.add(agent(2, phone=agent(1).phone))
        assert len(await store.all()) == 1


async def test_the_longest_idle_agent_who_can_is_taken(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1, skills=frozenset({"accueil"})))
        await store.add(agent(2, languages=frozenset({Language.EN})))
        await store.add(agent(3, presence=Presence.PAUSE))
        await store.add(agent(4))
        await store.add(agent(5))
        assert await store.free("social", Language.FR) == 2
        taken = [await store.claim("social", Language.FR, NOON) for _ in range(3)]
        assert [one and one.id for one in taken] == ["agent_004", "agent_005", None]
        assert taken[0] is not None
        assert (taken[0].presence, taken[0].since) == (Presence.RINGING, NOON)
        assert await store.free("social", Language.FR) == 0


async def test_a_queue_may_be_served_by_several_skills(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1, skills=frozenset({"etat_civil", "elections"})))
        assert await store.free("actes", Language.FR) == 0
        assert await store.free("actes", Language.FR, skills=["etat_civil", "elections"]) == 1
        assert await store.claim("actes", Language.FR, NOON, skills=["elections"]) is not None


async def test_presence_changes_only_from_what_it_was(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1))
        assert not await store.change(AgentId("agent_001"), Presence.BUSY, Presence.WRAP_UP, NOON)
        assert await store.change(AgentId("agent_001"), Presence.AVAILABLE, Presence.PAUSE, NOON)
        assert not await store.change(AgentId("agent_nobody"), Presence.AVAILABLE, Presence.PAUSE, NOON)
        assert (await store.get(AgentId("agent_001"))).presence is Presence.PAUSE


async def test_two_calls_missed_in_a_row_set_an_agent_away(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1))
        assert await store.missed(AgentId("agent_001"), NOON) is None
        for expected in (Presence.AVAILABLE, Presence.AWAY):
            assert await store.claim("social", Language.FR, NOON) is not None
            assert await store.missed(AgentId("agent_001"), NOON) is expected
        assert await store.claim("social", Language.FR, NOON) is None


async def test_a_call_taken_forgets_the_one_missed(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1))
        await store.claim("social", Language.FR, NOON)
        await store.missed(AgentId("agent_001"), NOON)
        await store.claim("social", Language.FR, NOON)
        assert await store.change(AgentId("agent_001"), Presence.RINGING, Presence.BUSY, NOON)
        assert (await store.get(AgentId("agent_001"))).missed == 0


async def test_who_missed_a_call_goes_behind_the_others(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1))
        await store.add(agent(2))
        await store.claim("social", Language.FR, NOON)
        await store.missed(AgentId("agent_001"), NOON + timedelta(hours=1))
        taken = await store.claim("social", Language.FR, NOON)
        assert taken is not None
        assert taken.id == "agent_002"


async def test_what_free_agents_can_do_and_who_is_at_work_is_told(begin: Begin) -> None:
    both = frozenset(Language)
    async with begin() as store:
        await store.add(agent(1, skills=frozenset({"social", "accueil"})))
        await store.add(agent(2, languages=both, presence=Presence.BUSY))
        await store.add(agent(3, presence=Presence.PAUSE))
        assert await store.free_abilities() == {("social", Language.FR), ("accueil", Language.FR)}
        assert await store.staffed("social", Language.FR) == 2
        assert await store.staffed("social", Language.EN) == 1
        assert await store.staffed("unknown", Language.FR, skills=("accueil",)) == 1


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_no_agent_is_taken_twice_however_many_ask_at_once(backend: str, engines: Engines) -> None:
    async with opened(backend, engines) as begin:
        async with begin() as store:
            for number in range(30):
                await store.add(agent(number))

        async def ask() -> AgentId | None:
            async with begin() as store:
                taken = await store.claim("social", Language.FR, NOON)
                await asyncio.sleep(0)  # others come in while this transaction is open
                return taken.id if taken else None

        taken = [one for one in await asyncio.gather(*(ask() for _ in range(50))) if one]
        assert len(taken) == len(set(taken)) == 30


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["claim", "miss", "take", "end"]), max_size=30))
async def test_presence_follows_calls_whatever_their_order(steps: list[str]) -> None:
    """A model of one agent's day: presence and misses follow the rules, step by step."""
    store = MemoryAgentStore()
    await store.add(agent(1))
    misses = 0
    for step in steps:
        before = (await store.get(AgentId("agent_001"))).presence
        match step:
            case "claim":
                assert (await store.claim("social", Language.FR, NOON) is not None) == (before is Presence.AVAILABLE)
            case "miss":
                after = await store.missed(AgentId("agent_001"), NOON)
                misses += after is not None
                assert (after is Presence.AWAY) == (after is not None and misses == 2)
            case "take":
                if await store.change(AgentId("agent_001"), Presence.RINGING, Presence.BUSY, NOON):
                    misses = 0
            case _:
                await store.change(AgentId("agent_001"), Presence.BUSY, Presence.AVAILABLE, NOON)
    assert misses <= 2
