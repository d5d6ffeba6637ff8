"""Figures of requests, all from one run: `python -m benchmarks.callbacks [--postgresql URL] [--most N]`.

Requests are accepted (opened, with the jobs they cause, one transaction each), claimed by fifty agents at once (the
next in the one order, an attempt committed) and finished (accepted, dialled, connected, over: a transaction each), as
the gateway does it, telephones left out. No request may be claimed twice: the tables are checked. Then claims one at a
time, with 100 requests in the table and with many: all but a hundred of them closed, or all of them waiting. Beside
it, plain RQ jobs that do nothing: enqueued, and worked off by one worker that does not fork.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from guichet.callbacks import citizen_leg, dispatch, legs
from guichet.callbacks.request import Demand, RequestKind
from guichet.callbacks.service import open_request
from guichet.callbacks.tables import attempts, requests
from guichet.callbacks.wrapping_up import wrapped_up
from guichet.core.clock import ManualClock
from guichet.core.errors import Conflict
from guichet.core.ids import AgentId, AttemptId, CallSid, ContactId, new_id
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway import embedded_redis
from guichet.gateway.database import Database, make_engine
from guichet.routing.agent import Agent, Presence
from guichet.routing.rule_book import RuleBook

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
LINE = PhoneNumber("+33199001010")
QUEUE = "etat_civil"
AGENTS = 50
ACCEPTED = 500
SERVED = 500
CLAIMS = 150
WARMING = 20
FEW = 100
TRIES = 50


@dataclass(frozen=True, slots=True)
class Rates:
    """A second of each, and what was claimed twice."""

    accepted: float
    claimed: float
    finished: float
    duplicates: int


def demand(number: int) -> Demand:
    """Ask to be called back about a certificate."""
    return Demand(
        contact=ContactId(f"con_{number}"),
        channel="voice",
        kind=RequestKind.CALLBACK,
        citizen=None,
        number=PhoneNumber(f"+336{number:08}"),
        line=LINE,
        language=Language.FR,
        intent="etat_civil_acte",
        queue=QUEUE,
        target_at=NOW + timedelta(hours=4, milliseconds=number),
    )


class Bench:
    """One database, its agents and the rule book."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.book = RuleBook.load(None)
        self.claims: list[tuple[str, str]] = []
        self.asked = 0

    async def hire(self, count: int) -> None:
        """Add agents who are available."""
        async with self.database.begin() as unit:
            for number in range(count):
                await unit.agents.add(
                    Agent(
                        id=AgentId(f"agent_{number}"),
                        name=f"Agent {number}",
                        phone=PhoneNumber(f"+3319900{2000 + number}"),
                        skills=frozenset(self.book.queues[QUEUE].skills or {QUEUE}),
                        languages=frozenset({Language.FR}),
                        presence=Presence.AVAILABLE,
                        since=NOW,
                    )
                )

    async def accept(self, numbers: Sequence[int]) -> float:
        """Open requests, fifty at a time; return how many a second."""
        places = asyncio.Semaphore(AGENTS)
        self.asked += len(numbers)

        async def one(number: int) -> None:
            async with places, self.database.begin() as unit:
                await open_request(unit, demand(number), NOW)

        began = time.perf_counter()
        await asyncio.gather(*(one(number) for number in numbers))
        return len(numbers) / (time.perf_counter() - began)

    async def claim(self) -> AttemptId | None:
        """Take the next in the order and a free agent, as the job OfferNext does; None: nobody waits."""
        for _ in range(TRIES):
            try:
                taken = await self.database.run(lambda unit: dispatch.prepare(unit, self.book, NOW))
            except Conflict:
                continue
            if taken is None:
                return None
            leg, agent = taken
            self.claims.append((leg.request.id, agent.id))
            return leg.attempt.id
        raise RuntimeError("others are always quicker")

    async def finish(self, attempt: AttemptId) -> None:
        """Go through a callback that goes well, in the transactions of its webhooks; the agent is free again."""
        call, later = CallSid(new_id("CA")), NOW + timedelta(seconds=60)
        async with self.database.begin() as unit:
            leg = await legs.accept(unit, attempt, call, NOW)
            assert leg is not None
            await citizen_leg.dial(unit, leg, NOW)
        async with self.database.begin() as unit:
            await citizen_leg.rings(unit, attempt, CallSid(new_id("CA")))
            await legs.bridge(unit, attempt, NOW)
        async with self.database.begin() as unit:
            await legs.end(unit, attempt, NOW, self.book)
            await wrapped_up(unit, leg.attempt, later)

    async def serve(self, count: int) -> tuple[float, float]:
        """Let fifty agents claim and finish until so many are done; return claims a second alone, and with the rest."""
        attempts_of: list[AttemptId] = []
        claiming = 0.0
        began = time.perf_counter()
        while len(attempts_of) < count:
            start = time.perf_counter()
            found = [attempt for attempt in await asyncio.gather(*(self.claim() for _ in range(AGENTS))) if attempt]
            claiming += time.perf_counter() - start
            await asyncio.gather(*(self.finish(attempt) for attempt in found))
            attempts_of += found
        whole = time.perf_counter() - began
        return len(attempts_of) / claiming, len(attempts_of) / (whole - claiming)

    async def duplicates(self) -> int:
        """Count requests that were claimed more than once, or finished without being claimed; the tables agree."""
        async with self.database.read() as unit:
            counted = sa.select(attempts.c.request, sa.func.count()).group_by(attempts.c.request)
            known = {row[0]: row[1] for row in await unit.connection.execute(counted)}
        claimed = Counter(request for request, _ in self.claims)
        assert set(claimed) == set(known)
        return sum(count - 1 for count in (*claimed.values(), *known.values()) if count > 1)

    async def claim_seconds(self) -> float:
        """Return the seconds of one claim, nobody else being there; for the one who is claimed another one asks."""
        await self.accept([self.asked])
        start = time.perf_counter()
        attempt = await self.claim()
        taken = time.perf_counter() - start
        assert attempt is not None
        await self.finish(attempt)
        return taken

    async def fill(self, count: int, *, closed: bool) -> None:
        """Copy one request so many times: waiting, with later targets than all others, or closed."""
        is_sqlite = self.database.engine.dialect.name == "sqlite"
        later = "datetime('2026-03-04', '+' || i || ' seconds')" if is_sqlite else "now() + i * interval '1 second'"
        moment = "target_at" if closed else later
        changed = {
            "id": "'req_z' || substr(cast(1000000000 + i as text), 2)",
            "reference": "'Z' || cast(i as text)",
            "subject": "'many:' || cast(i as text)",
            "number": "'+337' || substr(cast(1000000000 + i as text), 3)",
            "target_at": moment,
            "state": "'done'" if closed else "'waiting'",
            "closed_at": "changed_at" if closed else "NULL",
        }
        names = [column.name for column in requests.columns]
        columns = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(changed.get(name, f'"{name}"') for name in names)
        async with self.database.begin() as unit:
            await open_request(unit, demand(99_999_999), NOW)
        statement = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count), "
            "one AS (SELECT * FROM requests WHERE number = '+33699999999') "
            f"INSERT INTO requests ({columns}) SELECT {values} FROM one, n"
        )
        async with self.database.begin() as unit:
            await unit.connection.execute(sa.text(statement), {"count": count})
        if not is_sqlite:
            async with self.database.begin() as unit:
                await unit.connection.execute(sa.text("ANALYZE requests"))


@asynccontextmanager
async def opened(postgresql: str | None, folder: Path, name: str) -> AsyncIterator[Bench]:
    """Open an empty database of each kind."""
    if postgresql is None:
        url = f"sqlite+aiosqlite:///{folder}/{name}.sqlite"
    else:
        admin = make_engine(postgresql).execution_options(isolation_level="AUTOCOMMIT")
        async with admin.connect() as connection:
            await connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name}"))
            await connection.execute(sa.text(f"CREATE DATABASE {name}"))
        await admin.dispose()
        url = sa.make_url(postgresql).set(database=name).render_as_string(hide_password=False)
    database = Database(make_engine(url), ManualClock(NOW))
    await database.upgrade()
    try:
        yield Bench(database)
    finally:
        await database.close()


async def rates(postgresql: str | None, folder: Path) -> Rates:
    """Measure a crowd."""
    async with opened(postgresql, folder, "crowd") as bench:
        await bench.hire(AGENTS)
        accepted = await bench.accept(range(ACCEPTED))
        claimed, finished = await bench.serve(SERVED)
        return Rates(accepted, claimed, finished, await bench.duplicates())


async def claims(postgresql: str | None, folder: Path, many: int) -> list[float]:
    """Return the median seconds of a claim with few requests in the table, many that are closed, many that wait.

    The three take turns, so that whatever else the machine does is the same for all.
    """
    async with AsyncExitStack() as stack:
        benches = []
        for name, count, closed in (("few", 0, True), ("closed", many - FEW, True), ("waiting", many - FEW, False)):
            bench = await stack.enter_async_context(opened(postgresql, folder, name))
            await bench.hire(AGENTS)
            if count:
                await bench.fill(count, closed=closed)
            await bench.accept(range(FEW))
            benches.append(bench)
        taken = [[await bench.claim_seconds() for bench in benches] for _ in range(WARMING + CLAIMS)]
    return [statistics.median(times) for times in zip(*taken[WARMING:], strict=True)]


def nothing() -> None:
    """Do nothing."""


def rq_rates(folder: Path, count: int) -> tuple[float, float]:
    """Return plain RQ jobs enqueued a second, and worked off."""
    with embedded_redis.run(folder) as url:
        connection = Redis.from_url(url)
        queue = Queue("plain", connection=connection, serializer=JSONSerializer)
        began = time.perf_counter()
        for _ in range(count):
            queue.enqueue("benchmarks.callbacks.nothing")
        enqueued = count / (time.perf_counter() - began)
        worker = SimpleWorker([queue], connection=connection, serializer=JSONSerializer)
        began = time.perf_counter()
        worker.work(burst=True, logging_level="ERROR")
        worked = count / (time.perf_counter() - began)
        connection.close()
    return enqueued, worked


def main() -> None:
    """Measure, and print the table."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--postgresql", metavar="URL", help="measure on this server too")
    reader.add_argument("--most", type=int, default=1_000_000, help="requests in the large table")
    options = reader.parse_args()
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        enqueued, worked = rq_rates(folder, ACCEPTED)
        print(f"plain RQ jobs: {enqueued:.0f} enqueued a second, {worked:.0f} worked off a second")
        for name, url in (("SQLite", None), ("PostgreSQL", options.postgresql)):
            if name == "PostgreSQL" and url is None:
                continue
            found = asyncio.run(rates(url, folder))
            print(
                f"{name}, {AGENTS} agents: {found.accepted:.0f} accepted a second "
                f"({found.accepted / enqueued:.2f} of RQ's), {found.claimed:.0f} claimed, "
                f"{found.finished:.0f} finished ({found.finished / worked:.2f} of RQ's), {found.duplicates} twice"
            )
            few, closed, waiting = asyncio.run(claims(url, folder, options.most))
            print(
                f"{name}, a claim with {FEW} requests in the table: {1000 * few:.2f} ms; with {options.most:,}: "
                f"x {closed / few:.2f} (closed), x {waiting / few:.2f} (all waiting)"
            )


if __name__ == "__main__":
    import structlog

    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    main()
