"""One run: a story with the faults of a plan, then calm until everything is over, then the checker's verdict."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from guichet.core.tables import by_name
from tests.faults import checker
from tests.faults.evidence import Evidence, gather
from tests.faults.people import Town
from tests.faults.plan import Plan
from tests.faults.plant import Plant
from tests.faults.stories import STORIES
from tests.gateway.processes import free_port

MOST_ROUNDS = 1000
"""Who holds is looked after every five seconds, and a clock that was ahead keeps an agent for ten minutes more."""
_SECOND = timedelta(seconds=1)
_LONGEST_STEP = timedelta(hours=6)


@dataclass(frozen=True)
class Outcome:
    """What became of a run."""

    plan: Plan
    evidence: Evidence
    violations: tuple[str, ...]

    def told(self) -> list[str]:
        """Tell what was broken, what struck, and what the carrier and the tables say of each call and request."""
        seen, silent = self.evidence, {"said", "complaints"}
        calls = [
            {name: getattr(call, name) for name in type(call).__slots__ if name not in silent} for call in seen.calls
        ]
        rows = [by_name(row) for row in (*seen.tables.requests, *seen.tables.attempts, *seen.events)]
        return [*self.violations, *map(str, self.plan.struck), *map(_in_a_line, (*calls, *rows))]


def _in_a_line(fields: Mapping[str, object]) -> str:
    told = {name: f"{value:%H:%M:%S}" if isinstance(value, datetime) else value for name, value in fields.items()}
    return " ".join(f"{name}={value}" for name, value in told.items() if value not in (None, ""))


async def run(story: str, plan: Plan, url: str, folder: Path) -> Outcome:
    """Play a story on a prepared database of its own."""
    async with AsyncExitStack() as stack:
        plant = Plant(plan, url, folder, f"http://127.0.0.1:{free_port()}")
        await plant.open(stack)
        town = Town(plant)
        stack.push_async_callback(town.go_home)
        await STORIES[story](town)
        await plant.calm()
        await _until_over(plant, town)
        evidence = await gather(plant.carrier.simulator, plant.beside)
    return Outcome(plan, evidence, tuple(checker.violations(evidence)))


async def _until_over(plant: Plant, town: Town) -> None:
    """Go from one moment at which something is due to the next, until nothing is and nobody wants anything."""
    looks = 0
    for _ in range(MOST_ROUNDS):
        await town.come_back()
        due = await plant.next_due()
        if due is None and not town.is_busy and looks > 1 and not await plant.end_forgotten_calls():
            break
        looks = looks + 1 if due is None else 0
        now = plant.true_clock.now()
        step = max(_SECOND, due - now) if due is not None else 20 * _SECOND
        if town.is_busy:
            step = min(step, 20 * _SECOND)
        await plant.pass_time(min(step, _LONGEST_STEP))
        await town.quiet()
