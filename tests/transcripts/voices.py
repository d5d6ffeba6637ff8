"""Made-up audio for tests: hum that counts as a voice, silence, noise; µ-law, 8 kHz."""

import numpy as np

from guichet.transcripts.mulaw import RATE, Samples, encode


def hum(seconds: float, loudness: float = 0.2) -> bytes:
    """Return a rough voice: a buzz at 120 Hz and its overtones, swelling four times a second."""
    time = np.arange(int(seconds * RATE)) / RATE
    buzz = sum(np.sin(2 * np.pi * 120 * n * time) / n for n in range(1, 12))
    return sound(buzz * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)) * loudness / 2)


def noise(seconds: float, loudness: float = 0.003, seed: int = 7) -> bytes:
    """Return steady noise; its loudness is the deviation against full scale."""
    return sound(np.random.default_rng(seed).normal(0, loudness, int(seconds * RATE)))


def silence(seconds: float) -> bytes:
    """Return digital silence."""
    return b"\xff" * int(seconds * RATE)


def sound(wave: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bytes:
    """Return the µ-law of a wave between -1 and 1."""
    samples: Samples = (np.clip(wave, -1, 1) * 32767).astype(np.int16)
    return encode(samples)


def frames(mulaw: bytes, size: int = 160) -> list[bytes]:
    """Cut audio into frames of 20 ms, the last one shorter."""
    return [mulaw[start : start + size] for start in range(0, len(mulaw), size)]
