"""All the ways to write down what was said, best first, without ever growing beyond a bound. Pure.

From each place in the words, edges lead on: so many words, written so, at such a cost in naturalness. A reading is a
way from the first place to the last. For each place and each length written so far only the best few survive, so that a
long identifier keeps its unlikely readings without keeping all of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import nsmallest


@dataclass(frozen=True, slots=True)
class Edge:
    """A step over some words: the place after them, what they write, and how unnatural that is (0 is natural)."""

    end: int
    written: str
    cost: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to write down all the words, and the sum of its costs."""

    written: str
    cost: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lengths that are wanted, in signs, and how many readings of each length are kept."""

    shortest: int = 1
    longest: int = 20
    kept: int = 64


EdgesAt = Callable[[int], Iterable[Edge]]
_Front = dict[int, dict[str, float]]
"""Costs of what may be written up to a place, by its length."""


def readings(size: int, edges_at: EdgesAt, bounds: Bounds) -> tuple[Reading, ...]:
    """Return the distinct readings of `size` words within the bounds, most natural first, `kept` at most.

    Edges must lead forwards.
    """
    fronts: list[_Front] = [{} for _ in range(size + 1)]
    fronts[0] = {0: {"": 0.0}}
    for place in range(size):
        survivors = _survivors(fronts[place], bounds.kept)
        if survivors:
            for edge in edges_at(place):
                _follow(survivors, edge, fronts[edge.end], bounds.longest)
    found = (
        Reading(written, cost)
        for length, ways in fronts[size].items()
        if bounds.shortest <= length
        for written, cost in ways.items()
    )
    return tuple(nsmallest(bounds.kept, found, key=_naturalness))


def _naturalness(reading: Reading) -> tuple[float, str]:
    """Order readings; equals in a fixed order, so that the same words always read the same."""
    return reading.cost, reading.written


def _survivors(front: _Front, kept: int) -> list[Reading]:
    """Return the best of each length."""
    return [
        reading
        for ways in front.values()
        for reading in nsmallest(kept, (Reading(*way) for way in ways.items()), key=_naturalness)
    ]


def _follow(survivors: Iterable[Reading], edge: Edge, onward: _Front, longest: int) -> None:
    """Take an edge from every survivor, keeping the cheaper of two ways to write the same."""
    for reading in survivors:
        written = reading.written + edge.written
        if len(written) > longest:
            continue
        ways = onward.setdefault(len(written), {})
        cost = reading.cost + edge.cost
        if cost < ways.get(written, float("inf")):
            ways[written] = cost
