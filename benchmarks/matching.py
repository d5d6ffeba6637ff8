"""Figures of finding citizens, all from one run: `python -m benchmarks.matching [--records N] [--postgresql]`.

Imports invented people (french_people.py) into a database, then identifies callers by what a recogniser may have heard
(french_speech.py): with their number, with their birth date, by the name alone. Beside it, rapidfuzz's own
`process.extract` over the same names, in the same process. Right at rank 1 means the caller, or somebody of the very
same name. Meanwhile a ticker wakes every millisecond: its longest gap is what a match costs everybody else.
CPU time is of all threads: what a match would take, were nobody else using the machine.
"""

import asyncio
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rapidfuzz import fuzz, process

from benchmarks.french_people import Person, arguments, people, write_people
from benchmarks.french_speech import heard_date, heard_name, said_name
from guichet.citizens.citizen import Citizen, Evidence
from guichet.citizens.import_run import Part, Progress
from guichet.citizens.import_wish import Wish
from guichet.citizens.importer import CitizenImport
from guichet.citizens.service import CitizenService
from guichet.core.clock import SystemClock
from guichet.core.phone import PhoneNumber
from guichet.core.text import fold
from guichet.gateway.database import Database, make_engine
from tests import postgres

WARMING = 20


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody of the record, what they said for their name, and what was heard of it and of the birth date."""

    person: Person
    said: str
    names: tuple[str, ...]
    dates: tuple[str, ...]

    @property
    def phone(self) -> PhoneNumber | None:
        """Their number."""
        number = self.person.mobile or self.person.landline
        return PhoneNumber.maybe(number, "FR") if number else None


def full_names(given: str, *families: str) -> set[str]:
    """Return the first given name with each family name, folded."""
    return {fold(f"{given.split(' ', maxsplit=1)[0]} {family}") for family in families if family}


def is_right(caller: Caller, found: Citizen) -> bool:
    """Whether it is the caller, or somebody of the same name."""
    own = full_names(caller.person.given, caller.person.birth_name, caller.person.usual_name)
    same_id = found.external_id == caller.person.id
    return same_id or bool(own & full_names(found.given_names, found.birth_name, found.usual_name))


class Ticker:
    """Wakes every millisecond and keeps the longest time between two wakings."""

    def __init__(self) -> None:
        self.gaps: list[float] = []

    @asynccontextmanager
    async def ticking(self) -> AsyncIterator[None]:
        """Tick while the block runs."""
        task = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            task.cancel()

    async def _tick(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.gaps.append((now - last) * 1000)
            last = now


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def line(title: str, milliseconds: Sequence[float], right: int) -> None:
    """Print one line of figures."""
    print(
        f"{title:34} p50 {statistics.median(milliseconds):8.1f} ms   p99 {percentile(milliseconds, 0.99):8.1f} ms   "
        f"right at rank 1 {right / len(milliseconds):6.1%}   ({len(milliseconds)} callers)",
        flush=True,
    )


async def matches(
    title: str, service: CitizenService, callers: Sequence[Caller], of: Callable[[Caller], Evidence]
) -> float:
    """Identify each caller and print how long it took; return the median in milliseconds."""
    times, used, right, ticker = list[float](), list[float](), 0, Ticker()
    for caller in callers[:WARMING]:
        await service.identify(of(caller))
    async with ticker.ticking():
        await asyncio.sleep(0.01)
        for caller in callers:
            start, cpu = time.perf_counter(), time.process_time()
            found = await service.identify(of(caller))
            times.append((time.perf_counter() - start) * 1000)
            used.append((time.process_time() - cpu) * 1000)
            right += found.best is not None and is_right(caller, found.best.citizen)
    line(title, times, right)
    print(f"{'':34} of which CPU: p50 {statistics.median(used):.1f} ms, p99 {percentile(used, 0.99):.1f} ms")
    gaps = ticker.gaps
    print(f"{'':34} event loop: gap of a 1 ms ticker p99 {percentile(gaps, 0.99):.1f} ms, longest {max(gaps):.1f} ms")
    return statistics.median(times)


def rapidfuzz_over(people_: Sequence[Person], callers: Sequence[Caller]) -> dict[str, float]:
    """Let rapidfuzz look through every name; print and return the median milliseconds of each scorer."""
    names, owners = list[str](), list[int]()
    for place, person in enumerate(people_):
        for name in full_names(person.given, person.birth_name, person.usual_name):
            names.append(name)
            owners.append(place)
    medians = {}
    for title, scorer in (
        ("WRatio, its default", fuzz.WRatio),
        ("ratio", fuzz.ratio),
        ("token_sort_ratio", fuzz.token_sort_ratio),
    ):
        times, right = list[float](), 0
        for caller in callers:
            start = time.perf_counter()
            best = process.extract(fold(caller.names[0]), names, scorer=scorer, limit=10)
            times.append((time.perf_counter() - start) * 1000)
            own = full_names(caller.person.given, caller.person.birth_name, caller.person.usual_name)
            right += people_[owners[best[0][2]]].id == caller.person.id or best[0][0] in own
        line(f"rapidfuzz extract, {title}", times, right)
        medians[title] = statistics.median(times)
    return medians


async def imported(database: Database, file: Path, records: int) -> None:
    """Import the people and print how fast."""
    await database.upgrade()

    def show(_part: Part, progress: Progress) -> None:
        if progress.lines % 50_000 == 0:
            print(f"  {progress.lines} lines", file=sys.stderr, flush=True)

    start = time.perf_counter()
    used = time.process_time()
    report = await CitizenImport(database.begin).run(file, datetime.now(UTC).date(), Wish(progress=show))
    taken, used = time.perf_counter() - start, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"import: {records} records in {taken:.0f} s, {used:.0f} s of CPU ({records / taken:.0f} a second; "
        f"{report.people.progress.saved.added} added); most memory {memory:.0f} MB"
    )


def drawn(options: list[Person], count: int, chance: random.Random) -> list[Caller]:
    """Draw callers and what is heard of them."""
    found = []
    for person in chance.sample(options, count):
        said = said_name(person, chance)
        found.append(Caller(person, said, tuple(heard_name(said, chance)), tuple(heard_date(person.born, chance))))
    return found


async def main() -> None:
    """Print every figure."""
    options = arguments()
    options.add_argument("--postgresql", action="store_true", help="start Debian's PostgreSQL and use it, not SQLite")
    options.add_argument("--url", help="URL of an empty PostgreSQL database to use")
    options.add_argument("--database", type=Path, help="SQLite file to make, or to use again")
    options.add_argument("--callers", type=int, default=300)
    options.add_argument("--extracts", type=int, default=20, help="callers that rapidfuzz looks for")
    chosen = options.parse_args()
    known = list(people(chosen.records, chosen.seed, chosen.postcodes))
    callers = drawn(known, chosen.callers, random.Random(chosen.seed + 5))
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(postgres.server()) if chosen.postgresql else chosen.url
        base = chosen.database or Path(folder) / "matching.sqlite"
        again = base.exists() and not server
        database = Database(make_engine(server or f"sqlite+aiosqlite:///{base.resolve()}"), SystemClock(timedelta()))
        if not again:
            write_people(Path(folder) / "people.csv", iter(known))
            await imported(database, Path(folder) / "people.csv", chosen.records)
        service = CitizenService(database.read, quick=database.finding)
        await matches("number and name", service, callers, lambda one: Evidence(one.phone, one.names))
        await matches("birth date and name", service, callers, lambda one: Evidence(None, one.names, one.dates))
        await matches(
            "number, birth date and name", service, callers, lambda one: Evidence(one.phone, one.names, one.dates)
        )
        ours = await matches("name alone", service, callers, lambda one: Evidence(None, one.names))
        few = callers[: chosen.extracts]
        first = await matches("name alone, first reading", service, few, lambda one: Evidence(None, one.names[:1]))
        theirs = rapidfuzz_over(known, few)
        for scorer, median in theirs.items():
            ratios = f"{median / first:.0f} times by the first reading, {median / ours:.0f} by all"
            print(f"faster than rapidfuzz ({scorer}): {ratios}")
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
