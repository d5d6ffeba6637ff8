"""Frames of a media stream, as the carrier and its likes send them."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.carrier.media import (
    LARGEST_FRAME,
    Connected,
    Key,
    Marked,
    Media,
    Started,
    Stopped,
    StreamEvent,
    Unknown,
    decode,
    encode_clear,
    encode_mark,
    encode_media,
)
from guichet.core.errors import BadInput
from guichet.core.ids import CallSid

START: dict[str, Any] = {
    "event": "start",
    "sequenceNumber": "1",
    "start": {
        "streamSid": "MZ1",
        "accountSid": "AC1",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "customParameters": {"turn": "3"},
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
    },
    "streamSid": "MZ1",
}


def media(**parts: object) -> dict[str, Any]:
    return {"event": "media", "streamSid": "MZ1", "media": {"payload": "/38A", **parts}}


def started(**changes: object) -> dict[str, Any]:
    return {**START, "start": {**START["start"], **changes}}


STARTED = Started("MZ1", CallSid("CA1"), {"turn": "3"})
SOMLENG = {
    "event": "start",
    "streamSid": "MZ1",
    "start": {"callSid": "CA1", "accountSid": "AC1"},
    "customParameters": {"turn": "3"},
}


@pytest.mark.parametrize(
    ("frame", "event"),
    [
        ({"event": "connected", "protocol": "Call", "version": "1.0.0"}, Connected()),
        (START, STARTED),
        (dict(reversed(START.items())), STARTED),
        (SOMLENG, STARTED),
        ({k: v for k, v in START.items() if k != "streamSid"}, STARTED),
        (started(customParameters=None), Started("MZ1", CallSid("CA1"), {})),
        (media(track="inbound", chunk="2", timestamp="113"), Media(b"\xff\x7f\x00", 113, 2, "inbound")),
        (media(track="outbound", chunk=2, timestamp=113), Media(b"\xff\x7f\x00", 113, 2, "outbound")),
        (media(), Media(b"\xff\x7f\x00", 0, 0, "inbound")),
        ({"media": {"payload": ""}, "event": "media"}, Media(b"", 0, 0, "inbound")),
        ({"event": "dtmf", "streamSid": "MZ1", "dtmf": {"track": "inbound_track", "digit": "#"}}, Key("#")),
        ({"event": "mark", "streamSid": "MZ1", "mark": {"name": "p1"}}, Marked("p1")),
        ({"event": "stop", "streamSid": "MZ1", "stop": {"callSid": "CA1"}}, Stopped()),
        ({"event": "stop"}, Stopped()),
        ({"event": "sentiment", "media": 3}, Unknown("sentiment")),
        ({"event": "sentiment", "media": {"payload": "/38A"}}, Unknown("sentiment")),
    ],
)
def test_each_frame_gives_its_event(frame: dict[str, Any], event: StreamEvent) -> None:
    assert decode(json.dumps(frame)) == event


@pytest.mark.parametrize(
    "frame",
    [
        {},
        {"event": None},
        {"event": "media"},
        {"event": "media", "media": {}},
        media(payload="*not base64*"),
        media(payload=None),
        media(timestamp="soon"),
        {"event": "start"},
        started(callSid=""),
        started(callSid=7),
        {"event": "start", "start": {"callSid": "CA1"}},
        started(mediaFormat={"encoding": "audio/x-l16", "sampleRate": 8000, "channels": 1}),
        started(mediaFormat={"encoding": "audio/x-mulaw", "sampleRate": 16000, "channels": 1}),
        started(mediaFormat={"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 2}),
        {"event": "dtmf", "dtmf": {"digit": "12"}},
        {"event": "dtmf", "dtmf": {"digit": ""}},
        {"event": "dtmf"},
        {"event": "mark"},
        [],
        "media",
        3,
    ],
)
def test_a_frame_without_what_it_needs_is_refused(frame: object) -> None:
    with pytest.raises(BadInput):
        decode(json.dumps(frame))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nonsense",
        "[" * 10_000,
        '{"y":' + "[" * 30_000,
        '{"event":"start","y":' + '{"a":' * 8000,
        " " * (LARGEST_FRAME + 1),
        '{"event":"\ud800"}',
    ],
)
def test_what_is_no_frame_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        decode(text)


def test_what_we_send_is_what_the_carrier_reads() -> None:
    assert json.loads(encode_media("MZ1", b"\xff\x7f\x00")) == {
        "event": "media",
        "streamSid": "MZ1",
        "media": {"payload": base64.b64encode(b"\xff\x7f\x00").decode()},
    }
    assert json.loads(encode_mark("MZ1", "é")) == {"event": "mark", "streamSid": "MZ1", "mark": {"name": "é"}}
    assert json.loads(encode_clear("MZ1")) == {"event": "clear", "streamSid": "MZ1"}


def test_keys_and_audio_are_not_shown() -> None:
    assert "7" not in repr(Key("7"))
    assert "payload" not in repr(Media(b"\xff", 0, 0, "inbound"))


def outcome(text: str) -> StreamEvent | None:
    try:
        return decode(text)
    except BadInput:
        return None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["payload", "digit", "name", "callSid", "streamSid", "track", "chunk", "timestamp"]), inner
        )
    ),
    max_leaves=6,
)
events = st.sampled_from(["connected", "start", "media", "dtmf", "mark", "stop", "new"])


@given(st.text())
def test_any_text_gives_an_event_or_bad_input(text: str) -> None:
    outcome(text)


@given(
    st.fixed_dictionaries(
        {"event": events},
        optional=dict.fromkeys(("start", "media", "dtmf", "mark", "streamSid", "customParameters"), json_values),
    )
)
def test_any_frame_gives_an_event_or_bad_input(frame: dict[str, Any]) -> None:
    outcome(json.dumps(frame))


@given(st.binary(max_size=400), st.integers(0, 2**40), st.integers(0, 2**31))
def test_audio_of_any_length_arrives_whole(payload: bytes, timestamp: int, chunk: int) -> None:
    sent = json.loads(encode_media("MZ1", payload))
    sent["media"] |= {"timestamp": str(timestamp), "chunk": str(chunk), "track": "inbound"}
    assert decode(json.dumps(sent)) == Media(payload, timestamp, chunk, "inbound")
