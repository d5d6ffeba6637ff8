"""Long recordings: heard slice by slice, taken up again, in constant memory, whatever the file is."""

import tracemalloc
import wave
from collections import deque
from collections.abc import Iterable
from pathlib import Path

import pytest

from guichet.core.errors import BadInput
from guichet.core.language import Language
from guichet.transcripts.decoder import Decoder
from guichet.transcripts.heard import Expectation
from guichet.transcripts.mulaw import RATE, decode
from guichet.transcripts.recorded import LONGEST, OpenDecoder, Slice, slices
from guichet.transcripts.scripted import ScriptedDecoder
from tests.transcripts.voices import hum, silence


def says(*lines: str) -> OpenDecoder:
    left: deque[tuple[str, ...]] = deque((line,) for line in lines)

    def open_decoder(_language: Language, _expects: Expectation) -> Decoder:
        return ScriptedDecoder(left, 0.9)

    return open_decoder


def record(path: Path, pieces: Iterable[bytes], rate: int = RATE, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", "NONE"))
        for piece in pieces:
            file.writeframes(decode(piece).tobytes())
    return path


def heard(found: Iterable[Slice]) -> list[tuple[float, float, str]]:
    return [(round(one.start, 1), round(one.end, 1), one.heard.text) for one in found]


def test_a_slice_ends_at_a_pause_and_words_lie_where_they_were_said(tmp_path: Path) -> None:
    file = record(tmp_path / "m.wav", [silence(28), hum(4), silence(3), hum(2), silence(1)])
    found = list(slices(file, Language.EN, says("one two", "three")))
    assert heard(found) == [(0.0, 33.5, "one two"), (33.5, 38.0, "three")]
    (word,) = found[1].heard.words
    assert 34.5 <= word.start <= 35.1
    assert found[0].heard.cpu > 0


def test_endless_talk_is_cut_and_a_short_message_is_one_slice(tmp_path: Path) -> None:
    endless = record(tmp_path / "m.wav", [hum(LONGEST + 5)])
    assert [one.end for one in slices(endless, Language.EN, says("a", "b"))] == [pytest.approx(60), pytest.approx(65)]
    short = record(tmp_path / "s.wav", [hum(1)])
    assert heard(slices(short, Language.EN, says("hello"))) == [(0.0, 1.0, "hello")]


def test_work_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    file = record(tmp_path / "m.wav", [hum(31), silence(2)] * 3)
    whole = heard(slices(file, Language.EN, says("a", "b", "c")))
    first = next(slices(file, Language.EN, says("a")))
    assert [*heard([first]), *heard(slices(file, Language.EN, says("b", "c"), first.end))] == whole


@pytest.mark.parametrize("rate", [16000, 44100])
def test_other_rates_are_heard_too(tmp_path: Path, rate: int) -> None:
    file = record(tmp_path / "m.wav", [hum(1)] * (rate // RATE), rate)
    assert heard(slices(file, Language.EN, says("hello")))[0][2] == "hello"


def test_an_hour_takes_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    def peak(minutes: int) -> int:
        file = record(tmp_path / f"{minutes}.wav", [hum(3) + silence(57)] * minutes)
        tracemalloc.start()
        for _ in slices(file, Language.EN, says()):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    # The scripted decoder keeps no sound, as the real one does not: what is measured is our own way to it.
    assert peak(12) < 1.5 * peak(1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no WAV file"),
        (b"RIFF\0\0\0\0WAVE" + b"junk\xff\xff\xff\xff" * 20, "without sound"),
        (b"<html>404</html>" * 100, "no WAV file"),
    ],
)
def test_what_is_no_sound_is_said(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "m.wav"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=reason):
        list(slices(file, Language.EN, says()))


def test_stereo_and_strange_rates_are_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="2 channels"):
        list(slices(record(tmp_path / "m.wav", [hum(1)], channels=2), Language.EN, says()))
    with pytest.raises(BadInput, match="7000 samples"):
        list(slices(record(tmp_path / "n.wav", [hum(1)], rate=7000), Language.EN, says()))
