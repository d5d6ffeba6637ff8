"""The worker as a real process: killed in mid-job, its queue emptied; each text is sent once, Redis stays small."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import redis

from guichet.carrier.simulator.mischief import Hang
from guichet.carrier.simulator.simulator import Simulator, SimulatorSettings
from guichet.core.clock import SystemClock
from guichet.core.ids import MessageId
from guichet.core.jobs import SendMessage
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway import embedded_redis
from guichet.gateway.database import Database
from guichet.gateway.outbox import HANDED_LEASE, STARTED_LEASE
from guichet.gateway.relay import QUEUE, Relay, RqHand
from guichet.gateway.services import open_database
from guichet.gateway.settings import Settings
from guichet.sms.message import DeliveryState, Direction, Message
from tests.gateway.processes import ACCOUNT, LINE, PUBLIC, TOKEN, guichet, kill, of_folder, running, settings_of, until

CITIZEN = PhoneNumber("+33639980418")
LATER = STARTED_LEASE + timedelta(seconds=1)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[str]:
    with embedded_redis.run(tmp_path) as url:
        yield url


@asynccontextmanager
async def database_at(folder: Path, offset: timedelta = timedelta(0)) -> AsyncIterator[Database]:
    """Open the database with a clock that is ahead."""
    async with open_database(Settings(data_dir=folder), SystemClock(offset)) as database:
        await database.upgrade()
        yield database


async def put(database: Database, count: int) -> None:
    """Queue texts, and the jobs that send them."""
    async with database.begin() as unit:
        for number in range(count):
            message = Message(
                id=MessageId(f"msg_{number}"),
                direction=Direction.OUT,
                number=CITIZEN,
                line=PhoneNumber(LINE),
                body=f"Texte {number}",
                language=Language.FR,
                state=DeliveryState.PENDING,
                created_at=SystemClock().now(),
                key=f"test:{number}",
            )
            await unit.messages.put(message)
            await unit.jobs.put(SendMessage(message.id))


async def relay(folder: Path, url: str, offset: timedelta = timedelta(0), *, texts: int = 0) -> int:
    """Hand over what is due by a clock that is ahead, after putting texts; return how many jobs were."""
    hand = RqHand(url)
    try:
        async with database_at(folder, offset) as database:
            await put(database, texts)
            return await Relay(database, hand).once()
    finally:
        hand.close()


def work(folder: Path, carrier: Simulator, offset: timedelta = timedelta(0)) -> None:
    """Run a worker, whose clock is ahead, until the queue is empty."""
    own = settings_of(folder, twilio_api_url=carrier.api_url, clock_offset=int(offset.total_seconds()))
    ended = guichet(["worker", "--burst"], own)
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr


async def test_a_job_whose_worker_was_killed_is_run_by_another_and_once(tmp_path: Path, queue: str) -> None:
    async with Simulator(SimulatorSettings(ACCOUNT, TOKEN, public_url=PUBLIC)) as carrier:
        # The carrier takes the first text, but its answer never comes: the worker is killed while it waits.
        carrier.mischief.add("/Messages.json", Hang(processed=True))
        await relay(tmp_path, queue, texts=1)
        own = settings_of(tmp_path, twilio_api_url=carrier.api_url)
        with running(["worker"], own, tmp_path / "worker.log"):
            await until(lambda: carrier.messages.all)
            assert len(of_folder(tmp_path, "guichet worker")) == 2
            kill({min(of_folder(tmp_path, "guichet worker")): ""})
            # The process that runs the job dies with its worker.
            await until(lambda: not of_folder(tmp_path, "guichet worker"), 5)
        assert await relay(tmp_path, queue) == 0
        assert await relay(tmp_path, queue, LATER) > 0
        await asyncio.to_thread(work, tmp_path, carrier, LATER)
        await relay(tmp_path, queue, LATER * 2)
        await asyncio.to_thread(work, tmp_path, carrier, LATER * 2)
        assert [text.body for text in carrier.messages.all] == ["Texte 0"]
        async with database_at(tmp_path) as database, database.read() as unit:
            message = await unit.messages.get(MessageId("msg_0"))
            assert message is not None
            assert message.state is not DeliveryState.SENDING


async def test_a_redis_that_was_emptied_gets_its_jobs_again(tmp_path: Path, queue: str) -> None:
    async with Simulator(SimulatorSettings(ACCOUNT, TOKEN, public_url=PUBLIC)) as carrier:
        assert await relay(tmp_path, queue, texts=2) == 2
        client = redis.Redis.from_url(queue)
        client.flushall()
        assert await relay(tmp_path, queue, HANDED_LEASE + timedelta(seconds=1)) == 2
        await asyncio.to_thread(work, tmp_path, carrier)
        assert sorted(text.body for text in carrier.messages.all) == ["Texte 0", "Texte 1"]
        # What was done is forgotten: no result, no registry, no copy of a job.
        left = {key.decode() for key in client.scan_iter("rq:*")}
        assert [key for key in left if "job" in key or "result" in key or "execution" in key] == []
        client.close()


async def test_a_queue_that_nobody_works_off_does_not_grow(tmp_path: Path, queue: str) -> None:
    for round_ in range(3):
        assert (
            await relay(tmp_path, queue, (HANDED_LEASE + timedelta(seconds=1)) * round_, texts=0 if round_ else 3) == 3
        )
    client = redis.Redis.from_url(queue)
    assert client.llen(f"rq:queue:{QUEUE}") == 3
    client.close()
