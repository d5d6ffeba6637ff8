"""The messages of a media stream, as Twilio writes them, and what we may send on one. Pure, but for the jitter.

Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages. Numbers travel as strings.
"""

import base64
import binascii
import json
from collections import deque
from dataclasses import dataclass
from random import Random

FRAME = 160
"""Bytes in a media message: 20 ms."""
FIRST_TIMESTAMP = (90, 155)
_JITTER = 3


class Frames:
    """Writes the messages of one stream: sequence numbers, chunks and timestamps run through all of them."""

    def __init__(self, stream: str, call: str, account: str, random: Random) -> None:
        self.stream = stream
        self._call = call
        self._account = account
        self._random = random
        self._sequence = 0
        self._chunks: dict[str, int] = {}
        self._first = random.randint(*FIRST_TIMESTAMP)
        self._last = -1

    def connected(self) -> str:
        """Return the greeting, which has no stream id and no sequence number."""
        return json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, tracks: tuple[str, ...], parameters: tuple[tuple[str, str], ...]) -> str:
        """Return the first message of the stream."""
        body = {
            "accountSid": self._account,
            "streamSid": self.stream,
            "callSid": self._call,
            "tracks": list(tracks),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": dict(parameters),
        }
        return self._numbered("start", start=body)

    def media(self, payload: bytes, track: str = "inbound") -> str:
        """Return a stretch of µ-law; its timestamp is near 20 ms after the one before, never exactly."""
        chunk = self._chunks[track] = self._chunks.get(track, 0) + 1
        exact = self._first + (chunk - 1) * len(payload) // 8
        jitter = self._random.randint(-_JITTER, _JITTER) if chunk > 1 else 0
        self._last = max(self._last + 1, exact + jitter)
        body = {
            "track": track,
            "chunk": str(chunk),
            "timestamp": str(self._last),
            "payload": base64.b64encode(payload).decode(),
        }
        return self._numbered("media", media=body)

    def key(self, digit: str) -> str:
        """Return a key that the person pressed."""
        return self._numbered("dtmf", dtmf={"track": "inbound_track", "digit": digit})

    def mark(self, name: str) -> str:
        """Return a mark of ours, once what stood before it was played or cleared."""
        return self._numbered("mark", mark={"name": name})

    def stop(self) -> str:
        """Return the end of the stream."""
        return self._numbered("stop", stop={"accountSid": self._account, "callSid": self._call})

    def _numbered(self, event: str, **body: object) -> str:
        self._sequence += 1
        message = {"event": event, "sequenceNumber": str(self._sequence), **body, "streamSid": self.stream}
        return json.dumps(message)


@dataclass(frozen=True, slots=True)
class Sound:
    """µ-law that the gateway wants the person to hear."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A name to send back when everything before it has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Drop what has not been played."""


@dataclass(frozen=True, slots=True)
class Nonsense:
    """What Twilio would refuse (31951)."""

    why: str


Order = Sound | Mark | Clear | Nonsense


def read(text: str, stream: str) -> Order:
    """Read a message of the gateway's; whatever Twilio would refuse is Nonsense."""
    try:
        message = json.loads(text)
        event = message["event"]
        if message["streamSid"] != stream:
            return Nonsense(f"{event!r} carries the wrong streamSid")
        match event:
            case "media":
                return Sound(base64.b64decode(message["media"]["payload"], validate=True))
            case "mark":
                return Mark(str(message["mark"]["name"]))
            case "clear":
                return Clear()
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        return Nonsense(f"{type(error).__name__} in a message")
    return Nonsense(f"{event!r} is no message for Twilio")


class Playback:
    """What the person still has to hear of the gateway's audio, with the marks in between."""

    def __init__(self) -> None:
        self._waiting: deque[Sound | Mark] = deque()
        self.heard = bytearray()
        self.begun: list[bytes] = []
        """Messages of audio whose first sound has been heard since this was last emptied."""
        self._is_begun = False

    def add(self, order: Sound | Mark) -> None:
        """Queue audio or a mark."""
        self._waiting.append(order)

    def clear(self) -> tuple[str, ...]:
        """Drop the rest; return the marks that were pending (Twilio sends them back)."""
        marks = tuple(item.name for item in self._waiting if isinstance(item, Mark))
        self._waiting.clear()
        self._is_begun = False
        return marks

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to play."""
        return not self._waiting

    def play(self, samples: int) -> tuple[str, ...]:
        """Play up to that many bytes; return the marks that were reached."""
        marks = []
        while self._waiting:
            item = self._waiting[0]
            if isinstance(item, Mark):
                marks.append(item.name)
                self._waiting.popleft()
                continue
            if samples <= 0:
                break
            if not self._is_begun:
                self.begun.append(item.audio)
            part, rest = item.audio[:samples], item.audio[samples:]
            self.heard += part
            samples -= len(part)
            self._waiting.popleft()
            self._is_begun = bool(rest)
            if rest:
                self._waiting.appendleft(Sound(rest))
        return tuple(marks)
