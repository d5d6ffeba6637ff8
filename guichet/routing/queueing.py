"""A queueing simulation: those who wait meet the agents of those days, in the order of the real desk. Pure.

    arrive ──→ an able agent is free ──────────────────────────→ served
           └─→ wait in (queue, language) ── an agent comes free ─→ served, the first in the one order
                                         └─ patience runs out ──→ gave up (who holds; after 20 min they are called back)

The one order: priority, then the target that runs out first, then who came first. Agents work in their shifts only.
"""

import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOLD_LIMIT = timedelta(minutes=20)
"""Whoever holds so long is called back at their place (`callbacks.holding`)."""
REST = timedelta(seconds=30)
"""How long an agent writes up a call (`callbacks.letting_go`)."""


@dataclass(frozen=True, slots=True)
class Worker:
    """An agent: skills, languages, and the stretches of time in which they work, in order."""

    id: str
    skills: frozenset[str]
    languages: frozenset[str]
    shifts: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody who needs an agent. `patience` is how long they hold before giving up; None: they do not hold."""

    id: str
    at: datetime
    queue: str
    language: str
    priority: int
    target_at: datetime | None
    takes: timedelta
    patience: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """How a case ended: by whom it was taken and when; None for both when the person gave up, or was never served."""

    case: Case
    at: datetime | None = None
    worker: str | None = None
    gave_up: bool = False

    @property
    def wait(self) -> timedelta | None:
        """How long they waited."""
        return None if self.at is None else self.at - self.case.at

    @property
    def in_time(self) -> bool:
        """Whether the promise was kept."""
        return self.at is not None and (self.case.target_at is None or self.at <= self.case.target_at)


_Line = tuple[str, str]
_Place = tuple[int, float, float, int]


@dataclass(slots=True)
class Desk:
    """The simulation, fed in the order of time; memory is that of those who wait. `skills` are those of each queue."""

    workers: Mapping[str, Worker]
    skills: Mapping[str, frozenset[str]]
    _waiting: dict[_Line, list[tuple[_Place, Case]]] = field(default_factory=lambda: defaultdict(list))
    _events: list[tuple[datetime, int, str]] = field(default_factory=list)
    _busy: dict[str, datetime] = field(default_factory=dict)
    _idle: dict[str, datetime] = field(default_factory=dict)
    _serves: dict[tuple[_Line, str], bool] = field(default_factory=dict)
    _count: int = 0

    def __post_init__(self) -> None:
        """Let everybody come to work, and go."""
        for worker in self.workers.values():
            for moment in {moment for shift in worker.shifts for moment in shift}:
                self._look(moment, worker.id)

    def arrive(self, case: Case) -> Iterator[Served]:
        """Take a case, after all that happens before it; yield who is served or has given up on the way."""
        yield from self.until(case.at)
        line = (case.queue, case.language)
        # Whoever has been idle longest stands first in the dictionary.
        able = next((worker for worker in self._idle if self._can(line, worker)), None)
        if able is not None:
            yield self._serve(able, case, case.at)
            return
        self._count += 1
        target = case.target_at.timestamp() if case.target_at else float("inf")
        heapq.heappush(self._waiting[line], ((-case.priority, target, case.at.timestamp(), self._count), case))

    def until(self, moment: datetime) -> Iterator[Served]:
        """Let time pass up to a moment."""
        while self._events and self._events[0][0] <= moment:
            yield from self._happens()

    def close(self) -> Iterator[Served]:
        """Let all shifts end; whoever still waits then is not served."""
        while self._events:
            yield from self._happens()
        for queue in self._waiting.values():
            for _, case in sorted(queue, key=lambda one: one[0]):
                yield Served(case, gave_up=case.patience is not None and case.patience < HOLD_LIMIT)
        self._waiting.clear()

    def _happens(self) -> Iterator[Served]:
        """Look at the worker whose moment is next: they come, go, or have finished with somebody."""
        at, _, worker = heapq.heappop(self._events)
        if self._busy.get(worker, at) > at:
            return
        if self._works(worker, at):
            self._idle.setdefault(worker, at)
            yield from self._next(worker, at)
        else:
            self._idle.pop(worker, None)

    def _next(self, worker: str, now: datetime) -> Iterator[Served]:
        """Give a free agent the first in the order whom they can serve."""
        while True:
            lines = [line for line, queue in self._waiting.items() if queue and self._can(line, worker)]
            if not lines:
                return
            line = min(lines, key=lambda one: self._waiting[one][0][0])
            _, case = heapq.heappop(self._waiting[line])
            if case.patience is not None and case.patience < HOLD_LIMIT and now - case.at > case.patience:
                yield Served(case, gave_up=True)
                continue
            yield self._serve(worker, case, now)
            return

    def _serve(self, worker: str, case: Case, now: datetime) -> Served:
        self._idle.pop(worker, None)
        self._busy[worker] = now + case.takes + REST
        self._look(self._busy[worker], worker)
        return Served(case, now, worker)

    def _look(self, at: datetime, worker: str) -> None:
        """Look at a worker at a moment."""
        self._count += 1
        heapq.heappush(self._events, (at, self._count, worker))

    def _can(self, line: _Line, worker: str) -> bool:
        known = self._serves.get((line, worker))
        if known is None:
            queue, language = line
            one = self.workers[worker]
            wanted = self.skills.get(queue, frozenset({queue})) or {queue}
            known = self._serves[line, worker] = language in one.languages and not one.skills.isdisjoint(wanted)
        return known

    def _works(self, worker: str, now: datetime) -> bool:
        shifts = self.workers[worker].shifts
        at = bisect_right(shifts, now, key=_start) - 1
        return at >= 0 and now < shifts[at][1]


def _start(shift: tuple[datetime, datetime]) -> datetime:
    return shift[0]


def simulate(desk: Desk, cases: Iterable[Case]) -> Iterator[Served]:
    """Run cases, in the order of their time, through a desk to its end."""
    for case in cases:
        yield from desk.arrive(case)
    yield from desk.close()
