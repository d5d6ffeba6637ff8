"""From the values of the matters to the one that is meant: the bars are measured on left-out examples. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from guichet.routing.intent import DANGER
from guichet.routing.intent_model import Floats, Labels
from guichet.routing.intent_score import Scale, measure

_DANGER_FALSE: Final = 0.025
"""Part of all other examples that may raise a false alarm by their likeness alone."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Says which value is enough. `danger` is its place (None: the book has none), `danger_bar` outranks all others."""

    scale: Scale
    danger: int | None
    danger_bar: float

    @classmethod
    def measured(
        cls, names: Sequence[str], labels: Labels, alone: Floats, unknown: Floats, danger_least: float = 0.0
    ) -> "Judge":
        """Measure on the values of examples left out alone, and with their whole matter.

        Danger by likeness alone needs at least the chance `danger_least`.
        """
        inside = labels >= 0
        right = alone.argmax(axis=1) == labels
        scale = measure(
            alone[inside].max(axis=1), right[inside], unknown[inside].max(axis=1), alone[~inside].max(axis=1)
        )
        if DANGER not in names:
            return cls(scale, None, float("inf"))
        place = names.index(DANGER)
        others = alone[labels != place, place]
        least = float(np.quantile(others, 1 - _DANGER_FALSE)) if len(others) else scale.bar
        return cls(scale, place, max(scale.bar, least, scale.value(danger_least)))

    def best(self, values: Floats, readings: Sequence[Floats]) -> int:
        """Return the likeliest matter; danger as soon as it passes its bar in one reading, and never below."""
        place = self.danger
        if place is None:
            return int(values.argmax())
        if max(float(one[place]) for one in readings) >= self.danger_bar or len(values) == 1:
            return place
        return max((each for each in range(len(values)) if each != place), key=lambda each: float(values[each]))

    def score(self, value: float) -> float:
        """Return the chance that the matter is the right one, given its value."""
        return round(self.scale.score(value), 4)
