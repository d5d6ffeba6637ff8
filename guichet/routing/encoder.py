"""What turns sentences into vectors, near each other where they mean the same: the port."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float64]
"""One row a text, of length 1."""


class Encoder(Protocol):
    """A sentence encoder of French and English, ready for use."""

    @property
    def name(self) -> str:
        """Name and version: vectors of another are of no use."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text."""
