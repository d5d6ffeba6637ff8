"""What a matter's value is worth: a score from 0 to 1, and the bars measured on left-out examples. Pure."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from guichet.routing.intent_model import Floats

Flags = npt.NDArray[np.bool_]

_UNKNOWN_SHARE: Final = 0.25
"""One contact in four is taken to ask for something that is not in the book."""
_LOST: Final = 0.0075
"""Part of right answers given up to be able to say "I did not understand"."""
_ROUNDS: Final = 30
_PULL: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Scale:
    """From value to score by a logistic curve; under `bar` a text is out of scope."""

    slope: float
    middle: float
    bar: float

    def score(self, value: float) -> float:
        """Return the chance that the matter is the right one, given its value."""
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, self.slope * (value - self.middle)))))

    def value(self, score: float) -> float:
        """Return the value that has this score."""
        if not 0 < score < 1:
            return math.copysign(math.inf, score - 0.5)
        return self.middle + math.log(score / (1 - score)) / self.slope


def measure(known: Floats, right: Flags, unknown: Floats, elsewhere: Floats) -> Scale:
    """Fit the curve and the bar.

    `known`: best value of each example without itself, and `right` whether it was the right matter's; `unknown`: best
    value of each example without its whole matter; `elsewhere`: best value of each out-of-scope example without itself.
    """
    strangers = np.concatenate([unknown[np.isfinite(unknown)], elsewhere])  # a book of one matter knows no unknown
    values = np.concatenate([known, strangers])
    truth = np.concatenate([right, np.zeros(len(strangers), dtype=bool)])
    share = len(known) * _UNKNOWN_SHARE / (1 - _UNKNOWN_SHARE) / max(1, len(strangers))
    weights = np.concatenate([np.ones(len(known)), np.full(len(strangers), share)])
    slope, middle = _logistic(values, truth, weights)
    bar = float(np.quantile(known[right], _LOST)) if right.any() else 0.0
    return Scale(slope, middle, bar)


def _logistic(values: Floats, truth: Flags, weights: Floats) -> tuple[float, float]:
    """Fit slope and middle by Newton's method, slightly pulled to a gentle slope so that it always ends.

    It starts flat and on values of mean 0 and deviation 1: from a steep start, values far from the middle have no slope
    left to follow.
    """
    mean, spread = float(values.mean()), float(values.std()) or 1.0
    inputs = np.stack([(values - mean) / spread, np.ones(len(values))], axis=1)
    guess = np.zeros(2)
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ guess, -30, 30)))
        slope = inputs.T @ (weights * (chance - truth)) + _PULL * guess
        bend = (inputs * (weights * chance * (1 - chance))[:, None]).T @ inputs + _PULL * np.eye(2)
        move = np.linalg.solve(bend, slope)
        guess -= np.clip(move, -2, 2)
        if np.abs(move).max() < 1e-6:
            break
    steep = max(float(guess[0]), 0.1 * spread)
    return steep / spread, mean - float(guess[1]) * spread / steep
