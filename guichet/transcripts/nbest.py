"""Several readings of the same audio: joined over segments, weighed against each other. Pure.

Vosk gives either word confidences or alternatives. We ask for alternatives, whose best reading is as good (see
docs/benchmarks.md), and compute each word's confidence from them: the share of the probability of all readings that
have this word at this place. Scores are log-likelihoods, so that their exponentials are weights.
"""

import math
from dataclasses import dataclass
from functools import reduce

from guichet.transcripts.decoder import Utterance
from guichet.transcripts.heard import Word

MOST = 10
"""Readings kept."""
MOST_SEGMENTS = 12
"""Beyond so many segments, readings of the whole mean nothing: a recording has its best reading alone."""
UNKNOWN = "[unk]"
"""The recogniser's word for speech outside the grammar."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A word and its time in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a segment, with its log-likelihood."""

    score: float
    words: tuple[Timed, ...]

    @property
    def text(self) -> str:
        """Return the known words as one text."""
        return " ".join(word.text for word in self.words if word.text != UNKNOWN)


Segment = tuple[Reading, ...]
"""The readings of one stretch of audio, best first."""


def utterance(segments: list[Segment]) -> Utterance:
    """Join the segments of an utterance: the best words with their confidence, and the next best readings."""
    spoken = [segment for segment in segments if any(reading.words for reading in segment)]
    if not spoken:
        return Utterance()
    words = tuple(word for segment in spoken for word in _confident(segment))
    known = tuple(word for word in words if word.text != UNKNOWN)
    best = " ".join(word.text for word in known)
    others = reduce(_joined, spoken) if len(spoken) <= MOST_SEGMENTS else ()
    texts = dict.fromkeys(reading.text for reading in others)
    return Utterance(known, tuple(text for text in texts if text not in {best, ""}), is_speech=bool(words))


def _joined(left: Segment, right: Segment) -> Segment:
    """Return the likeliest pairs of readings of two neighbours."""
    pairs = [Reading(one.score + other.score, one.words + other.words) for one in left for other in right]
    return tuple(sorted(pairs, key=lambda pair: -pair.score)[:MOST])


def _confident(segment: Segment) -> list[Word]:
    """Give each word of the best reading the share of the readings that have it too."""
    best = segment[0]
    weights = [math.exp(min(0.0, reading.score - best.score)) for reading in segment]
    whole = sum(weights)
    return [
        Word(
            word.text,
            word.start,
            word.end,
            round(sum(w for w, reading in zip(weights, segment, strict=True) if _has(reading, word)) / whole, 4),
        )
        for word in best.words
    ]


def _has(reading: Reading, word: Timed) -> bool:
    """Tell whether a reading has this word, more or less at this time."""
    return any(other.text == word.text and other.start < word.end and word.start < other.end for other in reading.words)
