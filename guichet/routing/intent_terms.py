"""The terms of a text: stems, neighbours, stems close to each other, and letters in a row. Pure.

Each family of terms has its share in the likeness of two texts. What each adds is printed by `benchmarks/intents.py`.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final

from guichet.routing.intent_wording import stem

FAMILIES: Final[dict[str, float]] = {"stem": 1.0, "pair": 0.3, "near": 0.3, "letters": 1.0, "keyword": 0.6}
"""Family of terms to its share. A book without keywords does not count theirs."""

_FLATTEN: Final = 0.5
_STRANGER: Final = 1.5
_REACH: Final = 4
_SHORTEST, _LONGEST = 2, 4

Term = tuple[str, str]
"""(family, the term as it is shown)."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """How much each term of the examples weighs, and a term never met (it weighs more: it speaks for elsewhere)."""

    weight: Mapping[Term, float]
    unknown: float
    shares: Mapping[str, float]


def stems_of(words: Sequence[str]) -> list[Term]:
    """Words without their endings."""
    return [("stem", stem(word)) for word in words]


def pairs_of(words: Sequence[str]) -> list[Term]:
    """Neighbouring words as they stand, beginning and end included."""
    framed = ["<", *words, ">"]
    return [("pair", f"{first} {second}") for first, second in pairwise(framed)]


def near_of(words: Sequence[str]) -> list[Term]:
    """Stems at most four words apart, in any order: "carte ... perdu" as "perdu ma carte"."""
    stems = [stem(word) for word in words]
    return [
        ("near", "+".join(sorted((first, second))))
        for place, first in enumerate(stems)
        for second in stems[place + 1 : place + 1 + _REACH]
    ]


def letters_of(words: Sequence[str]) -> list[Term]:
    """Two to four letters in a row inside a word and its borders: what survives a wrong spelling."""
    return [term for word in words for term in _letters(word)]


@lru_cache(maxsize=20_000)
def _letters(word: str) -> tuple[Term, ...]:
    """Return those of one word; the words of a book are few, and met again and again."""
    framed = f" {word} "
    sizes = range(_SHORTEST, min(_LONGEST, len(framed)) + 1)
    return tuple(("letters", framed[at : at + size]) for size in sizes for at in range(len(framed) - size + 1))


_MAKERS: Final = (stems_of, pairs_of, near_of, letters_of)


def terms_of(words: Sequence[str], matters: Sequence[str] = ()) -> Counter[Term]:
    """Count the terms of a text given as plain words and as the matters whose keywords it has.

    A keyword counts as a term of its own, the same for all keywords of a matter: a text with one of them is like the
    examples with another.
    """
    terms = Counter(chain.from_iterable(make(words) for make in _MAKERS))
    terms.update(("keyword", matter) for matter in matters)
    return terms


def rarity(texts: Sequence[Counter[Term]]) -> Rarity:
    """Weigh each term by how few texts have it: the square root of the usual smoothed logarithm.

    The root flattens: with ten examples an intent, a term met once is hardly a surer sign than one met five times.
    """
    having: Counter[Term] = Counter()
    for text in texts:
        # Text by text: one long count would hold the interpreter to its end.
        having.update(text.keys())
    count = len(texts)
    weight = {term: _rare(math.log((1 + count) / (1 + met)) + 1) for term, met in having.items()}
    met = {family for family, _ in having}
    shares = {family: share for family, share in FAMILIES.items() if family in met}
    return Rarity(weight, _STRANGER * _rare(math.log(1 + count) + 1), shares)


def _rare(logarithm: float) -> float:
    return float(logarithm**_FLATTEN)


def vector(terms: Counter[Term], rare: Rarity) -> dict[Term, float]:
    """Weigh the known terms so that the dot product of two texts is their likeness, from 0 to 1.

    Unknown terms count in the length of their family's vector: a text full of them is like nothing.
    """
    squares = dict.fromkeys(rare.shares, 0.0)
    weighed: list[tuple[Term, float]] = []
    for term, count in terms.items():
        family = term[0]
        if family not in squares:
            continue
        known = rare.weight.get(term)
        value = rare.unknown if known is None else known
        if count > 1:
            value *= 1 + math.log(count)
        squares[family] += value * value
        if known is not None:
            weighed.append((term, value))
    total = sum(rare.shares.values())
    scale = {family: math.sqrt(rare.shares[family] / total / square) for family, square in squares.items() if square}
    return {term: weight * scale[term[0]] for term, weight in weighed}
