"""What a media stream's events mean for a turn: the protocol of the socket, without the socket. Pure.

    WAITING ──start of this call──→ LISTENING ──a key──→ KEYING
       │ start of another: refused     │                    │ all keys, #, or a pause of PAUSE_MS of audio
       │ too late: failed              │ the recogniser     │
       ▼                               ▼ has its end        ▼
     ENDED ←──────────────────────── stop, the socket closes or is cut

Audio before `start` and of the other track is dropped; marks, unknown events and a second start are ignored. Time is
counted in audio received, so that a carrier that is faster or slower than life changes nothing.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from guichet.carrier.media import Connected, Key, Marked, Media, Started, Stopped, StreamEvent, Unknown
from guichet.core.ids import CallSid

PAUSE_MS = 3000
"""Between two keys of a number: longer means that no more will come."""
BYTES_PER_MS = 8
OUTBOUND = "outbound"


class Stage(StrEnum):
    """Where the socket stands."""

    WAITING = "waiting"
    LISTENING = "listening"
    KEYING = "keying"
    ENDED = "ended"


class Action(StrEnum):
    """What is to be done after an event."""

    NOTHING = "nothing"
    LISTEN = "listen"
    FEED = "feed"
    KEYED = "keyed"
    STOP = "stop"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Hearing:
    """The state of a socket: the call and number of keys it is for, and the keys so far."""

    call: CallSid
    most_keys: int
    stage: Stage = Stage.WAITING
    keys: str = ""
    quiet_ms: float = 0.0


def hear(hearing: Hearing, event: StreamEvent) -> tuple[Hearing, Action]:
    """Go on from an event of the stream."""
    if hearing.stage is Stage.ENDED:
        return hearing, Action.NOTHING
    match event:
        case Started():
            return _start(hearing, event)
        case Media():
            return _media(hearing, event)
        case Key():
            return _key(hearing, event.digit)
        case Stopped():
            return replace(hearing, stage=Stage.ENDED), Action.STOP
        case Connected() | Marked() | Unknown():
            return hearing, Action.NOTHING
    assert_never(event)


def _start(hearing: Hearing, event: Started) -> tuple[Hearing, Action]:
    """Start once, for the call that the token was given to."""
    if hearing.stage is not Stage.WAITING:
        return hearing, Action.NOTHING
    if event.call != hearing.call:
        return replace(hearing, stage=Stage.ENDED), Action.REFUSE
    return replace(hearing, stage=Stage.LISTENING), Action.LISTEN


def _media(hearing: Hearing, event: Media) -> tuple[Hearing, Action]:
    """Listen, or count the pause after a key."""
    if event.track == OUTBOUND or hearing.stage is Stage.WAITING:
        return hearing, Action.NOTHING
    if hearing.stage is Stage.LISTENING:
        return hearing, Action.FEED
    hearing = replace(hearing, quiet_ms=hearing.quiet_ms + len(event.payload) / BYTES_PER_MS)
    if hearing.quiet_ms >= PAUSE_MS:
        return replace(hearing, stage=Stage.ENDED), Action.KEYED
    return hearing, Action.NOTHING


def _key(hearing: Hearing, digit: str) -> tuple[Hearing, Action]:
    """Take a key; keys win over speech. A `#` after others ends the number, before others it is a key."""
    if hearing.stage is Stage.WAITING:
        return hearing, Action.NOTHING
    if digit == "#" and hearing.keys:
        return replace(hearing, stage=Stage.ENDED), Action.KEYED
    hearing = replace(hearing, stage=Stage.KEYING, keys=hearing.keys + digit, quiet_ms=0.0)
    if len(hearing.keys) >= hearing.most_keys or digit == "#":
        return replace(hearing, stage=Stage.ENDED), Action.KEYED
    return hearing, Action.NOTHING
