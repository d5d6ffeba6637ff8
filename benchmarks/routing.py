"""How fast rules decide, contacts are replayed and agents are given work; figures of one run, and their ratios.

    python -m benchmarks.routing [--contacts 100000] [--agents 1000] [--waiting 10000] [--rounds 200]

Everything runs in this process: decisions and replay on a sample history in a new SQLite file, assignments on another.
"""

import argparse
import asyncio
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from guichet.callbacks import dispatch
from guichet.callbacks.joining import new_request
from guichet.callbacks.request import Demand, RequestKind
from guichet.citizens.contact import Channel
from guichet.core.clock import ManualClock
from guichet.core.ids import AgentId, ContactId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.database import Database, make_engine
from guichet.gateway.past_days import past_contacts, staff_of
from guichet.gateway.sample_days import write
from guichet.routing.agent import Agent, Presence
from guichet.routing.decide import decide_with, settle
from guichet.routing.decision import Grounds
from guichet.routing.replay import Replay
from guichet.routing.rule_book import RuleBook
from guichet.routing.sample_history import SampleHistory

NOON = datetime(2026, 3, 4, 10, tzinfo=UTC)
DAYS = 60
REPLAY_SECONDS = 15.0
ASSIGN_MILLISECONDS = 5.0


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long it takes: seconds on the wall, seconds of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _decide_all(decide: Callable[..., object], book: RuleBook, known: Sequence[Grounds]) -> None:
    for one in known:
        decide(book, one.facts, one.free)


def decisions(book: RuleBook, contacts: int) -> None:
    """Print how many decisions a second, with and without their words."""
    known = [one.past.grounds for one in SampleHistory(book, 1, DAYS, contacts, NOON)]
    for name, decide in (("with reasons", decide_with), ("as a replay does", settle)):
        wall, cpu = timed(partial(_decide_all, decide, book, known))
        print(
            f"decisions, {name}: {contacts / wall:,.0f} a second ({1e6 * cpu / contacts:.0f} µs of the processor each)"
        )


async def replays(book: RuleBook, contacts: int, folder: Path) -> None:
    """Print how long a replay of a sample history takes."""
    clock = ManualClock(NOON)
    database = Database(make_engine(f"sqlite+aiosqlite:///{folder}/history.sqlite"), clock)
    await database.upgrade()
    await write(database, book, SampleHistory(book, 1, DAYS, contacts, NOON))
    since = NOON - timedelta(days=DAYS + 1)
    wall, cpu = time.perf_counter(), time.process_time()
    one = Replay(book, book, await staff_of(database, book, since, NOON))
    async for _, page in past_contacts(database, since):
        for past in page:
            one.take(past)
    one.close()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    await database.close()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    part = wall / REPLAY_SECONDS * 100_000 / contacts
    print(
        f"replay: {one.contacts:,} contacts in {wall:.1f} s ({cpu:.1f} s of the processor), at most {megabytes:.0f} MB"
    )
    print(
        f"replay: {part:.2f} of the {REPLAY_SECONDS:.0f} s for 100,000 contacts ({part * cpu / wall:.2f} by processor)"
    )
    print(f"replay of the published rules: {sum(one.changes.values()) + one.other_rule} differences")


async def assignments(book: RuleBook, agents: int, waiting: int, rounds: int, folder: Path) -> float:
    """Print how long it takes to give an agent the first in the order; return the median in milliseconds."""
    clock = ManualClock(NOON)
    database = Database(make_engine(f"sqlite+aiosqlite:///{folder}/desk{waiting}.sqlite"), clock)
    await database.upgrade()
    queues = list(book.queues.values())
    for start in range(0, waiting, 500):
        async with database.begin() as unit:
            for number in range(start, min(start + 500, waiting)):
                await unit.requests.open(new_request(_demand(book, queues[number % len(queues)].name, number), NOON))
    async with database.begin() as unit:
        for number in range(agents):
            skills = frozenset({queues[number % len(queues)].name, queues[(number * 7 + 1) % len(queues)].name})
            phone, since = PhoneNumber(f"+3318{number:07}"), NOON - timedelta(seconds=number)
            both = frozenset(Language)
            name = f"Agent {number}"
            await unit.agents.add(
                Agent(AgentId(f"agent_{number}"), name, phone, skills, both, Presence.AVAILABLE, since)
            )
    times, cpu = [], time.process_time()
    for _ in range(rounds):
        began = time.perf_counter()
        prepared = await database.run(lambda unit: dispatch.prepare(unit, book, NOON + timedelta(minutes=1)))
        times.append(1000 * (time.perf_counter() - began))
        if prepared is None:
            sys.exit("nobody could be given work: the measure is void")
    cpu = 1000 * (time.process_time() - cpu) / rounds
    await database.close()
    median = statistics.median(times)
    worst = sorted(times)[int(0.95 * len(times))]
    each = f"{median:.1f} ms each (95 %: {worst:.1f} ms; {cpu:.1f} ms of the processor)"
    print(f"assignments, {agents:,} agents and {waiting:,} waiting: {each}")
    return median


def _demand(book: RuleBook, queue: str, number: int) -> Demand:
    target = NOON + timedelta(minutes=30 + number * 7 % 400)
    return Demand(
        contact=ContactId(f"con_{number}"),
        channel=Channel.VOICE.value,
        kind=RequestKind.CALLBACK,
        citizen=None,
        number=PhoneNumber(f"+336{number:08}"),
        line=book.lines[0].number,
        language=Language.FR,
        intent="etat_civil_acte",
        queue=queue,
        target_at=target,
        priority=number % 3,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--agents", type=int, default=1000)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=200)
    asked = parser.parse_args()
    book = RuleBook.load()
    decisions(book, min(asked.contacts, 20_000))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(replays(book, asked.contacts, folder))
        few = asyncio.run(assignments(book, asked.agents // 10, asked.waiting // 10, asked.rounds // 4, folder))
        many = asyncio.run(assignments(book, asked.agents, asked.waiting, asked.rounds, folder))
    print(f"assignments: {many / ASSIGN_MILLISECONDS:.2f} of the {ASSIGN_MILLISECONDS:.0f} ms each")
    print(f"assignments: ten times the people take {many / few:.2f} times as long each")


if __name__ == "__main__":
    main()
