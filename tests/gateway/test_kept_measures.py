"""Days that are kept, put together, are what counting the whole period at once gives; what changes is counted again."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.callbacks.tables import requests
from guichet.citizens.tables import contacts
from guichet.core.clock import ManualClock
from guichet.core.jobs import CountDays
from guichet.gateway.counting_days import MOST, DayCounting, due
from guichet.gateway.database import Database
from guichet.gateway.sql_measured_days import measured_days
from guichet.gateway.units import SqlUnit
from guichet.routing.measured_day import Tally, packed, together
from guichet.routing.measures import By, Measures, Period, Report
from tests.conftest import SQL_BACKENDS, Engines
from tests.gateway.measures_story import BEGIN, Plan, histories, invented, live
from tests.gateway.test_measures import MARQUESAS, PARIS, emptied, periods

DAY = timedelta(days=1)


async def agree(unit: SqlUnit, period: Period, now: datetime) -> dict[By, Report]:
    """Compare what is kept with what is counted, for everything that figures are told apart by."""
    found: dict[By, Report] = {}
    for by in By:
        kept = await unit.kept_measures.report(period, by, now)
        counted = await unit.measures.report(period, by, now)
        assert kept.rows == counted.rows, by
        assert (kept.all, kept.channels, kept.months) == (counted.all, counted.channels, counted.months), by
        found[by] = kept
    return found


@pytest.mark.parametrize("backend", SQL_BACKENDS)
def test_days_put_together_are_what_is_counted_at_once(backend: str, engines: Engines) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        engine = runner.run(stack.enter_async_context(engines(backend)))

        async def check(history: Sequence[Plan], period: Period, now: datetime) -> None:
            await emptied(engine)
            database = Database(engine, ManualClock(now))
            async with database.begin() as unit:
                await unit.connection.execute(measured_days.delete())
                await live(unit, history)
            await DayCounting(database, ManualClock(now), lambda: period.zone).count()
            async with database.read() as unit:
                await agree(unit, period, now)

        @settings(max_examples=40, deadline=None)
        @given(history=histories, period=periods, days=st.integers(20, 50))
        def every(history: Sequence[Plan], period: Period, days: int) -> None:
            runner.run(check(history, period, BEGIN + timedelta(days=days)))

        try:
            every()
        finally:
            runner.run(stack.aclose())


PERIOD = Period(BEGIN.date(), BEGIN.date() + 20 * DAY, PARIS)


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_what_is_put_right_is_counted_at_once_for_requests_and_by_the_next_day_for_all_else(
    backend: str, engines: Engines
) -> None:
    clock = ManualClock(BEGIN + 20 * DAY)
    async with engines(backend) as engine:
        database = Database(engine, clock)
        counting = DayCounting(database, clock, lambda: PARIS)
        async with database.begin() as unit:
            await live(unit, invented(4, 300))
        await counting.count()
        async with database.read() as unit:
            before = (await agree(unit, PERIOD, clock.now()))[By.ALL]
        assert before.all.waiting
        assert before.oldest == before.now == clock.now()

        clock.move(timedelta(minutes=1))
        async with database.begin() as unit:
            waits = sa.and_(requests.c.closed_at.is_(None), requests.c.state == "waiting")
            done = requests.update().where(waits).values(state="done", closed_at=clock.now(), changed_at=clock.now())
            await unit.connection.execute(done)
        await counting.count()
        async with database.read() as unit:
            after = (await agree(unit, PERIOD, clock.now()))[By.ALL]
        assert after.all.waiting == before.all.waiting - (after.all.handled - before.all.handled)
        assert after.all.handled > before.all.handled
        assert after.oldest == before.now < after.now

        async with database.begin() as unit:
            await unit.connection.execute(contacts.update().values(intent="autre", citizen="cit_other"))
        await counting.count()
        clock.move(DAY)
        await counting.count()
        async with database.read() as unit:
            put_right = (await agree(unit, PERIOD, clock.now()))[By.MATTER]
        assert "autre" in put_right.rows
        assert put_right.oldest == put_right.now


async def test_a_day_that_is_missing_is_no_day_without_anybody(engines: Engines) -> None:
    clock = ManualClock(BEGIN + 20 * DAY)
    async with engines("sqlite") as engine:
        database = Database(engine, clock)
        async with database.begin() as unit:
            await live(unit, invented(5, 60))
        await DayCounting(database, clock, lambda: PARIS).count()
        async with database.begin() as unit:
            await unit.connection.execute(measured_days.delete().where(measured_days.c.day == BEGIN.date() + 3 * DAY))
        async with database.read() as unit:
            found = await agree(unit, PERIOD, clock.now())
        assert found[By.ALL].oldest is None
        elsewhere = Period(PERIOD.first, PERIOD.last, MARQUESAS)
        async with database.read() as unit:
            await agree(unit, elsewhere, clock.now())


async def test_days_of_another_time_zone_are_counted_anew(engines: Engines) -> None:
    clock, zone = ManualClock(BEGIN + 16 * DAY), PARIS
    async with engines("sqlite") as engine:
        database = Database(engine, clock)
        async with database.begin() as unit:
            await live(unit, invented(6, 60))
        counting = DayCounting(database, clock, lambda: zone)
        await counting.count()
        zone = MARQUESAS
        await counting.count()
        async with database.read() as unit:
            found = await agree(unit, Period(PERIOD.first, PERIOD.last, MARQUESAS), clock.now())
        assert found[By.ALL].oldest is not None


async def test_an_empty_base_has_nothing_to_count_and_what_is_gone_is_forgotten(engines: Engines) -> None:
    clock = ManualClock(BEGIN + 20 * DAY)
    async with engines("sqlite") as engine:
        database = Database(engine, clock)
        counting = DayCounting(database, clock, lambda: PARIS)
        await counting.count()
        async with database.read() as unit:
            assert (await unit.kept_measures.report(PERIOD, By.QUEUE, clock.now())).all == Measures()
        async with database.begin() as unit:
            await live(unit, invented(7, 30))
        await counting.count()
        await emptied(engine)
        async with database.begin() as unit:
            await live(unit, [replace(invented(1, 1)[0], at=15 * DAY, kind=None)])
        clock.move(DAY)
        await counting.count()
        async with database.read() as unit:
            (first,) = await unit.connection.execute(sa.select(sa.func.min(measured_days.c.day)))
            assert first[0] == (BEGIN + 15 * DAY).date()


async def test_the_job_is_asked_for_once_at_a_time(engines: Engines) -> None:
    clock = ManualClock(BEGIN)
    async with engines("sqlite") as engine:
        database = Database(engine, clock)
        counting = DayCounting(database, clock, lambda: PARIS)
        for _ in range(3):
            await counting.ask()
        async with database.begin() as unit:
            (job,) = await unit.jobs.hand_over()
            taken = await unit.jobs.take(job)
            assert taken is not None
            assert taken.job == CountDays()


def test_what_is_due_is_what_is_fresh_missing_or_of_another_day() -> None:
    today = date(2026, 5, 4)
    at = datetime(2026, 5, 4, 9, tzinfo=UTC)
    known = {date(2026, 5, n): at for n in range(1, 5)}
    assert due(date(2026, 5, 1), today, known, (), PARIS) == [date(2026, 5, 3), today]
    assert due(date(2026, 5, 1), today, known, [date(2026, 5, 1)], PARIS)[0] == date(2026, 5, 1)
    assert due(date(2026, 5, 1), today, known | {date(2026, 5, 2): at - DAY}, (), PARIS)[0] == date(2026, 5, 2)
    first = date(2025, 5, 1)
    begun = due(first, today, {}, (), PARIS)
    assert begun[:MOST] == [first + n * DAY for n in range(MOST)]
    assert begun[MOST:] == [date(2026, 5, 3), today]
    assert due(today, today, {}, [first], ZoneInfo("UTC")) == [today]


def test_a_day_is_kept_whole() -> None:
    some = Tally({"contacts": 3, "handled": 2}, {"wait": [5, 1, 4]})
    days = [packed({"b": some, "a": Tally({"contacts": 1}, {})}), packed({}), packed({"b": Tally({}, {"wait": [9]})})]
    found = together(days)
    assert list(found) == ["a", "b"]
    assert (found["b"].contacts, found["b"].wait_median, found["b"].wait_of_9_in_10) == (3, 4, 9)
    assert found["a"] == Measures(contacts=1)
    assert together([]) == together([packed({})]) == {}


async def test_what_changed_is_counted_by_the_next_job_where_the_one_before_was_broken_off(engines: Engines) -> None:
    clock = ManualClock(BEGIN + 20 * DAY)
    async with engines("sqlite") as engine:
        database = Database(engine, clock)
        counting = DayCounting(database, clock, lambda: PARIS)
        async with database.begin() as unit:
            await live(unit, invented(4, 300))
        await counting.count()
        clock.move(timedelta(hours=1))
        async with database.begin() as unit:
            waits = sa.and_(requests.c.closed_at.is_(None), requests.c.state == "waiting")
            done = requests.update().where(waits).values(state="done", closed_at=clock.now(), changed_at=clock.now())
            await unit.connection.execute(done)
        clock.move(timedelta(hours=1))
        async with database.begin() as unit:
            some_day = BEGIN.date() + 2 * DAY
            counts = await unit.measured_days.count(some_day, PARIS, clock.now())
            await unit.measured_days.keep(some_day, PARIS, clock.now(), counts)
        await counting.count()
        async with database.read() as unit:
            await agree(unit, PERIOD, clock.now())
