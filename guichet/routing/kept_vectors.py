"""An encoder that keeps the vectors of a book's examples on disk, so that a start does not compute them again."""

import contextlib
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from guichet.routing.encoder import Encoder, Vectors

_MANY: Final = 50
"""What a citizen says is never this many texts, and is never kept."""


class KeptVectors:
    """Keeps each large set of texts in a file named by its digest; one that cannot be read or written is no harm."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._folder = folder

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a row for each text, from the file if there is one."""
        if len(texts) < _MANY:
            return self._encoder.encode(texts)
        digest = hashlib.sha256("\n".join([self.name, *texts]).encode()).hexdigest()[:20]
        path = self._folder / f"{digest}.npy"
        kept = _read(path, len(texts))
        if kept is None:
            kept = self._encoder.encode(texts).astype(np.float32)
            _write(path, kept.astype(np.float32))
        return kept.astype(np.float64)


def _read(path: Path, rows: int) -> Vectors | None:
    try:
        vectors: Vectors = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return vectors if vectors.ndim == 2 and len(vectors) == rows else None


def _write(path: Path, vectors: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    """Write beside and rename: two processes may train at once."""
    beside = path.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            np.save(file, vectors)
        beside.replace(path)
