"""When to call again somebody who was not reached: by what happened, how often, and inside the windows. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet.routing.calling import CallRules, Missed

MOST_WRONG = 2
"""A stranger who says that it is a mistake is not called a third time."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Call again, not before this moment."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Call no more: a person looks at it."""


def next_try(
    rules: CallRules, history: Sequence[Missed], now: datetime, opens: Callable[[datetime], datetime | None]
) -> TryAgain | GiveUp:
    """Say what follows the last of `history` (at least one). `opens` gives the next moment that may be called at."""
    last = history[-1]
    if len(history) >= rules.most_tries or history.count(Missed.WRONG_PERSON) >= MOST_WRONG:
        return GiveUp()
    delays = rules.delays[last]
    minutes = delays[min(history.count(last), len(delays)) - 1]
    at = opens(now + timedelta(minutes=minutes))
    return GiveUp() if at is None else TryAgain(at)


def missed_ones(results: Iterable[str]) -> tuple[Missed, ...]:
    """Return those results of attempts that say how the citizen was missed; what befell the agent is no try."""
    known = {missed.value: missed for missed in Missed}
    return tuple(known[result] for result in results if result in known)
