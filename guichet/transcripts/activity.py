"""Voice activity: which 20 ms frames of a call carry a voice, judged against the noise of the line. Pure.

The floor is the quietest smoothed frame of the last seconds (minimum statistics, after R. Martin, 2001, without his
bias terms): it needs no training time, follows a line that becomes noisy, and survives a call that opens in mid-word,
because it is never taken to be above `LOUDEST_FLOOR`.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from guichet.transcripts.mulaw import RATE, Samples

FRAME = RATE // 50
"""Samples in a frame of 20 ms."""
FRAME_SECONDS = FRAME / RATE

QUIETEST = -90.0
"""Decibels below full scale that stand for digital silence."""
LOUDEST_FLOOR = -42.0
QUIETEST_VOICE = -56.0
"""A frame below this is no voice, however quiet the line is."""
ABOVE_FLOOR = 8.0
"""Decibels by which a voice stands out of the noise."""

_FLOOR_FRAMES = 75
_SMOOTHING = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """20 ms of samples, and whether they carry a voice."""

    samples: Samples
    voiced: bool


def level(samples: Samples) -> float:
    """Return the loudness of samples in decibels below full scale, without their mean (a line's constant offset)."""
    power = float(np.var(samples.astype(np.float32))) / 32768.0**2
    return max(QUIETEST, 10.0 * float(np.log10(power))) if power > 0 else QUIETEST


class VoiceActivity:
    """Cuts a stream of samples, in pieces of any length, into judged frames."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, dtype=np.int16)
        self._recent: deque[float] = deque(maxlen=_FLOOR_FRAMES)
        self._smooth: float | None = None

    def frames(self, samples: Samples) -> list[Frame]:
        """Take the next samples; return the frames that are complete."""
        whole = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        count = len(whole) // FRAME
        self._rest = whole[count * FRAME :].copy()
        pieces = (whole[n * FRAME : (n + 1) * FRAME] for n in range(count))
        return [Frame(piece, self._is_voice(level(piece))) for piece in pieces]

    def rest(self) -> Samples:
        """Return the samples that make no frame yet: fewer than 160."""
        return self._rest

    def _is_voice(self, loudness: float) -> bool:
        """Judge one frame and move the floor."""
        smooth = loudness if self._smooth is None else _SMOOTHING * self._smooth + (1 - _SMOOTHING) * loudness
        self._smooth = smooth
        self._recent.append(smooth)
        floor = min(LOUDEST_FLOOR, *self._recent) if len(self._recent) > 1 else min(LOUDEST_FLOOR, smooth)
        return loudness > max(QUIETEST_VOICE, floor + ABOVE_FLOOR)
