"""Kernel ridge regression over examples, with the scores each example would have got had it not been there. Pure.

Likeness k (0..1) becomes exp(2(k - 1)); one linear system gives a value for each intent. Leaving one example out, or all
examples of one intent, needs no second training: with G = (K + λI)⁻¹ and weights A = GY, the values of a left-out block B
are Y_B - G_BB⁻¹ A_B (Rifkin & Lippert 2007, "Notes on regularized least squares"). Examples left out alone show how
right answers score; intents left out whole show how matters we do not know score. The threshold is measured on these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from guichet.routing.intent_terms import Term

Floats = npt.NDArray[np.float64]

_SHARPNESS: Final = 2.0
_RIDGE: Final = 0.3
BAL = 1.0
BASE = 1.0


class Likeness:
    """The examples' vectors, indexed by term: one text against all examples in a fraction of a millisecond."""

    def __init__(self, vectors: Sequence[dict[Term, float]]) -> None:
        self.count = len(vectors)
        places: dict[Term, list[int]] = {}
        weights: dict[Term, list[float]] = {}
        for place, vector in enumerate(vectors):
            for term, weight in vector.items():
                places.setdefault(term, []).append(place)
                weights.setdefault(term, []).append(weight)
        self._places = {term: np.array(held, dtype=np.int32) for term, held in places.items()}
        self._weights = {term: np.array(held) for term, held in weights.items()}

    def to(self, vector: dict[Term, float]) -> Floats:
        """Return the likeness to each example, by place."""
        terms = [term for term in vector if term in self._places]
        if not terms:
            return np.zeros(self.count)
        places = np.concatenate([self._places[term] for term in terms])
        weights = np.concatenate([self._weights[term] * vector[term] for term in terms])
        return np.bincount(places, weights=weights, minlength=self.count)

    def of(self, term: Term) -> Floats:
        """Return the weight of one term in each example."""
        dense = np.zeros(self.count)
        if term in self._places:
            dense[self._places[term]] = self._weights[term]
        return dense


def sharpen(likeness: Floats) -> Floats:
    """Make close examples count more than many far ones."""
    return np.asarray(np.exp(_SHARPNESS * (likeness - 1)) - BASE * np.exp(-_SHARPNESS))


@dataclass(frozen=True, slots=True)
class Ridge:
    """Weights of each example for each intent (examples × intents) and the left-out values."""

    weights: Floats
    left_out: Floats
    unknown: Floats

    def values(self, likeness: Floats) -> Floats:
        """Return a value for each intent: about 1 for what is surely asked, about 0 for what is not."""
        return np.asarray(sharpen(likeness) @ self.weights)


def fit(likeness: Floats, labels: npt.NDArray[np.int64], intents: int) -> Ridge:
    """Solve for examples × examples likeness; label -1 is an example of no intent.

    `left_out` has the values of each example without itself, `unknown` without its whole intent (the intent's own
    column is then -inf).
    """
    count = len(labels)
    held = np.bincount(labels[labels >= 0], minlength=intents)
    trust = np.where(labels >= 0, np.median(held) / np.maximum(held, 1)[labels], 1.0) ** BAL
    wanted = np.zeros((count, intents))
    wanted[np.flatnonzero(labels >= 0), labels[labels >= 0]] = 1.0
    inverse = np.linalg.inv(sharpen(likeness) + _RIDGE * np.diag(1 / trust))
    weights = inverse @ wanted
    left_out = wanted - weights / np.diag(inverse)[:, None]
    unknown = left_out.copy()
    for intent in range(intents):
        block = np.flatnonzero(labels == intent)
        unknown[block] = wanted[block] - np.linalg.solve(inverse[np.ix_(block, block)], weights[block])
        unknown[block, intent] = -np.inf
    return Ridge(weights, left_out, unknown)
