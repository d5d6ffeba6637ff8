import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from guichet.core.clock import ManualClock
from guichet.core.errors import Refused, Unavailable
from guichet.core.ids import MessageId
from guichet.core.jobs import Job, SendMessage
from guichet.gateway.database import Database
from guichet.gateway.job_runner import JobRunner
from guichet.gateway.outbox import BACKOFF, HANDED_LEASE, STARTED_LEASE
from tests.conftest import SQL_BACKENDS, Engines

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
JOB = SendMessage(MessageId("msg_1"))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture(params=SQL_BACKENDS)
async def database(request: pytest.FixtureRequest, engines: Engines, clock: ManualClock) -> AsyncIterator[Database]:
    async with engines(request.param) as engine:
        yield Database(engine, clock)


async def put(database: Database, job: Job = JOB, **options: object) -> None:
    async with database.begin() as unit:
        await unit.jobs.put(job, **options)  # type: ignore[arg-type]  # options of put


async def hand_over(database: Database) -> list[str]:
    async with database.begin() as unit:
        return await unit.jobs.hand_over()


async def test_a_job_is_handed_over_once_and_again_when_its_lease_runs_out(
    database: Database, clock: ManualClock
) -> None:
    await put(database)
    first = await hand_over(database)
    assert len(first) == 1
    assert await hand_over(database) == []
    clock.move(HANDED_LEASE)
    assert await hand_over(database) == first


async def test_a_job_with_a_known_key_is_ignored(database: Database) -> None:
    await put(database, key="confirm:1")
    await put(database, key="confirm:1")
    assert len(await hand_over(database)) == 1


async def test_a_job_for_later_waits(database: Database, clock: ManualClock) -> None:
    await put(database, not_before=START + timedelta(minutes=5))
    assert await hand_over(database) == []
    clock.move(timedelta(minutes=5))
    assert len(await hand_over(database)) == 1


async def test_a_rolled_back_cause_leaves_no_job(database: Database) -> None:
    async def fail() -> None:
        async with database.begin() as unit:
            await unit.jobs.put(JOB)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await hand_over(database) == []


async def test_a_commit_with_a_job_wakes_the_relay(database: Database) -> None:
    woken: list[bool] = []
    database.on_commit = lambda: woken.append(True)
    await put(database, not_before=START + timedelta(minutes=5))
    assert woken == []
    await put(database)
    assert woken == [True]


async def test_of_many_workers_one_runs_the_job(database: Database) -> None:
    await put(database)
    (job_id,) = await hand_over(database)
    done: list[Job] = []

    async def perform(job: Job) -> None:
        done.append(job)

    runner = JobRunner(database, perform)
    results = await asyncio.gather(*(runner.run(job_id) for _ in range(8)))
    assert done == [JOB]
    assert sorted(results) == [False] * 7 + [True]


async def test_what_may_succeed_is_tried_again_later_and_given_up_at_last(
    database: Database, clock: ManualClock
) -> None:
    async def perform(_job: Job) -> None:
        raise Unavailable("the carrier is away")

    await put(database)
    runner = JobRunner(database, perform)
    for seconds in BACKOFF:
        (job_id,) = await hand_over(database)
        await runner.run(job_id)
        assert await hand_over(database) == []
        clock.move(timedelta(seconds=seconds))
    (job_id,) = await hand_over(database)
    await runner.run(job_id)
    clock.move(timedelta(days=1))
    assert await hand_over(database) == []
    async with database.read() as unit:
        assert await unit.jobs.counts() == {"waiting": 0, "failed": 1}


async def test_what_was_refused_is_not_tried_again(database: Database) -> None:
    async def perform(_job: Job) -> None:
        raise Refused("bad number", 21211)

    await put(database)
    (job_id,) = await hand_over(database)
    await JobRunner(database, perform).run(job_id)
    async with database.read() as unit:
        assert await unit.jobs.counts() == {"waiting": 0, "failed": 1}


async def test_the_job_of_a_worker_that_died_is_run_by_another(database: Database, clock: ManualClock) -> None:
    await put(database)
    (job_id,) = await hand_over(database)
    async with database.begin() as unit:
        assert await unit.jobs.take(job_id)
    clock.move(STARTED_LEASE + timedelta(seconds=1))
    assert await hand_over(database) == [job_id]
    async with database.begin() as unit:
        taken = await unit.jobs.take(job_id)
    assert taken is not None
    assert taken.tries == 2


async def test_a_job_that_is_done_is_not_taken(database: Database) -> None:
    async def perform(_job: Job) -> None:
        pass

    await put(database)
    (job_id,) = await hand_over(database)
    runner = JobRunner(database, perform)
    assert await runner.run(job_id)
    assert not await runner.run(job_id)


async def test_a_job_that_was_done_by_a_clock_that_has_gone_back_is_due_anew(
    database: Database, clock: ManualClock
) -> None:
    ahead = Database(database.engine, ManualClock(START + timedelta(minutes=10)))
    await put(ahead, key="send:1", not_before=START + timedelta(minutes=11))
    (job,) = await _done_at(ahead, START + timedelta(minutes=11))
    await put(database, key="send:1", not_before=START + timedelta(minutes=1))
    clock.move(timedelta(minutes=1))
    assert await hand_over(database) == [job]


async def test_a_job_that_asks_for_itself_while_it_runs_is_due_again(database: Database, clock: ManualClock) -> None:
    await put(database, key="watch:1")
    (job,) = await hand_over(database)
    async with database.begin() as unit:
        taken = await unit.jobs.take(job)
        assert taken is not None
        await unit.jobs.put(JOB, key="watch:1", not_before=START + timedelta(minutes=5))
    async with database.begin() as unit:
        await unit.jobs.done(taken)
    clock.move(timedelta(minutes=5))
    assert await hand_over(database) == [job]


async def test_a_job_with_a_known_key_stays_done(database: Database, clock: ManualClock) -> None:
    await put(database, key="look:1", not_before=START + timedelta(seconds=5))
    await _done_at(database, START)
    clock.move(timedelta(minutes=5))
    await put(database, key="look:1", not_before=START + timedelta(seconds=5))
    await put(database, key="look:1")
    assert await hand_over(database) == []


async def test_a_job_that_was_done_before_the_moment_of_who_asks_for_it_is_due_at_that_moment(
    database: Database, clock: ManualClock
) -> None:
    await put(database, key="send:1", not_before=START + timedelta(seconds=5))
    (job,) = await _done_at(database, START)
    clock.move(timedelta(seconds=5))
    await put(database, key="send:1", not_before=START + timedelta(seconds=20))
    assert await hand_over(database) == []
    clock.move(timedelta(seconds=15))
    assert await hand_over(database) == [job]


async def test_a_job_whose_worker_died_under_a_clock_that_has_gone_back_is_due_when_it_is_asked_for(
    database: Database,
) -> None:
    ahead = Database(database.engine, ManualClock(START + timedelta(minutes=10)))
    await put(ahead, key="look:1")
    (job,) = await hand_over(ahead)
    async with ahead.begin() as unit:
        assert await unit.jobs.take(job)
    await put(database, key="look:1")
    assert await hand_over(database) == [job]


async def test_a_job_that_was_done_although_it_could_not_be_handed_over_stays_done(database: Database) -> None:
    await put(database)
    jobs = await _done_at(database, START)
    async with database.begin() as unit:
        await unit.jobs.take_back(jobs)
    assert await hand_over(database) == []


async def _done_at(database: Database, moment: datetime) -> list[str]:
    """Do every job at a moment."""
    then = Database(database.engine, ManualClock(moment + timedelta(seconds=5)))
    jobs = await hand_over(then)
    for job in jobs:
        async with then.begin() as unit:
            taken = await unit.jobs.take(job)
            assert taken is not None
            await unit.jobs.done(taken)
    return jobs
