"""Voices of machines: text to speech, audio files, 8 kHz µ-law from and to them. Pure, but for files.

µ-law is ITU-T G.711. py-nanotts speaks at 16 kHz; a low-pass filter comes before every second sample is dropped.
"""

import io
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from guichet.core.errors import BadInput
from guichet.core.language import Language

RATE = 8000
"""Samples a second on a telephone line."""
VOICES = {Language.FR: "fr-FR", Language.EN: "en-GB"}
_BIAS = 0x84
_CLIP = 32635
_TAPS = 127
_CUTOFF = 3600
"""Hertz that still pass when 16 kHz becomes 8 kHz; a telephone line carries up to 3400."""

Samples = NDArray[np.int16]


def synthesise(text: str, language: Language, *, speed: float = 1.0, voice: str = "") -> bytes:
    """Return a text spoken by a machine (py-nanotts' `voice`, or that of the language), as µ-law at 8 kHz."""
    from py_nanotts import NanoTTS

    if not text.strip():
        raise BadInput("there is nothing to say")
    pcm = np.frombuffer(NanoTTS().speak(text, voice=voice or VOICES[language], speed=speed), dtype="<i2")
    return to_mulaw(halve_rate(pcm.astype(np.int16)))


def load(path: Path) -> bytes:
    """Return an audio file as µ-law at 8 kHz: WAV (mono, 16 bits, 8 or 16 kHz), or headerless µ-law otherwise.

    Raises BadInput for a WAV of another kind, or a file that is not there.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    if not body.startswith(b"RIFF"):
        if not body:
            raise BadInput(f"{path} is empty")
        return body
    return _from_wav(body, str(path))


def _from_wav(body: bytes, name: str) -> bytes:
    try:
        with wave.open(io.BytesIO(body)) as file:
            kind = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2") if kind[1] == 2 else None
    except (wave.Error, EOFError) as error:
        raise BadInput(f"{name} is a WAV file that cannot be read ({error}); use mono, 16 bits, 8 or 16 kHz") from error
    if samples is None or kind not in {(1, 2, RATE), (1, 2, 2 * RATE)}:
        raise BadInput(
            f"{name} has {kind[0]} channels of {8 * kind[1]} bits at {kind[2]} Hz; use mono, 16 bits, 8 or 16 kHz"
        )
    return to_mulaw(samples.astype(np.int16) if kind[2] == RATE else halve_rate(samples.astype(np.int16)))


def halve_rate(samples: Samples) -> Samples:
    """Return 16 kHz samples at 8 kHz, without what would fold back: a windowed-sinc low-pass, then every second."""
    middle = (_TAPS - 1) / 2
    cutoff = _CUTOFF / (2 * RATE)
    places = np.arange(_TAPS) - middle
    kernel = 2 * cutoff * np.sinc(2 * cutoff * places) * np.blackman(_TAPS)
    kernel /= kernel.sum()
    filtered = np.convolve(samples.astype(np.float64), kernel, mode="same") if samples.size else samples
    return np.clip(np.rint(filtered[::2]), -32768, 32767).astype(np.int16)


def to_mulaw(samples: Samples) -> bytes:
    """Encode 16-bit samples as µ-law, one byte each."""
    wide = samples.astype(np.int32)
    sign = np.where(wide < 0, 0x80, 0)
    size = np.minimum(np.abs(wide), _CLIP) + _BIAS
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 0x0F
    code: NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return code.tobytes()


def from_mulaw(mulaw: bytes) -> Samples:
    """Decode µ-law to 16-bit samples."""
    code = ~np.frombuffer(mulaw, dtype=np.uint8) & 0xFF
    exponent = ((code >> 4) & 0x07).astype(np.int32)
    size = (((code & 0x0F).astype(np.int32) << 3) + _BIAS << exponent) - _BIAS
    return np.where(code & 0x80, -size, size).astype(np.int16)


def wav_from_mulaw(mulaw: bytes) -> bytes:
    """Return a WAV file (mono, 16 bits, 8 kHz) of that µ-law."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(from_mulaw(mulaw).astype("<i2").tobytes())
    return file.getvalue()
