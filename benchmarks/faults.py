"""Long runs of the fault suite: `python -m benchmarks.faults [--faults N] [--seed S] [--story NAME]`.

Injects faults (docs/faults.md says which) into the flows until there have been N of them (5,000), and prints how many
of each kind, how many promises were broken, and the seed of each run that broke one. Every step of each flow is struck
once by itself first; the rest are busy mornings with faults all over.
"""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import structlog

from tests.faults.plan import OFTEN, Fault, Plan
from tests.faults.run import run
from tests.faults.stories import STEPS
from tests.journeys.world import prepare

AT_ONCE = 4
FIRST_DAY = "first_day.sqlite"


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


class LongRun:
    """Runs plans beside each other, and keeps account."""

    def __init__(self, folder: Path) -> None:
        self.faults: Counter[Fault] = Counter()
        self.broken = 0
        self._folder = folder
        self._places = asyncio.Semaphore(AT_ONCE)
        self._runs = 0

    async def one(self, story: str, plan: Plan) -> None:
        """Play a story on a database of its own."""
        async with self._places:
            self._runs += 1
            folder = self._folder / str(self._runs)
            folder.mkdir()
            file = Path(shutil.copy(self._folder / FIRST_DAY, folder / "guichet.sqlite"))
            outcome = await run(story, plan, f"sqlite+aiosqlite:///{file}", folder)
            shutil.rmtree(folder)
        self.faults.update(plan.by_kind)
        if outcome.violations:
            self.broken += len(outcome.violations)
            print(f"{story}, seed {plan.seed}:", *outcome.violations, *plan.struck, sep="\n    ", flush=True)

    async def all(self, wanted: int, seed: str, story: str | None) -> None:
        """Play until so many faults have been injected."""
        under_way: set[asyncio.Task[None]] = set()
        for name, plan in plans(seed, story):
            if self.faults.total() >= wanted:
                break
            under_way.add(asyncio.create_task(self.one(name, plan)))
            if len(under_way) >= AT_ONCE:
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        await asyncio.gather(*under_way)


def main() -> int:
    """Run, and print the account; 1 if a promise was broken."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--faults", type=int, default=5000, help="how many to inject at least")
    reader.add_argument("--seed", default="1", help="the seed of the whole run")
    reader.add_argument("--story", choices=[*STEPS, "busy"], help="one flow only")
    reader.add_argument("--again", metavar="SEED", help="one run of a seed that was printed")
    options = reader.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as path:
        asyncio.run(prepare(f"sqlite+aiosqlite:///{path}/{FIRST_DAY}"))
        long = LongRun(Path(path))
        if options.again:
            asyncio.run(long.one(*again(options.again)))
        else:
            asyncio.run(long.all(options.faults, options.seed, options.story))
    for fault, count in long.faults.most_common():
        print(f"{count:6}  {fault}")
    print(f"{long.faults.total()} faults, {long.broken} promises broken, {time.monotonic() - began:.0f} s")
    return 1 if long.broken else 0


if __name__ == "__main__":
    sys.exit(main())
