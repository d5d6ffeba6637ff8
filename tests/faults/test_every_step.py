"""Faults at every step of the flows, with fixed seeds: at least five hundred in all, and no promise broken.

A failure prints the seed and what was injected; docs/faults.md says how to run it again.
"""

import pytest

from tests.faults.conftest import Injected, Runs
from tests.faults.plan import OFTEN, Fault, Plan
from tests.faults.stories import STEPS

pytestmark = pytest.mark.faults
APART = 10
"""Steps between two faults of one run: the runs begin one step after the other's."""
EVERY = 3
"""One step of three is struck here; benchmarks/faults.py strikes them all."""
FIRST = range(1, APART, EVERY)
MORNINGS = range(12)
ON_POSTGRESQL = range(100, 103)
ENOUGH = 500


@pytest.mark.parametrize("story", STEPS)
async def test_a_flow_that_is_struck_at_any_step_breaks_no_promise(runs: Runs, story: str) -> None:
    await runs(story, [Plan(f"{story}:{first}", frozenset(range(first, STEPS[story] * 2, APART))) for first in FIRST])


@pytest.mark.parametrize("part", range(4))
async def test_a_busy_morning_full_of_faults_breaks_no_promise(runs: Runs, part: int) -> None:
    await runs("busy", [Plan(f"busy:{number}", one_of=OFTEN) for number in MORNINGS[part::4]])


@pytest.mark.postgresql
async def test_a_busy_morning_full_of_faults_breaks_no_promise_on_postgresql(runs_on_postgresql: Runs) -> None:
    await runs_on_postgresql("busy", [Plan(f"busy:{number}", one_of=OFTEN) for number in ON_POSTGRESQL])


def test_five_hundred_faults_of_every_kind_were_injected(injected: Injected) -> None:
    """It sums up the tests above, when all of them have run."""
    if injected.plans < len(STEPS) * len(FIRST) + len(MORNINGS):
        pytest.skip("not all of the plans have been run in this session")
    assert set(injected.faults) == set(Fault), set(Fault) - set(injected.faults)
    assert injected.faults.total() >= ENOUGH, injected.faults
