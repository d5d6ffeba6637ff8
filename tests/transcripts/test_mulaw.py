"""µ-law: the tables of G.711, and their round trip."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from guichet.transcripts.mulaw import SILENCE, decode, encode


def test_the_corner_values_are_those_of_the_standard() -> None:
    assert decode(b"\xff\x7f\x00\x80").tolist() == [0, 0, -32124, 32124]
    assert decode(b"\xfe\x7e\x8f\xf0").tolist() == [8, -8, 16764, 120]
    assert encode(np.array([0, 32767, -32768, 8, -8], dtype=np.int16)) == b"\xff\x80\x00\xfe\x7e"


def test_every_byte_survives_the_round_trip() -> None:
    all_bytes = bytes(range(256))
    negative_zero_is_zero = all_bytes.replace(b"\x7f", SILENCE)
    assert encode(decode(all_bytes)) == negative_zero_is_zero


@given(st.lists(st.integers(-32768, 32767), max_size=50))
def test_a_sample_comes_back_within_a_step(samples: list[int]) -> None:
    before = np.array(samples, dtype=np.int16)
    after = decode(encode(before)).astype(int)
    assert len(after) == len(samples)
    for one, other in zip(samples, after, strict=True):
        assert abs(max(-32124, min(32124, one)) - other) <= max(4, abs(one) // 16 + 8)
