"""Fixtures of the faults: the prepared database of the journeys, copied for each run; and what was injected."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from traceback import format_exception
from uuid import uuid4

import pytest

from tests.faults.plan import Fault, Plan
from tests.faults.run import Outcome, run
from tests.journeys.conftest import _create_database, _named, copy_of, first_day, first_day_on_postgresql

__all__ = ["first_day", "first_day_on_postgresql"]
AT_ONCE = 6
"""Runs beside each other: they wait for other things than the processor most of the time."""

Runs = Callable[[str, Sequence[Plan]], Awaitable[None]]
Fresh = Callable[[Path], Awaitable[str]]
"""Makes the database of a run in a folder; gives its URL."""


@dataclass
class Injected:
    """What was injected in this session, and the plans that did."""

    faults: Counter[Fault] = field(default_factory=Counter)
    plans: int = 0


@pytest.fixture(scope="session")
def injected() -> Injected:
    """Count what was injected in this session."""
    return Injected()


@pytest.fixture
def runs(first_day: Path, tmp_path: Path, injected: Injected) -> Runs:
    """Give what plays a story with each of these plans, and fails with what was found and how to run it again."""

    async def fresh(folder: Path) -> str:
        return copy_of(first_day, folder)

    return _player(fresh, tmp_path, injected)


@pytest.fixture
def runs_on_postgresql(postgresql_url: str, first_day_on_postgresql: str, tmp_path: Path, injected: Injected) -> Runs:
    """Give what does the same on PostgreSQL."""

    async def fresh(_folder: Path) -> str:
        name = f"faults_{uuid4().hex}"
        await _create_database(postgresql_url, name, template=first_day_on_postgresql)
        return _named(postgresql_url, name)

    return _player(fresh, tmp_path, injected)


def _player(fresh: Fresh, tmp_path: Path, injected: Injected) -> Runs:
    async def play(story: str, plans: Sequence[Plan]) -> None:
        places = asyncio.Semaphore(AT_ONCE)

        async def one(number: int, plan: Plan) -> Outcome:
            folder = tmp_path / f"{story}-{number}"
            folder.mkdir()
            async with places:
                return await run(story, plan, await fresh(folder), folder)

        outcomes = await asyncio.gather(*(one(*each) for each in enumerate(plans)), return_exceptions=True)
        found = []
        for plan, outcome in zip(plans, outcomes, strict=True):
            injected.faults.update(plan.by_kind)
            injected.plans += 1
            if isinstance(outcome, BaseException):
                found += [f"{story}, seed {plan.seed}:", *format_exception(outcome), *map(str, plan.struck)]
            elif outcome.violations:
                found += [f"{story}, seed {plan.seed}:", *outcome.told()]
        if found:
            pytest.fail("\n".join(found), pytrace=False)

    return play
