"""Voice activity follows the noise of the line, whatever the size of the pieces."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.transcripts.activity import FRAME, VoiceActivity
from guichet.transcripts.mulaw import decode
from tests.transcripts.voices import hum, noise, silence


def voiced(mulaw: bytes) -> list[bool]:
    return [frame.voiced for frame in VoiceActivity().frames(decode(mulaw))]


@pytest.mark.parametrize("background", [0.0005, 0.002, 0.006])
def test_a_voice_stands_out_and_noise_does_not(background: float) -> None:
    line = noise(2, background)
    judged = voiced(line + hum(1) + line)
    assert sum(judged[10:100]) <= 2
    assert sum(judged[100:150]) >= 45
    assert sum(judged[155:]) <= 5


def test_a_call_that_opens_in_mid_word_is_heard_from_the_start() -> None:
    assert sum(voiced(hum(0.2))) >= 8


def test_a_quiet_speaker_on_a_quiet_line_is_heard() -> None:
    judged = voiced(silence(1) + hum(1, loudness=0.01) + silence(1))
    assert sum(judged[:50]) == 0
    assert sum(judged[50:100]) >= 30
    assert sum(judged[101:]) == 0


def test_a_constant_offset_of_the_line_is_no_voice() -> None:
    offset = np.full(8000, 2000, dtype=np.int16)
    assert not any(frame.voiced for frame in VoiceActivity().frames(offset))


@settings(max_examples=30)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=30))
def test_the_size_of_the_pieces_changes_nothing(sizes: list[int]) -> None:
    samples = decode(hum(0.5) + noise(0.5))[: sum(sizes)]
    whole = [frame.voiced for frame in VoiceActivity().frames(samples)]
    activity, pieces, start = VoiceActivity(), [], 0
    for size in sizes:
        pieces += activity.frames(samples[start : start + size])
        start += size
    assert [frame.voiced for frame in pieces] == whole
    assert all(len(frame.samples) == FRAME for frame in pieces)
    assert len(activity.rest()) == len(samples) % FRAME
