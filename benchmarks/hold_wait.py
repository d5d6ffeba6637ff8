"""By how much the wait that is told to who holds is wrong: days of simulated counters, told and true waits compared.

    python -m benchmarks.hold_wait [--days 40] [--seed 1]

Calls come at random, more in the morning; cases take a time of their own (log-normal, spread as in real life); people
give up after a time of their own. Agents serve one queue or two. Told is what `callbacks.expected_wait` says at the
moment of the call; beside it, what the mean of the last ten waits would have told. Whoever gives up has no true wait.
"""

import argparse
import heapq
import math
import statistics
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from guichet.callbacks.expected_wait import CONNECTING, Handled, expected_wait, handling, in_minutes
from guichet.callbacks.store import MOST_HANDLED
from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Presence

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
QUEUES = ("etat_civil", "social")
DAY = 9 * 3600.0
SPREAD = 0.8
"""Standard deviation of a handling time, as a part of its mean."""
LAST = 10


@dataclass(frozen=True)
class Desk:
    """A counter: agents of one queue, of the other, of both; minutes that a case takes; load; people's patience."""

    name: str
    agents: tuple[int, int, int]
    minutes: float
    load: float
    patience: float = 15.0


COUNTERS = (
    Desk("3 agents, one queue, busy", (3, 0, 0), 6, 0.95),
    Desk("10 agents, one queue, busy", (10, 0, 0), 6, 0.97),
    Desk("10 agents, one queue, too few", (10, 0, 0), 6, 1.15),
    Desk("10 agents, one queue, too few, impatient people", (10, 0, 0), 6, 1.15, 8),
    Desk("10 agents, one queue, too few, patient people", (10, 0, 0), 6, 1.15, 40),
    Desk("12 agents, two queues, 4 serve both", (4, 4, 4), 8, 1.0),
    Desk("40 agents, two queues, 10 serve both", (15, 15, 10), 6, 1.05),
)


@dataclass
class Day:
    """One day at a counter."""

    counter: Desk
    random: Random
    events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    waiting: list[tuple[float, str, int | None, int | None, float]] = field(default_factory=list)
    recent: deque[Handled] = field(default_factory=lambda: deque(maxlen=MOST_HANDLED))
    waits: dict[str, deque[float]] = field(default_factory=lambda: {queue: deque(maxlen=LAST) for queue in QUEUES})
    found: list[tuple[int | None, int | None, float]] = field(default_factory=list)
    now: float = 0.0
    count: int = 0

    def __post_init__(self) -> None:
        """Hire everybody, and let the calls come."""
        skills = [{QUEUES[0]}, {QUEUES[1]}, set(QUEUES)]
        kinds = [kind for kind, number in enumerate(self.counter.agents) for _ in range(number)]
        self.crew = [
            Agent(
                AgentId(f"agent_{place}"),
                "",
                PhoneNumber(f"+3314567{place:04}"),
                frozenset(skills[kind]),
                frozenset({Language.FR}),
                Presence.AVAILABLE,
                NOON,
            )
            for place, kind in enumerate(kinds)
        ]
        mean_gap = self.counter.minutes * 60 / (len(self.crew) * self.counter.load)
        self.later(0.0, lambda: self.comes(mean_gap))

    def run(self) -> list[tuple[int | None, int | None, float]]:
        """Return, of each who was served, what was told, what the last waits would have told, and the wait."""
        while self.events:
            self.now, _, happens = heapq.heappop(self.events)
            happens()
        return self.found

    def later(self, seconds: float, happens: Callable[[], None]) -> None:
        """Let something happen in a while."""
        self.count += 1
        heapq.heappush(self.events, (self.now + seconds, self.count, happens))

    def comes(self, mean_gap: float) -> None:
        """Let somebody call, and the next one after them; twice as many at ten as at four."""
        if self.now > DAY:
            return
        shape = 1.0 + 0.35 * math.sin(2 * math.pi * self.now / DAY)
        self.later(self.random.expovariate(shape / mean_gap), lambda: self.comes(mean_gap))
        two = self.counter.agents[1] > 0
        queue = self.random.choice(QUEUES) if two else QUEUES[0]
        before = Counter((one, Language.FR) for _, one, *_ in self.waiting)
        takes = handling(tuple(self.recent), queue)
        told = expected_wait((queue, Language.FR), before, self.crew, lambda one: {one}, takes)
        last = self.waits[queue]
        mean = math.ceil(sum(last) / len(last) / 60) if len(last) >= 3 else None
        patience = self.now + self.random.expovariate(1 / (60 * self.counter.patience))
        self.waiting.append((self.now, queue, in_minutes(told), mean, patience))
        self.serve()

    def serve(self) -> None:
        """Let free agents take the first whom they serve and who has not given up."""
        self.waiting = [one for one in self.waiting if one[4] > self.now]
        for place, agent in enumerate(self.crew):
            mine = next((one for one in self.waiting if one[1] in agent.skills), None)
            if agent.can_be_rung and mine is not None:
                self.waiting.remove(mine)
                self.takes(place, mine)

    def takes(self, place: int, one: tuple[float, str, int | None, int | None, float]) -> None:
        """Let an agent have a case for as long as it takes."""
        came, queue, told, mean, _ = one
        wait = self.now - came + CONNECTING.total_seconds()
        self.found.append((told, mean, wait))
        self.waits[queue].append(wait)
        sigma = math.sqrt(math.log(1 + SPREAD**2))
        seconds = self.random.lognormvariate(math.log(self.counter.minutes * 60) - sigma**2 / 2, sigma)
        self.crew[place] = self.crew[place].evolve(presence=Presence.BUSY)
        self.later(seconds, lambda: self.is_free(place, queue, seconds))

    def is_free(self, place: int, queue: str, seconds: float) -> None:
        """Let an agent come free."""
        self.crew[place] = self.crew[place].evolve(presence=Presence.AVAILABLE)
        self.recent.appendleft(Handled(queue, seconds))
        self.serve()


def errors(pairs: Sequence[tuple[int, float]]) -> str:
    """Say how far what was told is from the truth."""
    off = [abs(told - wait / 60) for told, wait in pairs]
    late = sum(wait / 60 > told + max(2, told / 2) for told, wait in pairs)
    bias = statistics.fmean(told - wait / 60 for told, wait in pairs)
    nine = sorted(off)[int(0.9 * len(off))]
    return (
        f"half within {statistics.median(off):.1f} min, nine in ten within {nine:.1f}; "
        f"told {bias:+.1f} min on average; {100 * late / len(pairs):.0f} % waited well beyond"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for counter in COUNTERS:
        days = [Day(counter, Random(f"{asked.seed}/{day}")) for day in range(asked.days)]
        found = [one for day in days for one in day.run()]
        held = [one for one in found if timedelta(seconds=one[2]) > CONNECTING]
        ours = [(told, wait) for told, _, wait in held if told is not None]
        both = [(told, mean, wait) for told, mean, wait in held if told is not None and mean is not None]
        wait = statistics.median(one[2] for one in held) / 60
        part = 100 * len(ours) / len(held)
        print(f"{counter.name}: {len(held):,} held, half longer than {wait:.1f} min; told to {part:.0f} %")
        print(f"    told: {errors(ours)}")
        print(f"    mean of the last ten: {errors([(mean, wait) for _, mean, wait in both])}")
        own, other = (statistics.fmean(abs(one[which] - one[2] / 60) for one in both) for which in (0, 1))
        print(f"    the mean error is {own / other:.2f} of the other's")


if __name__ == "__main__":
    main()
