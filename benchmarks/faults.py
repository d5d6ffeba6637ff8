"""Long runs of the fault suite: `python -m benchmarks.faults [--faults N] [--seed S] [--account FILE]`.

Injects faults (docs/faults.md says which) into the flows until there have been N of them (5,000), and prints how many
of each kind, how many promises were broken, and the seed of each run that broke one. Every step of each flow is struck
once, many in a run; the rest are busy mornings with faults all over. With an account, each run is written to that file
as it ends, and what is in it already is not run again: an interrupted run goes on where it was. `--postgresql` plays on
a PostgreSQL server of its own instead of SQLite files.
"""

import argparse
import asyncio
import json
import logging
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import structlog

from tests.faults.plan import OFTEN, Fault, Plan
from tests.faults.run import run
from tests.faults.stories import STEPS
from tests.journeys.conftest import _create_database, _named, copy_of
from tests.journeys.world import prepare
from tests.postgres import server

AT_ONCE = 6
APART = 10
"""Steps between two faults of a run that strikes every so many."""
FIRST_DAY = "first_day.sqlite"
EVERY = 250
"""Faults between two lines that say how far it is."""


def plan_of(seed: str) -> tuple[str, Plan]:
    """Return the story and the plan of a seed: `1:held:alone:7`, `1:held:every:7` or `1:busy:crowd:7`."""
    _, story, kind, number = seed.rsplit(":", 3)
    match kind:
        case "alone":
            return story, Plan(seed, frozenset({int(number)}))
        case "every":
            return story, Plan(seed, frozenset(range(int(number), STEPS[story] * 2, APART)))
        case _:
            return story, Plan(seed, one_of=OFTEN)


def seeds(seed: str, story: str | None, *, alone: bool) -> Iterator[str]:
    """Yield the seeds of a run: each step once by itself; or each step, many in a run, and then crowds for ever."""
    kind = "alone" if alone else "every"
    for name, steps in STEPS.items():
        if story in {None, name}:
            yield from (f"{seed}:{name}:{kind}:{number}" for number in range(1, (steps if alone else APART) + 1))
    if not alone:
        yield from (f"{seed}:{story or 'busy'}:crowd:{number}" for number in count(1))


class Account:
    """What has been run: how many faults of each kind, how many promises broken; kept in a file, if there is one."""

    def __init__(self, file: Path | None) -> None:
        self.faults: Counter[str] = Counter()
        self.broken = 0
        self.runs = 0
        self.seeds: set[str] = set()
        self._file = file
        if file is not None and file.exists():
            for line in file.read_text("utf-8").splitlines():
                self._count(**json.loads(line))

    def add(self, plan: Plan, broken: int) -> None:
        """Take a run in."""
        faults = {fault.name: count for fault, count in plan.by_kind.items()}
        before = self.faults.total() // EVERY
        self._count(plan.seed, faults, broken)
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"seed": plan.seed, "faults": faults, "broken": broken}) + "\n")
        if self.faults.total() // EVERY > before:
            print(f"{self.faults.total()} faults in {self.runs} runs, {self.broken} promises broken", flush=True)

    def _count(self, seed: str, faults: dict[str, int], broken: int) -> None:
        self.seeds.add(seed)
        self.faults.update(faults)
        self.broken += broken
        self.runs += 1


class Files:
    """SQLite files, each a copy of one that is prepared."""

    def __init__(self, folder: Path) -> None:
        self._first_day = folder / FIRST_DAY

    async def prepare(self) -> None:
        """Make the one to be copied."""
        await prepare(f"sqlite+aiosqlite:///{self._first_day}")

    async def fresh(self, folder: Path) -> str:
        """Make one for a run; return its URL."""
        return copy_of(self._first_day, folder)


class OnServer:
    """Databases of a PostgreSQL server, each a copy of one that is prepared."""

    def __init__(self, server: str) -> None:
        self._server = server

    async def prepare(self) -> None:
        """Make the one to be copied."""
        await _create_database(self._server, "first_day")
        await prepare(_named(self._server, "first_day"))

    async def fresh(self, folder: Path) -> str:
        """Make one for a run; return its URL."""
        name = f"run_{folder.name}"
        await _create_database(self._server, name, template="first_day")
        return _named(self._server, name)


class LongRun:
    """Runs plans beside each other."""

    def __init__(self, folder: Path, databases: Files | OnServer, account: Account) -> None:
        self._folder = folder
        self._databases = databases
        self._account = account
        self._begun = 0

    async def one(self, story: str, plan: Plan) -> None:
        """Play a story on a database of its own."""
        self._begun += 1
        folder = self._folder / str(self._begun)
        folder.mkdir()
        outcome = await run(story, plan, await self._databases.fresh(folder), folder)
        shutil.rmtree(folder)
        if outcome.violations:
            print(f"{story}, seed {plan.seed}:", *outcome.violations, *plan.struck, sep="\n    ", flush=True)
        self._account.add(plan, len(outcome.violations))

    async def all(self, wanted: int, seeds: Iterator[str]) -> None:
        """Play until so many faults have been injected, or all seeds have been played."""
        under_way: set[asyncio.Task[None]] = set()
        for one in seeds:
            if self._account.faults.total() >= wanted:
                break
            if one in self._account.seeds:
                continue
            under_way.add(asyncio.create_task(self.one(*plan_of(one))))
            if len(under_way) >= AT_ONCE:
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        await asyncio.gather(*under_way)


def main() -> int:
    """Run, and print the account, when interrupted too; 1 if a promise was broken."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--faults", type=int, default=5000, help="how many to inject at least")
    reader.add_argument("--seed", default="1", help="the seed of the whole run")
    reader.add_argument("--story", choices=[*STEPS, "busy"], help="one flow only")
    reader.add_argument(
        "--account", type=Path, metavar="FILE", help="keep the account here, and go on from what it has"
    )
    reader.add_argument("--alone", action="store_true", help="strike each step of each flow once, by itself; no crowds")
    reader.add_argument("--postgresql", action="store_true", help="play on PostgreSQL")
    reader.add_argument("--again", metavar="SEED", help="one run of a seed that was printed")
    options = reader.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    account = Account(options.account)
    for told in (signal.SIGINT, signal.SIGTERM):  # in the background too, where shells have SIGINT ignored
        signal.signal(told, signal.default_int_handler)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases = OnServer(stack.enter_context(server())) if options.postgresql else Files(folder)
        asyncio.run(databases.prepare())
        long = LongRun(folder, databases, account)
        try:
            if options.again:
                asyncio.run(long.one(*plan_of(options.again)))
            else:
                asyncio.run(long.all(options.faults, seeds(options.seed, options.story, alone=options.alone)))
        except KeyboardInterrupt:
            print("interrupted")
    for name, number in account.faults.most_common():
        print(f"{number:6}  {Fault[name]}")
    seconds = time.monotonic() - began
    print(f"{account.faults.total()} faults in {account.runs} runs, {account.broken} promises broken, {seconds:.0f} s")
    return 1 if account.broken else 0


if __name__ == "__main__":
    sys.exit(main())
