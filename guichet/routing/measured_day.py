"""What was measured of one day: counts that add up, and every wait. Pure.

Days put together give the very figures that counting the whole period at once gives: a median is still the wait of
somebody, not an estimate (`tests/gateway/test_kept_measures.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

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
    """A day as it is kept: `counts` has a row for each key; `codes` say of which kind and key each of `values` is."""

    keys: tuple[str | int, ...]
    counts: bytes
    codes: bytes
    values: bytes


_decoder = msgspec.msgpack.Decoder(_Packed)


def packed(groups: Mapping[Key, Tally]) -> bytes:
    """Write a day down; keys are texts, or hours. A code is the kind's place in TIMES times the keys, and the key's."""
    keys = tuple(key if isinstance(key, int) else str(key) for key in groups)
    counts = [[one.counts.get(name, 0) for name in COUNTS] for one in groups.values()]
    coded = [
        (kind * len(keys) + place, value)
        for kind, name in enumerate(TIMES)
        for place, one in enumerate(groups.values())
        for value in one.times.get(name, ())
    ]
    day = _Packed(
        keys,
        np.array(counts, dtype=np.int64).tobytes(),
        np.array([code for code, _ in coded], dtype=np.int16).tobytes(),
        np.array([value for _, value in coded], dtype=np.int64).tobytes(),
    )
    return msgspec.msgpack.encode(day)


def together(days: Iterable[bytes], *, ranked: bool = True) -> dict[Key, Measures]:
    """Return the figures of days taken together, in the order of their keys; without medians where not `ranked`."""
    read = [_decoder.decode(one) for one in days]
    keys: dict[Key, int] = {key: place for place, key in enumerate({key: None for one in read for key in one.keys})}
    places = {some: np.array([keys[key] for key in some], dtype=np.int64) for some in {one.keys for one in read}}
    counts = np.zeros((len(keys), len(COUNTS)), dtype=np.int64)
    for one in read:
        counts[places[one.keys]] += np.frombuffer(one.counts, dtype=np.int64).reshape(-1, len(COUNTS))
    middles = _middles(read, places, len(keys)) if ranked and keys else [{} for _ in keys]
    return {
        key: Measures(**dict(zip(COUNTS, counts[place].tolist(), strict=True)), **middles[place])
        for key, place in sorted(keys.items(), key=lambda pair: pair[0])
    }


def _middles(days: Sequence[_Packed], places: Mapping[tuple[str | int, ...], Whole], keys: int) -> list[dict[str, int]]:
    """Return, for each key, the least values that half of its values (nine in ten) do not exceed."""
    to_all = {
        some: np.concatenate([kind * keys + place for kind in range(len(TIMES))]).astype(np.int16)
        for some, place in places.items()
    }
    code = np.concatenate([to_all[one.keys][np.frombuffer(one.codes, dtype=np.int16)] for one in days])
    value = np.concatenate([np.frombuffer(one.values, dtype=np.int64) for one in days])
    # Sixteen bits are sorted by radix: in one go over the values.
    ordered = value[np.argsort(code, kind="stable")]
    ends = np.cumsum(np.bincount(code, minlength=keys * len(TIMES)))
    found: list[dict[str, int]] = [{} for _ in range(keys)]
    for at, (start, end) in enumerate(pairwise([0, *ends.tolist()])):
        if start < end:
            found[at % keys].update(_middle(TIMES[at // keys], ordered[start:end]))
    return found


def _middle(name: str, values: Whole) -> dict[str, int]:
    half, most = _place(len(values), 5), _place(len(values), 9)
    placed = np.partition(values, (half, most))
    found = {f"{name}_median": int(placed[half])}
    return found | {f"{name}_of_9_in_10": int(placed[most])} if name in NINE_IN_TEN else found


def _place(count: int, tenths: int) -> int:
    """Return where the value stands, from 0, that so many tenths do not exceed."""
    return (count * tenths + 9) // 10 - 1
