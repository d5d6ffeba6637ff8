"""What a finder has found: a stretch of pieces and its kind, or that it may stay. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from guichet.core.language import Bilingual
from guichet.transcripts.redaction.kinds import Kind
from guichet.transcripts.redaction.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Found:
    """Pieces from `start` to before `end`; without a kind they stay, and no later finder looks at them.

    `label` is what stands instead, where it is not that of the kind.
    """

    start: int
    end: int
    kind: Kind | None
    label: Bilingual | None = None


IsFree = Callable[[int], bool]
"""Tells whether the piece at a place has not been found yet."""
Finder = Callable[[Sentence, IsFree], Iterator[Found]]
