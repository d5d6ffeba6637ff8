"""What we can tell the carrier to do in a call: frozen values, rendered to TwiML by `carrier.twiml`. Pure.

Source: https://www.twilio.com/docs/voice/twiml. Paths are ours (`/voice/turn?n=2`); `twiml` makes them absolute.
"""

from dataclasses import dataclass

from guichet.core.language import Language
from guichet.core.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a text (at most 4096 characters) in a language; the voice is the carrier settings'."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Play:
    """Play an audio file of ours (a path) `loop` times; 0 is for ever."""

    path: str
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait, in whole seconds. Never the last verb: the call would end in silence."""

    seconds: int = 1


@dataclass(frozen=True, slots=True)
class Gather:
    """Collect keys while prompts are played, and `timeout` seconds (at least 1) after the last key or prompt."""

    action: str
    prompts: tuple["Say | Play | Pause", ...]
    timeout: int = 1
    digits: int | None = None
    finish_on: str = "#"


@dataclass(frozen=True, slots=True)
class ConnectStream:
    """Stream both ways to our media socket; the next verb runs when we close it. `path` has no query."""

    path: str
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StartStream:
    """Stream what the caller says to our media socket while the call goes on with the next verbs, until we close it.

    `path` has no query. Keys do not come over it.
    """

    path: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Ask for more at a path."""

    path: str


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Put the caller on hold in a named queue; `wait` is asked again and again, `action` when they leave it."""

    queue: str
    wait: str
    action: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Take the caller out of the queue (only in a `wait` answer)."""


@dataclass(frozen=True, slots=True)
class DialQueue:
    """Connect this leg to the first caller of a queue; `connected` is played to that caller first."""

    queue: str
    action: str
    connected: str | None = None
    timeout: int = 10


@dataclass(frozen=True, slots=True)
class DialNumber:
    """Call a number and bridge; `whisper` runs on the called leg before, `status` is told how that leg goes."""

    number: PhoneNumber
    action: str
    caller_id: PhoneNumber | None = None
    whisper: str | None = None
    timeout: int = 25
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Record a message; the audio is announced at `status`, the call goes on at `action`."""

    action: str
    status: str
    seconds: int = 120
    finish_on: str = "#"
    beep: bool = True


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse the call without answering it."""

    reason: str = "busy"


Verb = (
    Say
    | Play
    | Pause
    | Gather
    | ConnectStream
    | StartStream
    | Redirect
    | Enqueue
    | Leave
    | DialQueue
    | DialNumber
    | Record
    | Hangup
    | Reject
)
