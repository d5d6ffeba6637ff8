"""Recorded files as the telephone would carry them: WAV or raw µ-law in, µ-law frames of 20 ms out.

The file is read in pieces, so that an hour costs no more memory than a second, and nothing its header says is believed
before it is checked. Formats: Microsoft's RIFF WAVE with PCM of 8 or 16 bits or µ-law.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

import numpy as np

from guichet.core.errors import BadInput
from guichet.transcripts.activity import FRAME
from guichet.transcripts.mulaw import Samples, decode, encode
from guichet.transcripts.resample import RATES, Resampler

RAW_SUFFIXES = frozenset({".ul", ".ulaw", ".mulaw", ".mu", ".pcmu"})
"""Names of files that hold µ-law bytes and nothing else."""
MOST_CHUNKS = 100
PCM, MULAW, EXTENSIBLE = 1, 7, 0xFFFE
_BLOCK = 1 << 14
_UNKNOWN = 0x7FFF0000
"""Bytes of sound from which on a header says that its writer, into a pipe, could not know."""
_UNFINISHED = (
    "{path} says that it holds no sound, and goes on: its recording was broken off before its length was written; "
    "mend it with: ffmpeg -ignore_length 1 -i FILE MENDED.wav"
)


@dataclass(frozen=True, slots=True)
class _Format:
    """The sound of a WAV file."""

    code: int
    rate: int
    width: int

    def samples(self, data: bytes) -> Samples:
        """Return the 16-bit samples of whole frames of data."""
        if self.code == MULAW:
            return decode(data)
        if self.width == 1:
            return ((np.frombuffer(data, dtype=np.uint8).astype(np.int16) - 128) << 8).astype(np.int16)
        return np.frombuffer(data, dtype="<i2").astype(np.int16)


def frames(path: Path) -> Iterator[bytes]:
    """Give the µ-law frames of a file, 160 bytes each, the last one as long as it is.

    Raises BadInput when the file is missing, is no sound we read, is stereo, or holds no sound at all.
    """
    try:
        _must_be_a_file(path)
        with path.open("rb") as file:
            rest, is_empty = b"", True
            for piece in _mulaw(file, path):
                is_empty = is_empty and not piece
                rest += piece
                whole = len(rest) - len(rest) % FRAME
                yield from (rest[start : start + FRAME] for start in range(0, whole, FRAME))
                rest = rest[whole:]
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    if is_empty:
        raise BadInput(f"{path} holds no sound")
    if rest:
        yield rest


def is_cut(path: Path) -> bool:
    """Whether a WAV file holds less sound than its header says. Raises BadInput as `frames` does."""
    if path.suffix.lower() in RAW_SUFFIXES:
        return False
    try:
        _must_be_a_file(path)
        with path.open("rb") as file:
            _, size = _header(file, path)
            return size < _UNKNOWN and _left(file) < size
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error


def _must_be_a_file(path: Path) -> None:
    """Raise BadInput for a pipe, a device or a folder: opening a pipe waits for ever for somebody to write."""
    if not S_ISREG(path.stat().st_mode):
        raise BadInput(f"{path} is no regular file: give a file that holds the whole sound")


def _left(file: BinaryIO) -> int:
    """Return how many bytes follow."""
    return os.fstat(file.fileno()).st_size - file.tell()


def _mulaw(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """Give the file's sound as µ-law in pieces."""
    if path.suffix.lower() in RAW_SUFFIXES:
        while data := file.read(_BLOCK):
            yield data
        return
    sound, size = _header(file, path)
    resampler = Resampler(sound.rate)
    while size > 0 and (data := file.read(min(_BLOCK, size))):
        size -= len(data)
        yield encode(resampler.feed(sound.samples(data[: len(data) - len(data) % sound.width])))
    yield encode(resampler.finish())


def _header(file: BinaryIO, path: Path) -> tuple[_Format, int]:
    """Read up to the sound; return its format and its size in bytes, as the header claims."""
    start = file.read(12)
    if len(start) < 12 or start[:4] != b"RIFF" or start[8:] != b"WAVE":
        raise BadInput(f"{path} is no WAV file (raw µ-law must be named {', '.join(sorted(RAW_SUFFIXES))})")
    sound = None
    for _ in range(MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            break
        name, size = head[:4], int.from_bytes(head[4:], "little")
        if name == b"data" and sound is not None:
            if not size and _left(file):
                raise BadInput(_UNFINISHED.format(path=path))
            return sound, size
        if name == b"fmt ":
            sound = _format(file.read(min(size, 64)), path)
            file.seek(max(0, size - 64), 1)
        else:
            file.seek(size, 1)
        file.seek(size % 2, 1)
    raise BadInput(f"{path} is a WAV file without sound")


def _format(data: bytes, path: Path) -> _Format:
    """Read the format of the sound, or say why it is not taken."""
    if len(data) < 16:
        raise BadInput(f"{path} is a WAV file whose header is cut")
    code, channels, rate, _, _, bits = struct.unpack("<HHIIHH", data[:16])
    if code == EXTENSIBLE and len(data) >= 26:
        code = int.from_bytes(data[24:26], "little")
    if channels != 1:
        raise BadInput(f"{path} has {channels} channels: give one channel (mono)")
    if rate not in RATES:
        raise BadInput(f"{path} has {rate} samples a second: give {', '.join(map(str, RATES))}")
    if (code, bits) not in {(PCM, 8), (PCM, 16), (MULAW, 8)}:
        raise BadInput(f"{path} holds sound of format {code} with {bits} bits: give PCM of 8 or 16 bits, or µ-law")
    return _Format(code, rate, bits // 8)
