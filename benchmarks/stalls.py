"""How long the event loop of a gateway stands still while it learns a book. `python -m benchmarks.stalls [--rounds 5]`.

A ticker asks to be woken each millisecond; a gap is how much later than that it was. Two figures for each gap: by the
clock, which on a busy machine tells mostly how long one waits for a core, and the CPU that the working thread has used
meanwhile, which is the most that the work itself can have taken of it. Beside it, in the same run: nothing (what the
machine takes), and a thread that only counts (what Python's switching between threads takes).

What a match takes of the loop is printed by `benchmarks/matching.py`.
"""

import argparse
import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_matcher import IntentMatcher

TICK = 0.001
COUNT = 10_000_000


@dataclass(frozen=True, slots=True)
class Gap:
    """How late a tick was, and the CPU of the working thread since the tick before; seconds."""

    late: float
    used: float


async def gaps_of(work: Callable[[], object]) -> tuple[float, list[Gap]]:
    """Do some work in a thread; return the CPU it took, and the gaps meanwhile."""
    spent: list[float] = []

    def run() -> None:
        work()
        spent.append(time.thread_time())

    thread = threading.Thread(target=run)
    thread.start()
    clock = time.pthread_getcpuclockid(thread.ident or 0)
    gaps, last, used = list[Gap](), time.perf_counter(), time.clock_gettime(clock)
    while not spent:
        await asyncio.sleep(TICK)
        now, used_now = time.perf_counter(), spent[0] if spent else time.clock_gettime(clock)
        gaps.append(Gap(now - last - TICK, used_now - used))
        last, used = now, used_now
    await asyncio.to_thread(thread.join)
    return spent[0], gaps


def count() -> None:
    """Hold the interpreter as plain Python does."""
    left = COUNT
    while left:
        left -= 1


async def main(rounds: int) -> None:
    """Print a line for each kind of work."""
    book = IntentBook.packaged()
    works: dict[str, Callable[[], object]] = {
        "nothing": lambda: time.sleep(1),
        "a thread that counts": count,
        "a book is learned": lambda: IntentMatcher.train(book),
    }
    for name, work in works.items():
        for _ in range(rounds):
            cpu, gaps = await gaps_of(work)
            late = "  ".join(f"{gap.late * 1000:.1f}" for gap in sorted(gaps, key=lambda gap: -gap.late)[:3])
            used = "  ".join(f"{gap.used * 1000:.1f}" for gap in sorted(gaps, key=lambda gap: -gap.used)[:3])
            print(
                f"{name:22} CPU {cpu:5.2f} s   longest gaps, ms: by the clock {late}   CPU in them {used}", flush=True
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    asyncio.run(main(parser.parse_args().rounds))
