"""What happened in a call, in order: the developer's record of a simulated call. Pure.

Unlike the gateway's logs, it holds words, keys and numbers: the people in it are made up.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What an event is about."""

    STATE = "state"
    """The call changed its status."""
    WEBHOOK = "webhook"
    """We asked the gateway; details hold the form, the status and the TwiML."""
    VERB = "verb"
    """A TwiML verb began."""
    SAID = "said"
    """The caller heard a text."""
    PLAYED = "played"
    """The caller heard a file."""
    PRESSED = "pressed"
    """The person pressed keys."""
    SPOKE = "spoke"
    """The person spoke; details hold the seconds."""
    SILENT = "silent"
    """The person was asked and did nothing."""
    HEARD = "heard"
    """The person heard audio from our media socket; details hold the seconds."""
    STREAM = "stream"
    """A media stream opened, failed or closed."""
    HOLD = "hold"
    """The caller entered or left a queue."""
    BRIDGED = "bridged"
    """Two parties can talk."""
    RECORDED = "recorded"
    """A recording was made."""
    TEXTED = "texted"
    """A text was sent from within the call."""
    UNREACHABLE = "unreachable"
    """A verb stands where the call never comes."""
    ERROR = "error"
    """Something Twilio would report as an error (with its code) and that harms the call."""
    COMPLAINT = "complaint"
    """Something in our TwiML that Twilio would reject or that cannot work."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, `at` so many simulated seconds after the call began."""

    at: float
    kind: Kind
    what: str
    details: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the fields as JSON knows them."""
        return {"at": round(self.at, 3), "kind": self.kind.value, "what": self.what, "details": dict(self.details)}


class CallLog:
    """An ordered list of events that others may follow while it grows."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._followers: list[Callable[[Event], None]] = []

    def add(self, event: Event) -> None:
        """Append, and tell the followers."""
        self.events.append(event)
        for follower in self._followers:
            follower(event)

    def follow(self, follower: Callable[[Event], None]) -> None:
        """Tell `follower` every event, those of the past first."""
        for event in self.events:
            follower(event)
        self._followers.append(follower)

    def of(self, *kinds: Kind) -> tuple[Event, ...]:
        """Return the events of these kinds."""
        return tuple(event for event in self.events if event.kind in kinds)

    def whats(self, kinds: Iterable[Kind]) -> tuple[str, ...]:
        """Return what the events of these kinds were about."""
        return tuple(event.what for event in self.of(*kinds))

    @property
    def said(self) -> tuple[str, ...]:
        """Every text that the person heard."""
        return self.whats([Kind.SAID])

    @property
    def verbs(self) -> tuple[str, ...]:
        """The names of the verbs that ran."""
        return self.whats([Kind.VERB])

    @property
    def complaints(self) -> tuple[str, ...]:
        """What Twilio would reject, and what went wrong."""
        return self.whats([Kind.COMPLAINT, Kind.ERROR])

    @property
    def states(self) -> tuple[str, ...]:
        """The statuses that the call went through."""
        return self.whats([Kind.STATE])

    def webhooks(self, path: str = "") -> tuple[Event, ...]:
        """Return the requests whose path starts with `path`; details hold their form."""
        return tuple(event for event in self.of(Kind.WEBHOOK) if event.what.startswith(path))
