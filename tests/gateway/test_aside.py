"""What waits for other systems holds up no worker, and not what is told to others."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from guichet.core.clock import ManualClock
from guichet.core.ids import MessageId
from guichet.core.jobs import DeliverHook, Job, SendMessage
from guichet.gateway.aside import Aside
from guichet.gateway.database import Database
from guichet.gateway.job_runner import JobRunner
from tests.conftest import SQL_BACKENDS, Engines

PATIENCE = 20.0


@pytest.fixture(params=SQL_BACKENDS)
async def database(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Database]:
    async with engines(request.param) as engine:
        yield Database(engine, ManualClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)))


async def put(database: Database, *jobs: Job) -> None:
    async with database.begin() as unit:
        for job in jobs:
            await unit.jobs.put(job)


async def test_workers_are_handed_nothing_that_waits_for_others(database: Database) -> None:
    await put(database, DeliverHook("del_1"), SendMessage(MessageId("msg_1")))
    async with database.begin() as unit:
        assert await unit.jobs.is_anything_due()
        assert await unit.jobs.is_anything_due(aside=True)
        workers = await unit.jobs.hand_over()
        assert not await unit.jobs.is_anything_due()
        assert len(workers) == len(await unit.jobs.hand_over(aside=True)) == 1
        assert not await unit.jobs.is_anything_due(aside=True)


class Receivers:
    """Of those who are told, `del_slow` does not answer before it is let go."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.let_go = asyncio.Event()
        self.quick = asyncio.Event()

    async def perform(self, job: Job) -> None:
        """Tell one of them."""
        assert isinstance(job, DeliverHook)
        if job.delivery_id == "del_slow":
            await self.let_go.wait()
        else:
            self.quick.set()
        self.told.append(job.delivery_id)


async def test_who_is_slow_holds_up_nobody(database: Database) -> None:
    receivers = Receivers()
    aside = Aside(database, JobRunner(database, receivers.perform))
    running = asyncio.create_task(aside.run())
    await put(database, DeliverHook("del_slow"))
    aside.wake()
    await put(database, DeliverHook("del_quick"))
    aside.wake()
    async with asyncio.timeout(PATIENCE):
        await receivers.quick.wait()
        assert "del_slow" not in receivers.told
        receivers.let_go.set()
        await aside.idle()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert sorted(receivers.told) == ["del_quick", "del_slow"]


async def test_no_more_are_under_way_than_there_is_room_for(database: Database) -> None:
    receivers = Receivers()
    aside = Aside(database, JobRunner(database, receivers.perform), at_once=1)
    await put(database, DeliverHook("del_slow"), DeliverHook("del_quick"))
    assert (await aside.once(), await aside.once()) == (1, 0)
    receivers.let_go.set()
    await aside.idle()
    assert sorted(receivers.told) == ["del_quick", "del_slow"]
