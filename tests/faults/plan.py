"""Which fault strikes at which step: a plan made from a seed, and the account of what has struck."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class Step(StrEnum):
    """Where a fault may strike."""

    BEFORE_COMMIT = "before a commit"
    AFTER_COMMIT = "after a commit"
    BEFORE_ASKING = "before the carrier is asked"
    AFTER_ASKING = "after the carrier has done it, before its answer"
    WEBHOOK = "a webhook that wants an answer"
    CALLBACK = "a status callback"
    HANDING = "handing jobs to Redis"


class Fault(StrEnum):
    """What may go wrong."""

    KILLED = "process killed, back at once"
    KILLED_FOR_LONG = "process killed, back after minutes"
    STALLED = "process stalled for minutes, then going on"
    GATEWAY_STALLED = "gateway stalled on a webhook for minutes, then going on"
    DISK_FULL = "disk full for one commit"
    DISK_FULL_FOR_LONG = "disk full for a minute"
    CLOCK_AHEAD = "clock ten minutes ahead"
    CLOCK_BACK = "clock ten minutes back"
    CARRIER_AWAY = "carrier refuses connections"
    NEVER_ARRIVED = "request lost, no answer"
    ANSWER_LOST = "request done, answer lost"
    CARRIER_KILLED = "carrier killed: every call cut, nothing told"
    CARRIER_STALLED = "carrier stalled: does minutes later what it was asked"
    DROPPED = "webhook dropped"
    REPEATED = "webhook three times"
    UNANSWERED = "webhook processed, answer lost"
    LATE = "webhook late"
    STRAY = "copy of an old webhook"
    REORDERED = "status callbacks in another order"
    FORGOTTEN = "Redis loses what it is handed"
    EMPTIED = "Redis emptied"
    TWICE = "Redis delivers twice"
    REDIS_AWAY = "Redis away"
    REDIS_STALLED = "Redis stalled: takes jobs without an answer"
    REDIS_KILLED = "Redis killed: back minutes later, empty"


_ANYWHERE = (Fault.KILLED, Fault.KILLED_FOR_LONG, Fault.CLOCK_AHEAD, Fault.CLOCK_BACK)
STRIKES: dict[Step, tuple[Fault, ...]] = {
    Step.BEFORE_COMMIT: (*_ANYWHERE, Fault.DISK_FULL, Fault.DISK_FULL_FOR_LONG),
    Step.AFTER_COMMIT: (*_ANYWHERE, Fault.EMPTIED, Fault.STALLED),
    Step.BEFORE_ASKING: (*_ANYWHERE, Fault.CARRIER_AWAY, Fault.NEVER_ARRIVED, Fault.CARRIER_STALLED),
    Step.AFTER_ASKING: (Fault.KILLED, Fault.KILLED_FOR_LONG, Fault.ANSWER_LOST, Fault.STALLED),
    Step.WEBHOOK: (
        Fault.DROPPED,
        Fault.REPEATED,
        Fault.UNANSWERED,
        Fault.LATE,
        Fault.STRAY,
        Fault.KILLED,
        Fault.CARRIER_KILLED,
        Fault.GATEWAY_STALLED,
    ),
    Step.CALLBACK: (
        Fault.DROPPED,
        Fault.REPEATED,
        Fault.UNANSWERED,
        Fault.LATE,
        Fault.STRAY,
        Fault.REORDERED,
        Fault.GATEWAY_STALLED,
    ),
    Step.HANDING: (
        Fault.FORGOTTEN,
        Fault.TWICE,
        Fault.REDIS_AWAY,
        Fault.REDIS_STALLED,
        Fault.REDIS_KILLED,
        Fault.KILLED,
    ),
}

OFTEN: Mapping[Step, int] = {
    Step.BEFORE_COMMIT: 32,
    Step.AFTER_COMMIT: 32,
    Step.BEFORE_ASKING: 5,
    Step.AFTER_ASKING: 5,
    Step.WEBHOOK: 10,
    Step.CALLBACK: 8,
    Step.HANDING: 8,
}
"""One of so many steps of each kind: a fault every few seconds of a busy morning."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault that was injected: at which step, by number, and what was being done."""

    number: int
    step: Step
    label: str
    fault: Fault

    def __str__(self) -> str:
        return f"#{self.number} {self.step} ({self.label}): {self.fault}"


@dataclass
class Plan:
    """Strikes at the steps of these numbers, and at one of so many of a kind; faults are drawn from the seed.

    A calm plan strikes no more.
    """

    seed: str
    numbers: frozenset[int] = frozenset()
    one_of: Mapping[Step, int] = field(default_factory=dict)
    passed: int = 0
    calm: bool = False
    struck: list[Struck] = field(default_factory=list)
    _of_kind: Counter[Step] = field(default_factory=Counter)

    def at(self, step: Step, label: str) -> Fault | None:
        """Pass a step; return what goes wrong there, if anything does."""
        if self.calm:
            return None
        self.passed += 1
        if self.passed not in self.numbers and not self._is_drawn(step):
            return None
        fault = Random(f"{self.seed}:{self.passed}").choice(STRIKES[step])
        self.struck.append(Struck(self.passed, step, label, fault))
        return fault

    def missed(self) -> None:
        """Take back the last fault: it could do nothing there."""
        self.struck.pop()

    def _is_drawn(self, step: Step) -> bool:
        """Draw a step of a kind, by its number among them."""
        self._of_kind[step] += 1
        return (
            step in self.one_of
            and Random(f"{self.seed}:{step}:{self._of_kind[step]}").randrange(self.one_of[step]) == 0
        )

    @property
    def by_kind(self) -> Counter[Fault]:
        """Count what has struck."""
        return Counter(one.fault for one in self.struck)
