"""How long a report takes and what memory it needs, on a sample history and on one four times as long; their ratios.

    python -m benchmarks.measures [--contacts 25000]

Everything runs in this process, on new SQLite files. Memory is the most that Python holds while a report is made.
"""

import argparse
import asyncio
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guichet.core.clock import ManualClock
from guichet.gateway.database import Database, make_engine
from guichet.gateway.sample_days import write
from guichet.routing.measures import By, Period
from guichet.routing.rule_book import RuleBook
from guichet.routing.sample_history import SampleHistory

NOON = datetime(2026, 3, 4, 10, tzinfo=UTC)
DAYS = 60
ROUNDS = 3


async def reports(book: RuleBook, contacts: int, folder: Path) -> tuple[float, float]:
    """Print how long a report by hour takes; return its seconds and the kilobytes of memory."""
    clock = ManualClock(NOON)
    database = Database(make_engine(f"sqlite+aiosqlite:///{folder}/history{contacts}.sqlite"), clock)
    await database.upgrade()
    await write(database, book, SampleHistory(book, 1, DAYS, contacts, NOON))
    last = NOON.date()
    period = Period(last - timedelta(days=DAYS), last, book.calendar.zone)
    times: list[float] = []
    async with database.read() as unit:
        await unit.measures.report(period, By.HOUR, NOON)
        for _ in range(ROUNDS):
            began = time.perf_counter()
            found = await unit.measures.report(period, By.HOUR, NOON)
            times.append(time.perf_counter() - began)
        tracemalloc.start()
        await unit.measures.report(period, By.HOUR, NOON)
        kilobytes = tracemalloc.get_traced_memory()[1] / 1024
        tracemalloc.stop()
    await database.close()
    print(f"{found.all.contacts:,} contacts: {min(times):.2f} s, at most {kilobytes:.0f} kB of Python's memory")
    return min(times), kilobytes


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=25_000)
    contacts = parser.parse_args().contacts
    book = RuleBook.load()
    with tempfile.TemporaryDirectory() as name:
        short = asyncio.run(reports(book, contacts, Path(name)))
        long = asyncio.run(reports(book, 4 * contacts, Path(name)))
    print(f"four times the contacts: {long[0] / short[0]:.1f} times as long, {long[1] / short[1]:.2f} times the memory")


if __name__ == "__main__":
    main()
