"""Whether a caller has begun to speak while a prompt is played, within some 0.2 s; a cough or a click is none. Pure.

A voice is a sound that repeats itself 70 to 400 times a second (its pitch), and whose spectrum changes as a mouth does.
A cough is a burst of noise: it has hardly any pitch. A hum keeps its spectrum, and counts only when it lasts. A drawn
"euh" cannot be told from a word this early: who listens decides by the words (`ivr.playback` goes on with the prompt).
The thresholds are measured in `benchmarks/barge_in.py`.
"""

from collections import deque
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from guichet.transcripts.activity import FRAME, Frame, VoiceActivity
from guichet.transcripts.mulaw import RATE, decode

PITCHED_FRAMES = 6
"""Frames of 20 ms with a pitch that make a voice, where the spectrum changes."""
LASTING_FRAMES = 25
"""Frames with a pitch that make a voice whatever the spectrum does."""
CHANGE = 5.0
"""Decibels by which the shape of the spectrum changes, over its bands on average."""
REPETITION = 0.55
"""How much of a sound repeats itself after a period, for it to have a pitch."""

_QUIET_FRAMES = 15
_WINDOW, _ENOUGH = 5, 3
_PITCH_WINDOW = 320
_SHORTEST, _LONGEST = RATE // 400, RATE // 70
_SPECTRUM_WINDOW = 256
_BANDS = 10
_LOWEST_HZ, _HIGHEST_HZ = 200.0, 3600.0
_SMOOTH = 3

_Floats = NDArray[np.float64]


def _bands() -> list[NDArray[np.intp]]:
    edges = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, _BANDS + 1)
    frequencies = np.fft.rfftfreq(_SPECTRUM_WINDOW, 1 / RATE)
    return [np.flatnonzero((frequencies >= low) & (frequencies < high)) for low, high in pairwise(edges)]


_IN_BAND = _bands()
_HANN = np.hanning(_SPECTRUM_WINDOW)
_FADING = _PITCH_WINDOW / (_PITCH_WINDOW - np.arange(_SHORTEST, _LONGEST + 1))
"""What an autocorrelation loses by its overlap, put right."""


class Interruption:
    """Listens to the caller's side of a line; `feed` says from when on they speak."""

    def __init__(self) -> None:
        self._activity = VoiceActivity()
        self._window: _Floats = np.zeros(_PITCH_WINDOW)
        self._recent: deque[bool] = deque(maxlen=_WINDOW)
        self._last: deque[_Floats] = deque(maxlen=_SMOOTH)
        self._shapes: list[_Floats] = []
        self._pitched = 0
        self._quiet = 0

    def feed(self, mulaw: bytes) -> bool:
        """Take the next audio, of any length; tell whether somebody speaks by now."""
        speaks = False
        for frame in self._activity.frames(decode(mulaw)):
            speaks |= self._take(frame)
        return speaks

    def forget(self) -> None:
        """Begin anew, knowing the noise of the line: what was taken for speech was none."""
        self._shapes.clear()
        self._last.clear()
        self._pitched = self._quiet = 0

    def _take(self, frame: Frame) -> bool:
        """Judge a frame with those before it."""
        self._window = np.concatenate([self._window[FRAME:], frame.samples])
        self._recent.append(frame.voiced)
        if not frame.voiced or sum(self._recent) < _ENOUGH:
            self._quiet += 1
            if self._quiet > _QUIET_FRAMES:
                self.forget()
            return False
        self._quiet = 0
        self._pitched += _repetition(self._window) > REPETITION
        self._last.append(_shape(self._window[-_SPECTRUM_WINDOW:]))
        if len(self._last) == _SMOOTH:
            self._shapes.append(np.mean(self._last, axis=0))
        if self._pitched >= LASTING_FRAMES:
            return True
        return self._pitched >= PITCHED_FRAMES and self._change() >= CHANGE

    def _change(self) -> float:
        """Return by how much the spectrum differs from what it was at its most different, in decibels."""
        if not self._shapes:
            return 0.0
        return float(np.abs(np.array(self._shapes) - self._shapes[-1]).mean(axis=1).max())


def _repetition(window: _Floats) -> float:
    """Return the highest autocorrelation at a period of a voice, 1 for a sound that repeats itself exactly."""
    centred = window - window.mean()
    spectrum = np.fft.rfft(centred, 4 * _SPECTRUM_WINDOW)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)
    if correlation[0] <= 0:
        return 0.0
    return float((correlation[_SHORTEST : _LONGEST + 1] / correlation[0] * _FADING).max())


def _shape(window: _Floats) -> _Floats:
    """Return the spectrum in bands, in decibels about its own mean: its shape without its loudness."""
    power = np.abs(np.fft.rfft((window - window.mean()) * _HANN)) ** 2 + 1e3
    shape = 10 * np.log10(np.array([power[band].mean() for band in _IN_BAND]))
    return np.asarray(shape - shape.mean())
