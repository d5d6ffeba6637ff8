"""Make the sound that callers hear on hold: a slow arpeggio, 8 kHz µ-law, under 100 kB.

    python tools/make_hold_music.py guichet/ivr/audio/attente.wav

Made here, note by note, so that nobody's rights are touched. The end fades into the beginning: it is played in a loop.
"""

import struct
import sys
from pathlib import Path

import numpy as np

RATE = 8000
BEAT = 0.375
"""Seconds."""
CHORDS = (
    (60, 64, 67, 71),
    (57, 60, 64, 67),
    (62, 65, 69, 72),
    (55, 59, 62, 65),
)
"""C, A minor, D minor and G, as MIDI notes."""
PATTERN = (0, 1, 2, 3, 2, 1, 2, 1)
DECAY = 1.4
LOUDNESS = 0.30
"""Of full scale: hold music must not shout."""

Samples = np.ndarray[tuple[int], np.dtype[np.float64]]


def note(midi: int, seconds: float) -> Samples:
    """Return a soft bell: three partials that die away."""
    t = np.arange(int(seconds * RATE)) / RATE
    pitch = 440.0 * 2 ** ((midi - 69) / 12)
    sound = sum(np.sin(2 * np.pi * pitch * n * t) / n**2 for n in (1, 2, 3))
    attack = np.minimum(1.0, t / 0.02)
    return np.asarray(sound * attack * np.exp(-t / DECAY * 3), dtype=np.float64)


def melody() -> Samples:
    """Return the arpeggio, whose last notes ring over its beginning."""
    length = int(len(CHORDS) * len(PATTERN) * BEAT * RATE)
    sound = np.zeros(length)
    step = 0
    for chord in CHORDS:
        for place in PATTERN:
            ring = note(chord[place], DECAY)
            where = (int(step * BEAT * RATE) + np.arange(len(ring))) % length
            np.add.at(sound, where, ring)
            step += 1
    return np.asarray(sound / np.abs(sound).max() * LOUDNESS, dtype=np.float64)


def mulaw(samples: Samples) -> bytes:
    """Encode as µ-law (ITU-T G.711)."""
    linear = np.clip(samples * 32767, -32635, 32635).astype(np.int32)
    sign = np.where(linear < 0, 0x80, 0)
    magnitude = np.abs(linear) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return bytes((~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8))


def wav(audio: bytes) -> bytes:
    """Wrap µ-law in a WAV file (format 7, one channel)."""
    form = struct.pack("<HHIIHHH", 7, 1, RATE, RATE, 1, 8, 0)
    fact = struct.pack("<I", len(audio))
    chunks = b"".join(
        name + struct.pack("<I", len(body)) + body
        for name, body in ((b"fmt ", form), (b"fact", fact), (b"data", audio))
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def main() -> None:
    """Write the file."""
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(wav(mulaw(melody())))
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
