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
from guichet.core.ids import AgentId, AttemptId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.core.telephone import telephone
from guichet.routing.agent import Agent, Level, Presence
from guichet.routing.agent_store import Acquainted, AgentStore, Stood
from guichet.routing.memory_agent_store import MemoryAgentStore
from guichet.routing.presence import About, said
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


async def test_everything_of_a_presence_is_kept(begin: Begin) -> None:
    known = agent(
        1,
        phone=telephone("sip:marie@mairie.example"),
        skills=frozenset({"social", "accueil"}),
        levels={"social": Level.MASTERS},
        presence=Presence.WRAP_UP,
        reason="rests",
        until=NOON + timedelta(minutes=1),
        lengthened=True,
        attempt=AttemptId("att_1"),
        afterwards=Presence.PAUSE,
        afterwards_reason="Repas",
        missed=1,
    )
    async with begin() as store:
        await store.add(known)
    async with begin() as store:
        assert await store.get(known.id) == await store.lock(known.id) == known
        assert await store.by_phone(known.phone) == known


async def test_who_an_agent_is_may_change_while_they_work(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1))
        await store.add(agent(2))
        other = agent(1, name="Awa", skills=frozenset({"accueil"}), presence=Presence.AWAY)
        await store.describe(other)
        kept = await store.get(other.id)
        assert (kept.name, kept.skills, kept.presence) == ("Awa", frozenset({"accueil"}), Presence.AVAILABLE)
        assert await store.free_abilities() == {("accueil", Language.FR), ("social", Language.FR)}
        taken = await store.claim("accueil", Language.FR, NOON)
        assert taken is not None
        assert taken.id == other.id
        with pytest.raises(Conflict):
            await store.describe(agent(1, phone=agent(2).phone))
        with pytest.raises(NotFound):
            await store.describe(agent(9))


async def test_who_knows_the_request_comes_first_then_who_masters_the_skill(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1))
        await store.add(agent(2, levels={"social": Level.MASTERS}))
        await store.add(agent(3, levels={"social": Level.BEGINS}))
        await store.add(agent(4, skills=frozenset({"accueil"})))
        prefer = Acquainted((AgentId("agent_004"), AgentId("agent_003")))
        taken = [await store.claim("social", Language.FR, NOON, prefer=prefer) for _ in range(4)]
        assert [one and one.id for one in taken] == ["agent_003", "agent_002", "agent_001", None]


async def test_who_is_not_free_is_never_claimed(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1))
        for after in Presence:
            if after is not Presence.AVAILABLE:
                assert await store.change(AgentId("agent_001"), Presence.AVAILABLE, after, NOON)
                assert await store.claim("social", Language.FR, NOON) is None
                assert await store.free_abilities() == frozenset()
                assert await store.change(AgentId("agent_001"), after, Presence.AVAILABLE, NOON)


async def test_a_wish_is_taken_up_when_the_agent_would_be_free(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1, presence=Presence.BUSY))
        busy = await store.lock(AgentId("agent_001"))
        assert await store.put(busy, said(busy, Presence.PAUSE, "Repas", NOON))
        assert await store.change(AgentId("agent_001"), Presence.BUSY, Presence.AVAILABLE, NOON)
        paused = await store.get(AgentId("agent_001"))
        assert (paused.presence, paused.reason, paused.afterwards) == (Presence.PAUSE, "Repas", None)
        assert await store.claim("social", Language.FR, NOON) is None


async def test_a_presence_that_has_changed_meanwhile_is_not_overwritten(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1))
        before = await store.lock(AgentId("agent_001"))
        assert await store.claim("social", Language.FR, NOON) is not None
        assert not await store.put(before, said(before, Presence.AWAY, "", NOON))
        assert (await store.get(AgentId("agent_001"))).presence is Presence.RINGING


async def test_who_should_have_written_up_by_now_is_found(begin: Begin) -> None:
    async with begin() as store:
        for number, minutes in ((1, 3), (2, 1), (3, 9)):
            until = NOON + timedelta(minutes=minutes)
            await store.add(agent(number, presence=Presence.WRAP_UP, until=until))
        await store.add(agent(4, presence=Presence.PAUSE))
        late = await store.overdue(NOON + timedelta(minutes=5))
        assert [one.id for one in late] == ["agent_002", "agent_001"]


async def test_changes_of_presence_are_kept_but_for_calls(begin: Begin) -> None:
    async with begin() as store:
        await store.add(agent(1))
        moments = [NOON + timedelta(minutes=minute) for minute in range(4)]
        await store.claim("social", Language.FR, moments[0])
        await store.change(AgentId("agent_001"), Presence.RINGING, Presence.BUSY, moments[1])
        about = About(attempt=AttemptId("att_1"))
        await store.change(AgentId("agent_001"), Presence.BUSY, Presence.WRAP_UP, moments[2], about)
        await store.change(AgentId("agent_001"), Presence.WRAP_UP, Presence.PAUSE, moments[3], About("Repas"))
        assert list(await store.log_of(AgentId("agent_001"), NOON)) == [
            Stood(Presence.WRAP_UP, "", AttemptId("att_1"), moments[2]),
            Stood(Presence.PAUSE, "Repas", None, moments[3]),
        ]
        assert len(await store.log_of(AgentId("agent_001"), moments[3])) == 1


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
