from collections.abc import Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from guichet.transcripts.spoken.lattice import Bounds, Edge, Reading, readings

pieces = st.lists(
    st.lists(st.tuples(st.text("012", max_size=2), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=3),
    max_size=5,
)


@given(pieces, st.integers(0, 4), st.integers(4, 10))
def test_with_room_enough_every_way_is_found_at_its_least_cost(
    choices: list[list[tuple[str, float]]], shortest: int, longest: int
) -> None:
    def edges_at(place: int) -> Iterator[Edge]:
        return (Edge(place + 1, written, cost) for written, cost in choices[place])

    best: dict[str, float] = {}
    for way in product(*choices):
        written = "".join(piece for piece, _ in way)
        best[written] = min(best.get(written, 99.0), sum(cost for _, cost in way))
    wanted = {written: cost for written, cost in best.items() if shortest <= len(written) <= longest}
    found = readings(len(choices), edges_at, Bounds(shortest, longest, 10_000))
    assert {reading.written: reading.cost for reading in found} == wanted
    assert list(found) == sorted(found, key=lambda reading: (reading.cost, reading.written))


@given(st.integers(1, 30), st.integers(1, 8))
def test_no_more_than_the_bound_is_ever_kept(size: int, kept: int) -> None:
    def edges_at(place: int) -> Iterator[Edge]:
        return (Edge(place + 1, digit, float(digit)) for digit in "0123")

    found = readings(size, edges_at, Bounds(1, 40, kept))
    assert len(found) <= kept
    assert found[0] == Reading("0" * size, 0.0)
