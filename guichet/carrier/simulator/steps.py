"""A TwiML document as frozen steps: what the call runner does, verb by verb. Pure.

Not the same words as `carrier.verbs`: these are read from the wire, with every attribute Twilio has, so that a
mistake in rendering shows. URLs stand as written; the runner resolves them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A URL to ask for more TwiML, with its method."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Say:
    """Speak; `loop` 0 is for ever."""

    text: str
    voice: str = ""
    language: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """Play a file, or keys as tones; `loop` 0 is for ever."""

    url: str
    loop: int = 1
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait."""

    seconds: float = 1.0


Prompt = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """Collect keys during the prompts and `timeout` seconds after; no action means the current URL."""

    prompts: tuple[Prompt, ...] = ()
    action: Target | None = None
    timeout: float = 5.0
    digits: int | None = None
    finish_on: str = "#"
    takes_keys: bool = True
    empty_result: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Record what the caller says."""

    action: Target | None = None
    timeout: float = 5.0
    finish_on: str = "1234567890*#"
    longest: float = 3600.0
    beep: bool = True
    status: Target | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on at another URL (empty: the current one)."""

    target: Target


@dataclass(frozen=True, slots=True)
class StatusHook:
    """Where a leg or stream reports, and which events."""

    target: Target
    events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True, slots=True)
class DialNumber:
    """A telephone to call; `whisper` runs on it before the bridge."""

    number: str
    whisper: Target | None = None
    status: StatusHook | None = None
    send_digits: str = ""
    detects_machine: str = ""


@dataclass(frozen=True, slots=True)
class DialClient:
    """A browser phone to call."""

    identity: str
    whisper: Target | None = None
    status: StatusHook | None = None


@dataclass(frozen=True, slots=True)
class DialQueue:
    """The first caller of a queue; `connected` runs on that caller's leg before the bridge."""

    name: str
    connected: Target | None = None


@dataclass(frozen=True, slots=True)
class DialConference:
    """A conference room."""

    name: str
    starts: bool = True
    ends: bool = False
    wait: Target | None = None
    status: StatusHook | None = None
    capacity: int = 250


DialTarget = DialNumber | DialClient | DialQueue | DialConference


@dataclass(frozen=True, slots=True)
class Dial:
    """Connect the caller with somebody; several numbers ring at once."""

    targets: tuple[DialTarget, ...]
    action: Target | None = None
    timeout: float = 30.0
    caller_id: str = ""
    hang_up_on_star: bool = False
    limit: float = 14400.0


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Put the caller in a queue; `wait` is asked again and again."""

    name: str
    action: Target | None = None
    wait: Target | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the queue (in a wait document)."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A media socket; `two_way` under Connect."""

    url: str
    two_way: bool
    name: str = ""
    track: str = "inbound_track"
    parameters: tuple[tuple[str, str], ...] = ()
    status: Target | None = None
    action: Target | None = None


@dataclass(frozen=True, slots=True)
class StopStream:
    """Close a one-way media socket by its name (empty: all)."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse the call before it is answered."""

    reason: str = "rejected"


@dataclass(frozen=True, slots=True)
class Message:
    """Send a text."""

    body: str
    to: str = ""
    sender: str = ""
    action: Target | None = None
    status: Target | None = None


Step = (
    Say
    | Play
    | Pause
    | Gather
    | Record
    | Redirect
    | Dial
    | Enqueue
    | Leave
    | Stream
    | StopStream
    | Hangup
    | Reject
    | Message
)


@dataclass(frozen=True, slots=True)
class Document:
    """What a webhook answered: steps, and what Twilio would not accept."""

    steps: tuple[Step, ...] = ()
    complaints: tuple[str, ...] = ()
    fatal: str | None = None
    """Twilio's error code and reason when the document cannot be run at all (12100)."""


def dead_steps(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Return the names of the verbs that no call can come to."""
    for index, step in enumerate(steps):
        match step:
            case Redirect() | Hangup() | Reject() | Leave() | Dial(action=Target()) | Enqueue(action=Target()):
                return tuple(type(dead).__name__ for dead in steps[index + 1 :])
            case _:
                pass
    return ()
