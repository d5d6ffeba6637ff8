"""Any common sampling rate down to the telephone's 8000, in pieces: a windowed sinc, one set of taps a phase. Pure."""

from functools import cache
from math import gcd

import numpy as np
from numpy.typing import NDArray

from guichet.transcripts.mulaw import RATE, Samples

RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000)
"""Rates that are taken."""

_CROSSINGS = 16
_EDGE = 0.94
"""Share of the telephone's band that is kept; above, the filter falls."""


@cache
def _taps(rate: int) -> NDArray[np.float32]:
    """Return the filter of each phase: one row a phase, the same number of taps each."""
    step = gcd(rate, RATE)
    phases, ratio = RATE // step, rate / RATE
    half = int(np.ceil(_CROSSINGS * ratio))
    at = np.arange(-half, half + 1)[None, :] - (np.arange(phases) / phases)[:, None]
    window = np.where(np.abs(at) <= half, np.cos(np.pi * at / (2 * half + 2)) ** 2, 0.0)
    taps = np.sinc(at * _EDGE / ratio) * window
    return np.asarray(taps / taps.sum(axis=1, keepdims=True), dtype=np.float32)


class Resampler:
    """Takes samples of one rate, gives samples at 8000; `rate` is one of `RATES`."""

    def __init__(self, rate: int) -> None:
        step = gcd(rate, RATE)
        self._phases, self._stride = RATE // step, rate // step
        self._taps = _taps(rate)
        self._half = self._taps.shape[1] // 2
        self._buffer = np.zeros(self._half, dtype=np.float32)
        self._phase = 0
        self._is_plain = rate == RATE

    def feed(self, samples: Samples) -> Samples:
        """Take the next samples; return those that are ready."""
        if self._is_plain:
            return samples
        self._buffer = np.concatenate([self._buffer, samples.astype(np.float32)])
        ready = len(self._buffer) - 2 * self._half
        count = max(0, -((self._phase - ready * self._phases) // self._stride))
        steps = self._phase + np.arange(count) * self._stride
        starts, phases = steps // self._phases, steps % self._phases
        windows = np.lib.stride_tricks.sliding_window_view(self._buffer, 2 * self._half + 1) if count else None
        made = np.einsum("nt,nt->n", windows[starts], self._taps[phases]) if windows is not None else np.zeros(0)
        used, self._phase = divmod(self._phase + count * self._stride, self._phases)
        self._buffer = self._buffer[used:]
        return np.clip(np.rint(made), -32768, 32767).astype(np.int16)

    def finish(self) -> Samples:
        """Return the last samples."""
        return self.feed(np.zeros(self._half, dtype=np.int16)) if not self._is_plain else np.zeros(0, dtype=np.int16)
