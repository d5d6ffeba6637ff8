"""What came of cases, counted: served, in time, given up, and how long they waited. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from math import ceil, exp, log

from guichet.routing.queueing import Served

_STEP = 0.05
"""Waits are counted in steps of five per cent: what is told of them is off by no more."""


@dataclass(slots=True)
class Tally:
    """Cases of a queue or a matter. `waits` counts the served by the step of their wait in minutes."""

    cases: int = 0
    served: int = 0
    in_time: int = 0
    gave_up: int = 0
    minutes: float = 0.0
    waits: Counter[int] = field(default_factory=Counter)

    def add(self, one: Served, minutes: float, step: int) -> None:
        """Count a case; `minutes` and `step` are those of its wait (`measured`)."""
        self.cases += 1
        if one.at is None:
            self.gave_up += one.gave_up
            return
        self.served += 1
        self.in_time += one.in_time
        self.minutes += minutes
        self.waits[step] += 1

    def __add__(self, other: "Tally") -> "Tally":
        """Return both together."""
        return Tally(
            self.cases + other.cases,
            self.served + other.served,
            self.in_time + other.in_time,
            self.gave_up + other.gave_up,
            self.minutes + other.minutes,
            self.waits + other.waits,
        )

    @property
    def answer_rate(self) -> float:
        """Served by an agent, of those who needed one."""
        return self.served / self.cases if self.cases else 1.0

    @property
    def kept(self) -> float:
        """Served within the target, of those who needed an agent."""
        return self.in_time / self.cases if self.cases else 1.0

    @property
    def mean(self) -> float:
        """The mean wait of those served, in minutes."""
        return self.minutes / self.served if self.served else 0.0

    def within(self, part: float) -> float:
        """Return the wait in minutes within which that part of those served were taken."""
        wanted, seen = ceil(part * self.served), 0
        for step in sorted(self.waits):
            seen += self.waits[step]
            if seen >= wanted:
                return _minutes(step)
        return 0.0


def measured(one: Served) -> tuple[float, int]:
    """Return the wait of a case in minutes, and in steps; zero for one that was not served."""
    if one.at is None:
        return 0.0, 0
    minutes = (one.at - one.case.at).total_seconds() / 60
    return minutes, ceil(log(1 + minutes) / _STEP)


def _minutes(step: int) -> float:
    return exp(step * _STEP) - 1
