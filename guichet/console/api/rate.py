"""How often a token may ask: a bucket each, filled evenly. Pure: time is in seconds of a clock that never goes back.

Buckets live in the process: behind a load balancer of N nodes a token may ask up to N times as often. They protect the
gateway from a client that runs wild; they are no quota to be sold.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass

MOST_BUCKETS = 10_000
"""Tokens remembered; who was forgotten begins with a full bucket."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left at a moment."""

    left: float
    at: float


class Buckets:
    """`a_minute` demands on average, and a quarter of them in a burst (at least one)."""

    def __init__(self, a_minute: int) -> None:
        self._a_second = a_minute / 60
        self._room = max(1.0, a_minute / 4)
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, token: str, now: float) -> int:
        """Take one; return 0, or the seconds after which there will be one."""
        last = self._buckets.pop(token, Bucket(self._room, now))
        left = min(self._room, last.left + max(0.0, now - last.at) * self._a_second)
        wait = 0 if left >= 1 else max(1, math.ceil((1 - left) / self._a_second))
        self._buckets[token] = Bucket(left if wait else left - 1, now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return wait
