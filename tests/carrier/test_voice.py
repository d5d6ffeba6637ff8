import io
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.carrier.voice import (
    Samples,
    from_mulaw,
    halve_rate,
    load,
    synthesise,
    to_mulaw,
    wav_from_mulaw,
)
from guichet.core.errors import BadInput
from guichet.core.language import Language


def tone(hertz: float, rate: int, seconds: float = 0.5) -> Samples:
    return (10000 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)).astype(np.int16)


def loudness(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples[200:-200].astype(np.float64) ** 2)))


def wav(samples: Samples, rate: int, channels: int = 1) -> bytes:
    body = io.BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return body.getvalue()


def test_every_code_comes_back_as_itself_but_minus_zero() -> None:
    codes = bytes(range(256))
    again = to_mulaw(from_mulaw(codes))
    assert [code for code in codes if again[code] != code] == [0x7F]
    assert from_mulaw(b"\xff\x7f").tolist() == [0, 0]


def test_known_codes_of_g711() -> None:
    assert from_mulaw(b"\x00\x80\xff").tolist() == [-32124, 32124, 0]
    assert to_mulaw(np.array([0, 32767, -32768, 8], dtype=np.int16)) == b"\xff\x80\x00\xfe"


@given(st.integers(-32768, 32767))
def test_the_error_of_mulaw_is_within_a_step(sample: int) -> None:
    back = int(from_mulaw(to_mulaw(np.array([sample], dtype=np.int16)))[0])
    assert abs(back - sample) <= max(8, abs(sample) * 0.04 + 8)


def test_speech_passes_and_what_would_fold_back_does_not() -> None:
    assert loudness(halve_rate(tone(1000, 16000))) == pytest.approx(loudness(tone(1000, 8000)), rel=0.02)
    assert loudness(halve_rate(tone(3000, 16000))) > 0.9 * loudness(tone(3000, 8000))
    assert loudness(halve_rate(tone(5000, 16000))) < 0.005 * loudness(tone(5000, 16000))


@pytest.mark.parametrize("rate", [8000, 16000])
def test_wav_files_at_8_and_16_khz_are_read(tmp_path: Path, rate: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(tone(440, rate), rate))
    assert len(load(path)) == 4000


def test_what_is_no_wav_is_raw_mulaw(tmp_path: Path) -> None:
    path = tmp_path / "a.ulaw"
    path.write_bytes(b"\xff" * 100)
    assert load(path) == b"\xff" * 100


def test_other_files_are_refused_with_what_would_be_right(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    for body in (wav(tone(440, 44100), 44100), wav(tone(440, 8000), 8000, channels=2), b"RIFFxxxx", b""):
        path.write_bytes(body)
        with pytest.raises(BadInput, match=r"8 or 16 kHz|empty"):
            load(path)
    with pytest.raises(BadInput, match="cannot be read"):
        load(tmp_path / "missing.wav")


@pytest.mark.parametrize(("text", "language"), [("Bonjour", Language.FR), ("Good morning", Language.EN)])
def test_a_voice_speaks_in_each_language(text: str, language: Language) -> None:
    mulaw = synthesise(text, language)
    assert 0.4 < len(mulaw) / 8000 < 4
    assert loudness(from_mulaw(mulaw)) > 200


def test_nothing_cannot_be_said() -> None:
    with pytest.raises(BadInput):
        synthesise(" ", Language.FR)


def test_a_recording_becomes_a_wav_file() -> None:
    with wave.open(io.BytesIO(wav_from_mulaw(b"\xff" * 80))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (8000, 1, 80)
