"""What somebody on hold should hear next: where they stand at once, then rest. Pure.

first ──→ where they stand, and what else they can do ──→ rest (music) ─┬─→ again, when it has changed so that
                                                            ↑           │   it matters, or after a long rest
                                                            └───────────┤
                                                                        └─→ out: too long, or nobody serves them
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from guichet.callbacks.request import Request, RequestState
from guichet.callbacks.waiting import Standing
from guichet.routing.hold_rules import USUAL, HoldRules

RELAYED_PATIENCE = 3
"""How many times as long somebody holds for whom a relay service speaks: a callback may not find them."""
SOONEST = timedelta(seconds=45)
"""Nobody is told anything twice within so long."""
REST = timedelta(minutes=3)
"""After so long a silence of ours people are told where they stand, whether or not it has changed."""
GRACE = timedelta(seconds=30)
"""An agent who is set away, or pauses by mistake, has so long to come back before those who hold are let go."""
_LATER_BY = timedelta(minutes=2)


class Why(StrEnum):
    """Why somebody is let out of the queue."""

    ENDED = "ended"
    LONGEST = "longest"
    UNSERVED = "unserved"


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody on hold has been told last: how many before them, the wait in minutes, and when in their hold."""

    ahead: int
    minutes: int | None
    at: timedelta

    def __str__(self) -> str:
        """Write it for an address: `2.5.31`, `2.x.31` where no wait was told."""
        minutes = "x" if self.minutes is None else self.minutes
        return f"{self.ahead}.{minutes}.{self.at.total_seconds():.0f}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what an address says; None for anything else."""
        parts = text.split(".")
        if len(parts) != len(("ahead", "minutes", "at")) or not all(map(_is_number, (parts[0], parts[2]))):
            return None
        minutes = int(parts[1]) if _is_number(parts[1]) else None
        return cls(int(parts[0]), minutes, timedelta(seconds=int(parts[2])))


@dataclass(frozen=True, slots=True)
class Rest:
    """Say nothing: nothing has changed that matters, or somebody is being found."""


@dataclass(frozen=True, slots=True)
class Announce:
    """Say where they stand; `choices`: and what else they can do; `is_late`: the wait is longer than was told."""

    told: Told
    choices: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Over:
    """Let them out of the queue."""

    why: Why


HoldAdvice = Rest | Announce | Over


def hold_advice(
    request: Request, place: Standing, told: Told | None, now: datetime, rules: HoldRules = USUAL
) -> HoldAdvice:
    """Say what to do with somebody on hold who stands at that place.

    While an agent's telephone rings nothing is said: the next seconds may connect them.
    """
    over = _over(request, place, now, rules)
    if over is not None or request.state is not RequestState.WAITING:
        return over or Rest()
    fresh = Told(place.ahead, place.minutes, _held(request, now))
    if told is None:
        return Announce(fresh, choices=True)
    rest = fresh.at - told.at
    is_late = _is_late(told, fresh)
    if rest >= SOONEST and (is_late or _is_nearer(told, fresh) or rest >= REST):
        return Announce(fresh, choices=rest >= REST or is_late, is_late=is_late)
    return Rest()


def is_to_overflow(request: Request, now: datetime, rules: HoldRules) -> bool:
    """Whether somebody has held so long that the other queue is to serve them."""
    return rules.after is not None and request.state is RequestState.WAITING and _held(request, now) >= rules.after


def _over(request: Request, place: Standing, now: datetime, rules: HoldRules) -> Over | None:
    if not request.holds:
        return Over(Why.ENDED)
    if request.state is not RequestState.WAITING:
        return None
    if _held(request, now) >= rules.longest * (RELAYED_PATIENCE if request.relayed else 1):
        return Over(Why.LONGEST)
    if place.unserved is not None and place.unserved >= GRACE:
        return Over(Why.UNSERVED)
    return None


def _held(request: Request, now: datetime) -> timedelta:
    return max(now - (request.held_since or now), timedelta(0))


def _is_nearer(told: Told, fresh: Told) -> bool:
    """Whether somebody is next now, or has half as many before them."""
    return fresh.ahead < told.ahead and fresh.ahead <= told.ahead // 2


def _is_late(told: Told, fresh: Told) -> bool:
    """Whether what remains is well beyond what was told: honest news, though no good news."""
    if told.minutes is None or fresh.minutes is None:
        return False
    promised = told.at + timedelta(minutes=told.minutes)
    return fresh.at + timedelta(minutes=fresh.minutes) > promised + max(_LATER_BY, timedelta(minutes=told.minutes) / 2)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len("100000")
