"""Each measure is computed twice, by the SQL and by a walk over the events: both find the same, to the last figure."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from guichet.core.clock import ManualClock
from guichet.core.tables import metadata
from guichet.gateway.database import Database
from guichet.gateway.sample_days import write
from guichet.gateway.units import SqlUnit
from guichet.routing.measures import By, Key, Measures, Period
from guichet.routing.rule_book import RuleBook
from guichet.routing.sample_history import SampleHistory
from tests.conftest import SQL_BACKENDS, Engines
from tests.gateway.measures_story import BEGIN, Plan, histories, invented, live
from tests.gateway.measures_walk import Walk, read

PARIS, MARQUESAS = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Marquesas")
TABLES = ("surveys", "messages", "request_events", "attempts", "request_contacts", "requests", "contacts")

periods = st.builds(
    lambda first, days, zone: Period(
        BEGIN.date() + timedelta(days=first), BEGIN.date() + timedelta(days=first + days), zone
    ),
    st.integers(-1, 8),
    st.integers(0, 10),
    st.sampled_from((PARIS, MARQUESAS)),
)


async def emptied(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        for name in TABLES:
            await connection.execute(sa.delete(metadata.tables[name]))


async def agree(unit: SqlUnit, period: Period, now: datetime) -> dict[By, dict[Key, Measures]]:
    """Compare both ways for everything that figures are told apart by; return them."""
    happened = await read(unit)
    found: dict[By, dict[Key, Measures]] = {}
    for by in By:
        counted = await unit.measures.of(period, by, now)
        assert counted == Walk(happened, period, by, now).counted(), by
        found[by] = counted
    return found


@pytest.mark.parametrize("backend", SQL_BACKENDS)
def test_a_walk_over_generated_events_finds_what_the_database_counts(backend: str, engines: Engines) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        engine = runner.run(stack.enter_async_context(engines(backend)))

        async def check(history: Sequence[Plan], period: Period, now: datetime) -> None:
            await emptied(engine)
            database = Database(engine, ManualClock(now))
            async with database.begin() as unit:
                await live(unit, history)
            async with database.read() as unit:
                await agree(unit, period, now)

        @settings(max_examples=60, deadline=None)
        @given(history=histories, period=periods, days=st.integers(0, 30))
        def every(history: Sequence[Plan], period: Period, days: int) -> None:
            runner.run(check(history, period, BEGIN + timedelta(days=days)))

        try:
            every()
        finally:
            runner.run(stack.aclose())


@pytest.mark.parametrize("backend", SQL_BACKENDS)
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_long_history_in_which_everything_occurs_is_measured_alike_both_ways(
    seed: int, backend: str, engines: Engines
) -> None:
    now = BEGIN + timedelta(days=15)
    async with engines(backend) as engine:
        database = Database(engine, ManualClock(now))
        async with database.begin() as unit:
            await live(unit, invented(seed, 300))
        async with database.read() as unit:
            found = await agree(unit, Period(BEGIN.date(), now.date(), PARIS), now)
    (whole,) = found[By.ALL].values()
    assert [field.name for field in fields(Measures) if not getattr(whole, field.name)] == ["samples"]
    assert whole.at_first_contact < whole.settled
    assert whole.calls_kept < whole.calls_due
    assert whole.in_time < whole.due < whole.needing


UNTIL = datetime(2026, 4, 6, tzinfo=UTC)
BOOK = RuleBook.load()
CONTACTS = 3000


@pytest.fixture(params=SQL_BACKENDS)
async def sample(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Database]:
    """Two weeks of a sample history, the clocks going forward in the middle."""
    async with engines(request.param) as engine:
        database = Database(engine, ManualClock(UNTIL))
        await write(database, BOOK, SampleHistory(BOOK, 3, 14, CONTACTS, UNTIL))
        yield database


async def test_the_sample_history_is_measured_alike_both_ways(sample: Database) -> None:
    async with sample.read() as unit:
        found = await agree(unit, Period(date(2026, 3, 22), date(2026, 4, 6), PARIS), UNTIL)
    (whole,) = found[By.ALL].values()
    assert (whole.contacts, whole.samples) == (CONTACTS, CONTACTS)
    assert 0 < whole.abandoned < whole.held < whole.needing < whole.contacts
    assert whole.handled + whole.waiting + whole.abandoned + whole.withdrawn + whole.left + whole.lost == whole.needing
    assert set(found[By.CHANNEL]) == {"voice", "sms"}
    assert len(found[By.DAY]) == 15
    counts = [field.name for field in fields(Measures) if "median" not in field.name and "9_in" not in field.name]
    for by, rows in found.items():
        for name in counts:
            assert sum(getattr(row, name) for row in rows.values()) == getattr(whole, name), (by, name)


async def test_a_period_ends_with_its_last_day_where_the_administration_is(sample: Database) -> None:
    async with sample.read() as unit:
        days = [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)]
        apart = [await unit.measures.of(Period(day, day, PARIS), By.DAY, UNTIL) for day in days]
        together = await unit.measures.of(Period(days[0], days[-1], PARIS), By.DAY, UNTIL)
    assert together == {key: row for one in apart for key, row in one.items()}
    assert list(together) == days


def test_a_period_knows_when_the_clocks_change() -> None:
    period = Period(date(2026, 3, 28), date(2026, 10, 31), PARIS)
    assert [(at, offset.total_seconds() / 3600) for at, offset in period.offsets()] == [
        (datetime(2026, 3, 27, 23, tzinfo=UTC), 1),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), 1),
    ]
