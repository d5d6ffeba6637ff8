"""Files of any common kind come out as telephone audio, or are refused with a reason."""

import os
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guichet.core.errors import BadInput
from guichet.transcripts.audio_file import frames, is_cut
from guichet.transcripts.mulaw import RATE, Samples, decode, encode
from guichet.transcripts.resample import RATES, Resampler


def wav(data: bytes, rate: int = RATE, channels: int = 1, bits: int = 16, code: int = 1) -> bytes:
    form = struct.pack("<HHIIHH", code, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"LIST\x03\x00\x00\x00abc\x00"
    chunks += b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def tone(rate: int, hertz: float = 440, seconds: float = 0.5) -> Samples:
    return (np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate) * 10_000).astype(np.int16)


def read(tmp_path: Path, content: bytes, name: str = "file.wav") -> list[bytes]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(frames(path))


def pitch(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples.astype(float)))
    return float(np.argmax(spectrum) * RATE / len(samples))


@pytest.mark.parametrize("rate", RATES)
def test_each_rate_comes_out_at_the_telephones(rate: int, tmp_path: Path) -> None:
    read_back = read(tmp_path, wav(tone(rate).tobytes(), rate))
    assert all(len(frame) == 160 for frame in read_back[:-1])
    samples = decode(b"".join(read_back))
    assert len(samples) == pytest.approx(RATE / 2, abs=2)
    assert pitch(samples) == pytest.approx(440, abs=4)
    assert np.abs(samples[400:-400]).max() == pytest.approx(10_000, rel=0.05)


def test_what_is_above_the_telephones_band_is_taken_out() -> None:
    resampler = Resampler(16_000)
    out = np.concatenate([resampler.feed(tone(16_000, hertz=6_000)), resampler.finish()])
    assert np.abs(out[100:-100]).max() < 100


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(RATES), st.lists(st.integers(0, 3000), max_size=8))
def test_the_size_of_the_pieces_changes_no_sample(rate: int, sizes: list[int]) -> None:
    samples = tone(rate, seconds=sum(sizes) / rate + 0.001)
    at_once, in_pieces, start = Resampler(rate), Resampler(rate), 0
    whole = np.concatenate([at_once.feed(samples), at_once.finish()])
    pieces = []
    for size in sizes:
        pieces.append(in_pieces.feed(samples[start : start + size]))
        start += size
    pieces += [in_pieces.feed(samples[start:]), in_pieces.finish()]
    assert np.concatenate(pieces).tolist() == whole.tolist()


def test_mulaw_comes_through_untouched_raw_or_in_a_wav(tmp_path: Path) -> None:
    mulaw = encode(tone(RATE))
    assert b"".join(read(tmp_path, mulaw, "file.ulaw")) == mulaw
    assert b"".join(read(tmp_path, wav(mulaw, bits=8, code=7))) == mulaw


def test_8_bits_and_the_extensible_header_are_read(tmp_path: Path) -> None:
    quiet = read(tmp_path, wav(b"\x80" * 320, bits=8))
    assert b"".join(quiet) == b"\xff" * 320
    plain = wav(tone(RATE).tobytes())
    form = struct.pack("<HHIIHH", 0xFFFE, 1, RATE, RATE * 2, 2, 16) + struct.pack("<HHIH", 22, 16, 4, 1) + bytes(14)
    extensible = plain[:16] + struct.pack("<I", len(form)) + form + plain[36:]
    assert read(tmp_path, extensible) == read(tmp_path, plain)


def test_a_file_that_is_cut_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    assert len(b"".join(read(tmp_path, wav(tone(RATE).tobytes())[:-4001]))) == 4000 - 2001
    assert is_cut(tmp_path / "file.wav")


@pytest.mark.parametrize("size", [None, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000])
def test_a_whole_file_and_one_written_into_a_pipe_are_not_cut(size: int | None, tmp_path: Path) -> None:
    data = tone(RATE).tobytes()
    whole = wav(data)
    head = b"data" + struct.pack("<I", len(data))
    sized = whole if size is None else whole.replace(head, b"data" + struct.pack("<I", size))
    assert len(b"".join(read(tmp_path, sized))) == 4000
    assert not is_cut(tmp_path / "file.wav")
    assert not is_cut(tmp_path / "raw.ulaw")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    os.mkfifo(tmp_path / "pipe.ulaw")
    for refused in (pipe, tmp_path / "pipe.ulaw", Path("/dev/null")):
        with pytest.raises(BadInput, match="no regular file"):
            list(frames(refused))


def test_a_recording_whose_length_was_never_written_is_named_so(tmp_path: Path) -> None:
    data = tone(RATE).tobytes()
    broken = wav(data).replace(b"data" + struct.pack("<I", len(data)), b"data" + bytes(4))
    with pytest.raises(BadInput, match=r"broken off .* ffmpeg -ignore_length 1"):
        read(tmp_path, broken)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no WAV"),
        (b"ID3\x04 an mp3 perhaps, but no WAV", "no WAV"),
        (wav(b""), "no sound"),
        (wav(bytes(400), channels=2), "2 channels"),
        (wav(bytes(400), rate=7_000), "7000 samples"),
        (wav(bytes(400), rate=400_000_000), "samples a second"),
        (wav(bytes(400), bits=24), "24 bits"),
        (wav(bytes(400), bits=32, code=3), "format 3"),
        (wav(bytes(8))[:30], "cut"),
        (b"RIFF\xff\xff\xff\xffWAVE" + b"junk\xff\xff\xff\xff" * 4, "without sound"),
        (b"RIFF\x00\x00\x00\x00WAVE" + b"junk\x00\x00\x00\x00" * 500, "without sound"),
        (b"RIFF\x00\x00\x00\x00WAVEdata\x08\x00\x00\x00" + bytes(8), "without sound"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(content: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=reason):
        read(tmp_path, content)


def test_a_missing_file_a_folder_and_empty_raw_audio_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        list(frames(tmp_path / "nothing.wav"))
    with pytest.raises(BadInput, match="no regular file"):
        list(frames(tmp_path))
    with pytest.raises(BadInput, match="no sound"):
        read(tmp_path, b"", "file.ulaw")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(max_size=80), at=st.integers(0, 60))
def test_no_file_breaks_the_reader(garbage: bytes, at: int, tmp_path: Path) -> None:
    good = wav(tone(RATE, seconds=0.01).tobytes())
    try:
        read(tmp_path, good[:at] + garbage + good[at + len(garbage) :])
    except BadInput:
        return
