"""The terms of a text: stems, neighbours, stems close to each other, and letters in a row. Pure.

Each family of terms has its share in the likeness of two texts. What each adds is printed by `benchmarks/intents.py`.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from guichet.routing.intent_wording import stem

FAMILIES: Final[Mapping[str, float]] = {"stem": 1.0, "pair": 0.3, "near": 0.3, "letters": 1.0}
"""Family of terms to its share."""

_REACH: Final = 4
_SHORTEST, _LONGEST = 2, 4

Term = tuple[str, str]
"""(family, the term as it is shown)."""


@dataclass(frozen=True, slots=True)
class Rarity:
    """How much each term of the examples weighs, and a term never met (it weighs more: it speaks for elsewhere)."""

    weight: Mapping[Term, float]
    unknown: float


def stems_of(words: Sequence[str]) -> list[Term]:
    """Words without their endings."""
    return [("stem", stem(word)) for word in words]


def pairs_of(words: Sequence[str]) -> list[Term]:
    """Neighbouring words as they stand, beginning and end included."""
    framed = ["<", *words, ">"]
    return [("pair", f"{first} {second}") for first, second in zip(framed, framed[1:], strict=False)]


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
    found: list[Term] = []
    for word in words:
        framed = f" {word} "
        for size in range(_SHORTEST, min(_LONGEST, len(framed)) + 1):
            found.extend(("letters", framed[at : at + size]) for at in range(len(framed) - size + 1))
    return found


_MAKERS: Final = {"stem": stems_of, "pair": pairs_of, "near": near_of, "letters": letters_of}


def terms_of(words: Sequence[str], families: Mapping[str, float] = FAMILIES) -> Counter[Term]:
    """Count the terms of a text given as plain words."""
    return Counter(term for family in families for term in _MAKERS[family](words))


def rarity(texts: Sequence[Counter[Term]]) -> Rarity:
    """Weigh each term by how few texts have it: the square root of the usual smoothed logarithm.

    The root flattens: with ten examples an intent, a term met once is no surer sign than one met five times.
    """
    having = Counter(term for text in texts for term in text)
    count = len(texts)
    weight = {term: math.sqrt(math.log((1 + count) / (1 + met)) + 1) for term, met in having.items()}
    return Rarity(weight, 1.5 * math.sqrt(math.log(1 + count) + 1))


def vector(terms: Counter[Term], rare: Rarity, families: Mapping[str, float] = FAMILIES) -> dict[Term, float]:
    """Weigh the known terms so that the dot product of two texts is their likeness, from 0 to 1.

    Unknown terms count in the length of their family's vector: a text full of them is like nothing.
    """
    weighed: dict[str, list[tuple[Term, float]]] = {family: [] for family in families}
    squares = dict.fromkeys(families, 0.0)
    for term, count in terms.items():
        family = term[0]
        often = 1 + math.log(count)
        known = rare.weight.get(term)
        if known is None:
            squares[family] += (often * rare.unknown) ** 2
        else:
            squares[family] += (often * known) ** 2
            weighed[family].append((term, often * known))
    total = sum(families.values())
    return {
        term: weight * math.sqrt(families[family] / total / squares[family])
        for family, pairs in weighed.items()
        for term, weight in pairs
    }
