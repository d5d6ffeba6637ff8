"""What was measured of one day: counts that add up, and every wait. Pure.

Days put together give the very figures that counting the whole period at once gives: a median is still the wait of
somebody, not an estimate (`tests/gateway/test_kept_measures.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import msgspec
import numpy as np
import numpy.typing as npt

from guichet.routing.measures import Key, Measures

TIMES = ("wait", "hold", "talk", "handling")
"""What is kept value by value."""
NINE_IN_TEN = frozenset({"wait", "hold", "handling"})
COUNTS = tuple(field.name for field in fields(Measures) if field.default == 0)
"""What adds up."""

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of one group: `counts` by name, `times` in microseconds, a sequence for each of TIMES."""

    counts: Mapping[str, int]
    times: Mapping[str, Sequence[int]]


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    """A day as it is kept: a row of `counts` for each key, then all values, kind by kind, key by key."""

    keys: list[str | int]
    counts: bytes
    lengths: bytes
    values: bytes


_decoder = msgspec.msgpack.Decoder(_Packed)


def packed(groups: Mapping[Key, Tally]) -> bytes:
    """Write a day down; keys are texts, or hours."""
    counts = [[one.counts.get(name, 0) for name in COUNTS] for one in groups.values()]
    values = [one.times.get(kind, ()) for kind in TIMES for one in groups.values()]
    flat = [value for some in values for value in some]
    day = _Packed(
        [key if isinstance(key, int) else str(key) for key in groups],
        np.array(counts, dtype=np.int64).tobytes(),
        np.array([len(some) for some in values], dtype=np.int64).tobytes(),
        np.array(flat, dtype=np.int64).tobytes(),
    )
    return msgspec.msgpack.encode(day)


def together(days: Iterable[bytes]) -> dict[Key, Measures]:
    """Return the figures of days taken together, in the order of their keys."""
    keys: dict[Key, int] = {}
    read = [_read(one, keys) for one in days]
    counts = np.zeros((len(keys), len(COUNTS)), dtype=np.int64)
    for day in read:
        counts[day.places] += day.counts
    ranked = [_ranked(kind, read, len(keys)) for kind in range(len(TIMES))]
    found: dict[Key, Measures] = {}
    for key, place in sorted(keys.items(), key=lambda pair: pair[0]):
        values = dict(zip(COUNTS, counts[place].tolist(), strict=True))
        for kind in ranked:
            values.update(kind[place])
        found[key] = Measures(**values)
    return found


@dataclass(frozen=True, slots=True)
class _Day:
    """A day read back: the place of each of its keys among all, and what it counted."""

    places: Whole
    counts: Whole
    groups: tuple[Whole, ...]
    values: tuple[Whole, ...]


def _read(day: bytes, keys: dict[Key, int]) -> _Day:
    one = _decoder.decode(day)
    places = np.array([keys.setdefault(key, len(keys)) for key in one.keys], dtype=np.int64)
    lengths = np.frombuffer(one.lengths, dtype=np.int64).reshape(len(TIMES), -1)
    ends = np.cumsum(lengths.sum(axis=1))[:-1]
    values = np.split(np.frombuffer(one.values, dtype=np.int64), ends)
    counts = np.frombuffer(one.counts, dtype=np.int64).reshape(-1, len(COUNTS))
    return _Day(places, counts, tuple(np.repeat(places, row) for row in lengths), tuple(values))


def _ranked(kind: int, days: Sequence[_Day], groups: int) -> list[dict[str, int]]:
    """Return, for each group, the least value that half of its values (nine in ten) do not exceed."""
    name = TIMES[kind]
    if not days:
        return []
    group = np.concatenate([day.groups[kind] for day in days])
    value = np.concatenate([day.values[kind] for day in days])
    ordered = value[np.argsort(group, kind="stable")]
    ends = np.cumsum(np.bincount(group, minlength=groups))
    return [_middle(name, some) if len(some) else {} for some in np.split(ordered, ends[:-1])]


def _middle(name: str, values: Whole) -> dict[str, int]:
    half, most = _place(len(values), 5), _place(len(values), 9)
    placed = np.partition(values, (half, most))
    found = {f"{name}_median": int(placed[half])}
    return found | {f"{name}_of_9_in_10": int(placed[most])} if name in NINE_IN_TEN else found


def _place(count: int, tenths: int) -> int:
    """Return where the value stands, from 0, that so many tenths do not exceed."""
    return (count * tenths + 9) // 10 - 1
