"""Words never met, read as the known ones they were meant to be. Pure.

"didentite" is "d identite", "carteidentite" is "carte identite", "pasport" is "passeport".
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, Indel

_ELIDED: Final = ("qu", "d", "l", "j", "c", "m", "n", "s", "t")
_VOWELS: Final = "aeiouyh"
_SHORTEST = 5
"""Shorter words are too near to one another."""
_NEAR: Final = 0.84


class Spelling:
    """The words of a book."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._targets = sorted(word for word in self._known if len(word) >= _SHORTEST and not word.isdigit())
        self._read = lru_cache(maxsize=20_000)(self._reading)

    def mend(self, words: Sequence[str]) -> list[str]:
        """Replace each unknown word by the known one (or two) it stands for; what is like nothing stays."""
        return [mended for word in words for mended in self._read(word)]

    def _reading(self, word: str) -> tuple[str, ...]:
        if word in self._known or word.isdigit():
            return (word,)
        return self._elided(word) or self._near(word) or self._joined(word) or (word,)

    def _elided(self, word: str) -> tuple[str, ...]:
        for particle in _ELIDED:
            rest = word.removeprefix(particle)
            if rest != word and len(rest) > 3 and rest[0] in _VOWELS and rest in self._known:
                return (particle, rest)
        return ()

    def _near(self, word: str) -> tuple[str, ...]:
        if len(word) < _SHORTEST:
            return ()
        best = process.extractOne(word, self._targets, scorer=Indel.normalized_similarity, score_cutoff=_NEAR)
        if best is None or DamerauLevenshtein.distance(word, best[0]) > 1 + (len(word) > 7):
            return ()
        return (best[0],) if best[0][0] == word[0] else ()

    def _joined(self, word: str) -> tuple[str, ...]:
        for at in range(3, len(word) - 3):
            if word[:at] in self._known and word[at:] in self._known:
                return (word[:at], word[at:])
        return ()
