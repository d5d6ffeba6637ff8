import json
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from guichet.carrier.simulator.frames import FRAME, Clear, Frames, Mark, Nonsense, Playback, Sound, read


def test_sequence_numbers_run_through_all_messages_but_the_greeting() -> None:
    frames = Frames("MZ1", "CA1", "AC1", Random(1))
    texts = [frames.connected(), frames.start(("inbound",), ()), frames.media(b"a" * FRAME), frames.key("1")]
    texts += [frames.mark("m"), frames.stop()]
    assert [json.loads(text).get("sequenceNumber") for text in texts] == [None, "1", "2", "3", "4", "5"]
    assert "streamSid" not in json.loads(texts[0])


@given(st.integers(), st.integers(1, 200))
def test_timestamps_rise_whatever_the_jitter(seed: int, count: int) -> None:
    frames = Frames("MZ1", "CA1", "AC1", Random(seed))
    stamps = [int(json.loads(frames.media(b"a" * FRAME))["media"]["timestamp"]) for _ in range(count)]
    assert 90 <= stamps[0] <= 155
    assert stamps == sorted(set(stamps))
    assert abs(stamps[-1] - stamps[0] - 20 * (count - 1)) <= 3


def test_orders_are_read_and_nonsense_is_named() -> None:
    assert read('{"event":"media","streamSid":"MZ1","media":{"payload":"AAA="}}', "MZ1") == Sound(b"\0\0")
    assert read('{"event":"mark","streamSid":"MZ1","mark":{"name":"x"}}', "MZ1") == Mark("x")
    assert read('{"event":"clear","streamSid":"MZ1"}', "MZ1") == Clear()
    for text in ("", "[]", "{}", '{"event":"dance","streamSid":"MZ1"}', '{"event":"media","streamSid":"MZ1"}'):
        assert isinstance(read(text, "MZ1"), Nonsense)


@given(st.lists(st.binary(max_size=500) | st.text("ab", max_size=2)), st.integers(1, 300))
def test_everything_is_played_once_and_marks_come_in_their_place(queued: list[bytes | str], step: int) -> None:
    playback = Playback()
    for item in queued:
        playback.add(Sound(item) if isinstance(item, bytes) else Mark(item))
    marks: list[str] = []
    for _ in range(10_000):
        if playback.is_idle:
            break
        marks += playback.play(step)
    assert bytes(playback.heard) == b"".join(item for item in queued if isinstance(item, bytes))
    assert marks == [item for item in queued if isinstance(item, str)]
