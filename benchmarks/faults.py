"""Long runs of the fault suite: `python -m benchmarks.faults [--faults N] [--seed S] [--account FILE]`.

Injects faults (docs/faults.md says which) into the flows until there have been N of them (5,000), and prints how many
of each kind, how many promises were broken, and the seed of each run that broke one. Every step of each flow is struck
once by itself first; the rest are busy mornings with faults all over. With an account, each run is written to that file
as it ends, and what is in it already is not run again: an interrupted run goes on where it was. `--postgresql` plays on
a PostgreSQL server of its own instead of SQLite files.
"""

import argparse
import asyncio
import json
import logging
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import structlog

from tests.faults.plan import OFTEN, Fault, Plan
from tests.faults.run import run
from tests.faults.stories import STEPS
from tests.journeys.conftest import _create_database, _named, copy_of
from tests.journeys.world import prepare
from tests.postgres import server

AT_ONCE = 6
FIRST_DAY = "first_day.sqlite"
EVERY = 250
"""Faults between two lines that say how far it is."""


def plans(seed: str, story: str | None) -> Iterator[tuple[str, Plan]]:
    """Yield stories and plans for ever: each step once, then crowds of faults."""
    for name, steps in STEPS.items():
        if story in {None, name}:
            for number in range(1, steps + 1):
                yield name, Plan(f"{seed}:{name}:{number}", frozenset({number}))
    number = 0
    while True:
        number += 1
        name = story or "busy"
        yield name, Plan(f"{seed}:{name}:crowd:{number}", one_of=OFTEN)


def again(seed: str) -> tuple[str, Plan]:
    """Return the story and the plan of a seed that was printed."""
    name, kind = seed.split(":")[-3:-1] if ":crowd:" in seed else seed.split(":")[-2:]
    if ":crowd:" in seed:
        return name, Plan(seed, one_of=OFTEN)
    return name, Plan(seed, frozenset({int(kind)}))


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

    async def all(self, wanted: int, seed: str, story: str | None) -> None:
        """Play until so many faults have been injected."""
        under_way: set[asyncio.Task[None]] = set()
        for name, plan in plans(seed, story):
            if self._account.faults.total() >= wanted:
                break
            if plan.seed in self._account.seeds:
                continue
            under_way.add(asyncio.create_task(self.one(name, plan)))
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
    reader.add_argument("--postgresql", action="store_true", help="play on PostgreSQL")
    reader.add_argument("--again", metavar="SEED", help="one run of a seed that was printed")
    options = reader.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    account = Account(options.account)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases = OnServer(stack.enter_context(server())) if options.postgresql else Files(folder)
        asyncio.run(databases.prepare())
        long = LongRun(folder, databases, account)
        try:
            asyncio.run(
                long.one(*again(options.again))
                if options.again
                else long.all(options.faults, options.seed, options.story)
            )
        except KeyboardInterrupt:
            print("interrupted")
    for name, count in account.faults.most_common():
        print(f"{count:6}  {Fault[name]}")
    seconds = time.monotonic() - began
    print(f"{account.faults.total()} faults in {account.runs} runs, {account.broken} promises broken, {seconds:.0f} s")
    return 1 if account.broken else 0


if __name__ == "__main__":
    sys.exit(main())
