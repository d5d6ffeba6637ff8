"""The gate before the decoder: voice passes with what came just before and after it, silence does not. Pure.

A look-back keeps the first syllable, which often starts below the threshold; what follows the voice lets the decoder
finish its last word. The decoder's clock stands still while the gate is closed: `audio_time` sets its times right.
"""

from bisect import bisect_right
from collections import deque

from guichet.transcripts.activity import FRAME_SECONDS, Frame
from guichet.transcripts.mulaw import Samples

LOOK_BACK = 20
"""Frames given to the decoder from before the voice (0.4 s)."""
HANG = 15
"""Frames given to the decoder after the voice (0.3 s)."""
WINDOW, ENOUGH = 5, 3
"""A voice is so many voiced frames among the last: a click opens nothing."""


class Gate:
    """Takes judged frames one by one; gives those to be decoded."""

    def __init__(self) -> None:
        self._before: deque[Frame] = deque(maxlen=LOOK_BACK)
        self._recent: deque[bool] = deque(maxlen=WINDOW)
        self._hang = 0
        self._taken = 0
        self._given = 0
        self._starts: list[tuple[int, int]] = []

    @property
    def is_open(self) -> bool:
        """Whether frames pass now."""
        return self._hang > 0

    @property
    def has_voice(self) -> bool:
        """Whether the last frame belongs to a voice."""
        return self._hang == HANG

    def take(self, frame: Frame) -> list[Samples]:
        """Take the next frame; return the samples that pass now (none, this frame, or with the look-back)."""
        self._taken += 1
        self._recent.append(frame.voiced)
        if self.is_open:
            self._hang = HANG if frame.voiced else self._hang - 1
            self._given += 1
            return [frame.samples]
        self._before.append(frame)
        if sum(self._recent) < ENOUGH:
            return []
        passing = [earlier.samples for earlier in self._before]
        self._before.clear()
        self._starts.append((self._given, self._taken - len(passing)))
        self._given += len(passing)
        self._hang = HANG
        return passing

    def audio_time(self, decoder_time: float) -> float:
        """Return the time in the audio, in seconds, of a time on the decoder's clock."""
        if not self._starts:
            return decoder_time
        frame = decoder_time / FRAME_SECONDS
        start = max(0, bisect_right(self._starts, frame, key=lambda pair: pair[0]) - 1)
        given, taken = self._starts[start]
        return round(decoder_time + (taken - given) * FRAME_SECONDS, 3)
