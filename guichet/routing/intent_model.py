"""Kernel ridge regression over examples, with the scores each example would have got had it not been there. Pure.

Likeness k (0..1) becomes exp(s(k - 1)) - exp(-s), so that what has nothing in common counts nothing; one linear system
gives a value for each intent. Leaving one example out, or all examples of one intent, needs no second training: with
G = (K + λW⁻¹)⁻¹ and weights A = GY, the values of a left-out block B are Y_B - G_BB⁻¹ A_B (Rifkin & Lippert 2007,
"Notes on regularized least squares"). Examples left out alone show how right answers score; intents left out whole show
how matters we do not know score. The threshold is measured on these.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from guichet.routing.intent_terms import Term

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


class Likeness:
    """The examples' vectors, indexed by term: one text against all examples in a fraction of a millisecond."""

    def __init__(self, vectors: Sequence[dict[Term, float]]) -> None:
        self.count = len(vectors)
        numbers: dict[Term, int] = {}
        # Arrays, not lists of objects: to make and to free half a million of these would hold the interpreter.
        terms, weights = array("q"), array("d")
        for vector in vectors:
            terms.extend([numbers.setdefault(term, len(numbers)) for term in vector])
            weights.extend(vector.values())
        by_term = np.frombuffer(terms, dtype=np.int64)
        order = np.argsort(by_term, kind="stable")
        self._places = np.repeat(np.arange(self.count), [len(vector) for vector in vectors])[order]
        self._weights = np.frombuffer(weights)[order]
        ends = np.cumsum(np.bincount(by_term, minlength=len(numbers))).tolist()
        self._slices = {
            term: slice(start, end) for term, start, end in zip(numbers, chain((0,), ends), ends, strict=False)
        }

    def to(self, vector: dict[Term, float]) -> Floats:
        """Return the likeness to each example, by place."""
        known = [(self._slices[term], weight) for term, weight in vector.items() if term in self._slices]
        if not known:
            return np.zeros(self.count)
        places = np.concatenate([self._places[held] for held, _ in known])
        weights = np.concatenate([self._weights[held] for held, _ in known])
        sizes = [held.stop - held.start for held, _ in known]
        weights *= np.repeat([weight for _, weight in known], sizes)
        return np.bincount(places, weights=weights, minlength=self.count).astype(np.float64)

    def pull(self, term: Term, of_examples: Floats) -> float:
        """Return the sum over the examples with that term of its weight there, times the number given for each."""
        held = self._slices.get(term)
        return 0.0 if held is None else float(self._weights[held] @ of_examples[self._places[held]])


def sharpen(likeness: Floats, sharpness: float = 1.0) -> Floats:
    """Make close examples count more than many far ones."""
    return np.asarray(np.exp(sharpness * (likeness - 1)) - np.exp(-sharpness))


@dataclass(frozen=True, slots=True)
class Ridge:
    """Weights of each example for each intent (examples × intents) and the left-out values."""

    weights: Floats
    left_out: Floats
    unknown: Floats
    sharpness: float = 1.0

    def values(self, likeness: Floats) -> Floats:
        """Return a value for each intent: about 1 for what is surely asked, about 0 for what is not."""
        return np.asarray(sharpen(likeness, self.sharpness) @ self.weights)


def fit(likeness: Floats, labels: Labels, intents: int, sharpness: float = 1.0, ridge: float = 0.5) -> Ridge:
    """Solve for examples × examples likeness; label -1 is an example of no intent.

    Examples of a matter with many of them are trusted less each (W), lest it draw every vague text to itself.
    `left_out` has the values of each example without itself, `unknown` without its whole intent (the intent's own
    column is then -inf).
    """
    count = len(labels)
    held = np.bincount(labels[labels >= 0], minlength=intents)
    trust = np.where(labels >= 0, np.median(held) / np.maximum(held, 1)[labels], 1.0)
    wanted = np.zeros((count, intents))
    wanted[np.flatnonzero(labels >= 0), labels[labels >= 0]] = 1.0
    inverse = np.linalg.inv(sharpen(likeness, sharpness) + np.diag(ridge / trust))
    weights = inverse @ wanted
    left_out = wanted - weights / np.diag(inverse)[:, None]
    unknown = left_out.copy()
    for intent in range(intents):
        block = np.flatnonzero(labels == intent)
        unknown[block] = wanted[block] - np.linalg.solve(inverse[np.ix_(block, block)], weights[block])
        unknown[block, intent] = -np.inf
    return Ridge(weights, left_out, unknown, sharpness)
