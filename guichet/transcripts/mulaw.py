"""Telephone audio: µ-law bytes to and from 16-bit samples (ITU-T G.711). Pure."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
"""Linear audio: 16-bit signed, 8000 samples a second, mono."""

RATE = 8000
"""Samples a second on the telephone."""
SILENCE = b"\xff"
"""The µ-law byte of no sound at all."""

_BIAS = 132
_LOUDEST = 32635


@cache
def _decoding() -> Samples:
    """Return the sample of each of the 256 bytes."""
    bits = ~np.arange(256, dtype=np.uint8)
    exponent = ((bits >> 4) & 7).astype(np.int32)
    size = ((((bits & 15).astype(np.int32) << 3) + _BIAS) << exponent) - _BIAS
    return np.where(bits & 0x80, -size, size).astype(np.int16)


@cache
def _encoding() -> NDArray[np.uint8]:
    """Return the byte of each of the 65536 samples, indexed by the sample's unsigned bits."""
    samples = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    size = np.minimum(np.abs(samples), _LOUDEST) + _BIAS
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 15
    sign = np.where(samples < 0, 0x80, 0)
    return np.asarray(~(sign | (exponent << 4) | mantissa) & 0xFF, dtype=np.uint8)


def decode(mulaw: bytes) -> Samples:
    """Return the samples of µ-law bytes, one a byte."""
    return _decoding()[np.frombuffer(mulaw, dtype=np.uint8)]


def encode(samples: Samples) -> bytes:
    """Return the µ-law bytes of 16-bit samples, one a sample."""
    return bytes(_encoding()[samples.view(np.uint16)].tobytes())
