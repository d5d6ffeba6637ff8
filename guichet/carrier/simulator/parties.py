"""The people at the other end of the line, as scripts: what they say, press, and when they hang up. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    """A moment of a call at which somebody may hang up."""

    RINGING = "ringing"
    WEBHOOK = "webhook"
    """The gateway has been asked and has not answered yet."""
    PROMPT = "prompt"
    LISTENING = "listening"
    """The media stream is open."""
    SPEAKING = "speaking"
    """The person is in mid-sentence."""
    PRESSING = "pressing"
    """The person has pressed the first key of several."""
    RECORDING = "recording"
    HOLD = "hold"
    BRIDGED = "bridged"


NATURAL_MOMENTS = frozenset({Moment.PROMPT, Moment.LISTENING, Moment.RECORDING, Moment.HOLD, Moment.BRIDGED})
"""Where a person who hangs up "next" does it."""


@dataclass(frozen=True, slots=True)
class Speak:
    """Say this: headerless µ-law at 8 kHz, after `before` seconds of silence; `label` is for the log.

    With `early`, so many seconds into what the gateway plays over a stream, instead of after it. With `after_tone`,
    into a recording only.
    """

    mulaw: bytes
    label: str = ""
    before: float = 0.4
    early: float | None = None
    after_tone: bool = False

    @property
    def seconds(self) -> float:
        """How long the speech lasts."""
        return len(self.mulaw) / 8000


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys (0-9 * #, `w` waits half a second): after the prompt, or `early` seconds into it."""

    keys: str
    early: float | None = None
    gap: float = 0.2

    def __post_init__(self) -> None:
        if not self.keys or set(self.keys) - set("0123456789*#w"):
            raise ValueError("keys are 0-9, *, # and w (a pause)")


@dataclass(frozen=True, slots=True)
class StaySilent:
    """Do nothing for one turn."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """Hang up `after` seconds, counted from the next natural moment or from the moment `at`."""

    after: float = 0.0
    at: Moment | None = None


Action = Speak | Press | StaySilent | HangUp
React = Callable[[str], "Action | Sequence[Action] | None"]
"""Given what was just said to a person whose script is empty: what they do (None: nothing)."""


@dataclass(frozen=True, slots=True)
class Answers:
    """A person on the line; called, they answer after `ring` seconds. `react` goes on where the script ends."""

    script: Sequence[Action] = ()
    react: React | None = None
    ring: float = 3.0


@dataclass(frozen=True, slots=True)
class Busy:
    """The line is engaged."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """It rings until the caller gives up."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The number cannot be called: the call fails."""


@dataclass(frozen=True, slots=True)
class Machine:
    """An answering machine that speaks `seconds`, beeps, and records for `records` seconds."""

    seconds: float = 6.0
    records: float = 60.0
    ring: float = 15.0


Party = Answers | Busy | NoAnswer | Unreachable | Machine


def person(party: Answers | Sequence[Action]) -> Answers:
    """Return a person, from a bare script too."""
    return party if isinstance(party, Answers) else Answers(tuple(party))


def spoken_seconds(text: str) -> float:
    """Return how long a text-to-speech voice takes: about 14 characters a second."""
    return max(0.3, len(text) / 14)
