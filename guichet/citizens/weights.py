"""What a similarity is worth, in bits, for and against two descriptions being of one person. Pure.

Weights are logarithms to base 2 of how much likelier a similarity is for the right record than for any other
(Fellegi and Sunter, "A Theory for Record Linkage", 1969), read at 21 similarities from 0 to 1 and straight between
them. `benchmarks/citizen_weights.py` estimates them from recorded dialogues and prints this file's tables.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
_PLACES = np.linspace(0.0, 1.0, 21)


@dataclass(frozen=True, slots=True)
class Curve:
    """Bits at the similarities 0, 0.05 … 1."""

    at: tuple[float, ...]

    def bits(self, similarity: Scores) -> Scores:
        """Return the bits of each similarity."""
        found: Scores = np.interp(similarity, _PLACES, self.at)
        return found


@dataclass(frozen=True, slots=True)
class Weights:
    """One curve for each item."""

    name: Curve
    birth_date: Curve
    postcode: Curve


WEIGHTS = Weights(
    name=Curve((*[-4.0] * 9, -2.9, -1.3, 1.4, 2.8, 3.3, 4.0, 5.3, 7.0, 8.5, 10.5, 10.8, 12.9)),
    birth_date=Curve((*[-4.0] * 13, -3.1, -3.1, -0.7, -0.2, 2.8, 5.4, 6.8, 12.5)),
    postcode=Curve((*[-4.0] * 6, -3.9, -3.6, -3.3, -1.2, -0.2, 0.7, 3.3, 6.1, 7.4, 8.9, 10.5, 10.5, 10.7, 10.7, 10.8)),
)
REPEATED = 0.5
"""Answers to one question resemble each other: n of them weigh their sum divided by n to this power."""
SURE = 0.99
"""Least score to be sure."""
DOUBT = -1.0
"""An item that weighs less than this speaks against the record: then nobody is sure."""
LIKELY = 0.02
"""Least score worth a check question."""
