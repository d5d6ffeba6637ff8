"""A second look at what words leave in doubt: how near a text is in meaning to each matter's examples.

The vectors of a sentence encoder go through a ridge of their own; its values are added to those of the words, and the
bars are measured again on the sums of the left-out ones.
"""

from collections.abc import Sequence
from typing import Final

from guichet.routing.encoder import Encoder
from guichet.routing.intent_model import Floats, Labels, Ridge, fit
from guichet.routing.intent_wording import sentence

_SHARPNESS: Final = 2.0
_RIDGE: Final = 0.2
_SHARE: Final = 1.5
"""What a value by meaning counts, a value by words counting 1."""


class Meaning:
    """The examples' vectors and what they teach."""

    def __init__(self, encoder: Encoder, texts: Sequence[str], labels: Labels, intents: int) -> None:
        self._encoder = encoder
        self._examples = encoder.encode(_sentences(texts))
        self._ridge: Ridge = fit(self._examples @ self._examples.T, labels, intents, _SHARPNESS, _RIDGE)
        self.left_out = _SHARE * self._ridge.left_out
        self.unknown = _SHARE * self._ridge.unknown

    def values(self, texts: Sequence[str]) -> Floats:
        """Return what to add to the values by words: a row for each text."""
        rows = self._encoder.encode(_sentences(texts))
        return _SHARE * self._ridge.values(rows @ self._examples.T)


def _sentences(texts: Sequence[str]) -> list[str]:
    return [sentence(text) or text for text in texts]
