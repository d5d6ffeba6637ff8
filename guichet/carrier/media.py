"""Frames of a media stream: the carrier's JSON to frozen events, and ours to JSON. Pure.

Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages. Audio is headerless µ-law, 8 kHz, mono, of
any length. Numbers come as strings; keys come in any order; events we do not know are Unknown, never an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from guichet.core.errors import BadInput
from guichet.core.ids import CallSid

LARGEST_FRAME = 65_536
"""Characters in an inbound frame; a real one is about 400. Also a good limit for the socket's message size."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The socket is open; nothing is known of the call yet."""


@dataclass(frozen=True, slots=True)
class Started:
    """The stream has started, for that call, with the parameters of its verb."""

    stream: str
    call: CallSid
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Media:
    """A piece of audio: µ-law bytes, milliseconds since the stream's start, its number from 1, and its direction."""

    payload: bytes = field(repr=False)
    timestamp_ms: int
    chunk: int
    track: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed: one of 0-9, *, #, A-D."""

    digit: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Marked:
    """Our audio before the mark has been played, or cleared."""

    name: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The stream has ended: the call went on or is over."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event that did not exist when this was written."""

    event: str


StreamEvent = Connected | Started | Media | Key | Marked | Stopped | Unknown


class _Event(msgspec.Struct):
    event: str


class _Format(msgspec.Struct, rename="camel"):
    encoding: str = "audio/x-mulaw"
    sample_rate: int = 8000
    channels: int = 1


class _Start(msgspec.Struct, rename="camel"):
    call_sid: str
    stream_sid: str | None = None
    custom_parameters: dict[str, str] | None = None
    media_format: _Format | None = None


class _StartFrame(msgspec.Struct, rename="camel"):
    start: _Start
    stream_sid: str | None = None
    custom_parameters: dict[str, str] | None = None


class _Audio(msgspec.Struct):
    payload: bytes
    timestamp: int = 0
    chunk: int = 0
    track: str = "inbound"


class _Frame(msgspec.Struct):
    """The common frame, decoded in one go."""

    event: str
    media: _Audio


class _Digit(msgspec.Struct):
    digit: str


class _KeyFrame(msgspec.Struct):
    dtmf: _Digit


class _Name(msgspec.Struct):
    name: str


class _MarkFrame(msgspec.Struct):
    mark: _Name


_media_frame = msgspec.json.Decoder(_Frame, strict=False)
_any_frame = msgspec.json.Decoder(_Event)
_start_frame = msgspec.json.Decoder(_StartFrame, strict=False)
_key_frame = msgspec.json.Decoder(_KeyFrame)
_mark_frame = msgspec.json.Decoder(_MarkFrame)
_encoder = msgspec.json.Encoder()

KEYS = frozenset("0123456789*#ABCD")
UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
"""What reading a frame may raise; too deep a nesting is a RecursionError."""

MULAW = ("audio/x-mulaw", 8000, 1)


def decode(text: str) -> StreamEvent:
    """Read one text frame of the carrier. Raises BadInput for what is no event, or an event without what it needs."""
    if len(text) > LARGEST_FRAME:
        raise BadInput("a frame of a media stream is too large")
    try:
        frame = _media_frame.decode(text)
        if frame.event == "media":
            return Media(frame.media.payload, frame.media.timestamp, frame.media.chunk, frame.media.track)
    except UNREADABLE:
        pass
    try:
        return _rarer(_any_frame.decode(text).event, text)
    except UNREADABLE:
        # Not chained: a library's message may quote the frame, and the frame what a citizen pressed.
        raise BadInput("not a frame of a media stream") from None


def _rarer(event: str, text: str) -> StreamEvent:
    """Read every event but the audio."""
    match event:
        case "connected":
            return Connected()
        case "start":
            return _started(_start_frame.decode(text))
        case "dtmf":
            return _key(_key_frame.decode(text).dtmf.digit)
        case "mark":
            return Marked(_mark_frame.decode(text).mark.name)
        case "stop":
            return Stopped()
        case "media":
            raise BadInput("a media frame without audio")
        case _:
            return Unknown(event)


def _started(frame: _StartFrame) -> Started:
    """Read a start; Somleng has the parameters at the top level of the frame."""
    start = frame.start
    stream = frame.stream_sid or start.stream_sid
    if not stream or not start.call_sid:
        raise BadInput("a stream's start names the stream and the call")
    audio = start.media_format or _Format()
    if (audio.encoding.lower(), audio.sample_rate, audio.channels) != MULAW:
        raise BadInput("a stream's audio is µ-law, 8 kHz, mono")
    return Started(stream, CallSid(start.call_sid), start.custom_parameters or frame.custom_parameters or {})


def _key(digit: str) -> Key:
    """Read a key."""
    if digit not in KEYS:
        raise BadInput("not a key of a telephone")
    return Key(digit)


def encode_media(stream: str, payload: bytes) -> str:
    """Return a frame that plays µ-law bytes to the caller, after what is already queued."""
    return _frame({"event": "media", "streamSid": stream, "media": {"payload": payload}})


def encode_mark(stream: str, name: str) -> str:
    """Return a frame that asks to be told when everything before it has been played or cleared."""
    return _frame({"event": "mark", "streamSid": stream, "mark": {"name": name}})


def encode_clear(stream: str) -> str:
    """Return a frame that drops what is queued; the pending marks come back, so a mark does not mean 'heard'."""
    return _frame({"event": "clear", "streamSid": stream})


def _frame(frame: dict[str, Any]) -> str:
    """Write JSON as a text frame; bytes become base64."""
    return _encoder.encode(frame).decode()
