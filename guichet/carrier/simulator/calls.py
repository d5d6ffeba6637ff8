"""The calls that the simulated carrier knows: one record a leg, kept until the simulator closes."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from guichet.carrier.events import CallState
from guichet.carrier.simulator.log import CallLog, Event, Kind
from guichet.core.clock import Clock, SystemClock
from guichet.core.errors import NotFound
from guichet.core.ids import CallSid

API_VERSION = "2010-04-01"


def new_sid(prefix: str) -> str:
    """Return an id as Twilio makes them: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@dataclass(slots=True, kw_only=True)
class CallRecord:
    """One leg: who, where it stands, how long (simulated seconds), and its log."""

    account: str
    from_: str
    to: str
    direction: str
    sid: CallSid = field(default_factory=lambda: CallSid(new_sid("CA")))
    parent: CallSid | None = None
    state: CallState = CallState.QUEUED
    seconds: float = 0.0
    talk_from: float | None = None
    answered_by: str | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    asked: str = ""
    """The URL that is asked what to do once somebody answers: ours, so that it names what the call is for."""
    ended_by: str = ""
    """Who hung up (`person`, `REST`…); empty when our TwiML came to its end."""
    heard: bytearray = field(default_factory=bytearray)
    """µ-law that our media socket sent to the person."""
    log: CallLog = field(default_factory=CallLog)

    @property
    def duration(self) -> int:
        """Whole seconds since the call was answered, 0 if it never was."""
        return 0 if self.talk_from is None else round(self.seconds - self.talk_from)

    def note(self, kind: Kind, what: str, **details: str) -> None:
        """Add to the log at this moment."""
        self.log.add(Event(self.seconds, kind, what, details))

    def move(self, state: CallState) -> bool:
        """Go to another status and note it; False if the call is over or stands there already."""
        if self.state.is_final or self.state is state:
            return False
        self.state = state
        if state is CallState.IN_PROGRESS:
            self.talk_from = self.seconds
        if state.is_final:
            self.ended = self.created + timedelta(seconds=self.seconds)
        self.note(Kind.STATE, state.value)
        return True

    def form(self) -> dict[str, str]:
        """Return the fields that every voice webhook carries; empty geography is sent, as Twilio does."""
        fields = {
            "AccountSid": self.account,
            "ApiVersion": API_VERSION,
            "CallSid": self.sid,
            "CallStatus": self.state.value,
            "Direction": self.direction,
            "From": self.from_,
            "To": self.to,
            "Caller": self.from_,
            "Called": self.to,
        }
        if self.parent is not None:
            fields["ParentCallSid"] = self.parent
        if self.answered_by is not None:
            fields["AnsweredBy"] = self.answered_by
        return fields | geography("From", "To", "Caller", "Called")


def geography(*ends: str) -> dict[str, str]:
    """Return the place fields of these ends of a call or text; outside North America most are empty."""
    places = {"City": "", "State": "", "Zip": "", "Country": "FR"}
    return {end + place: value for end in ends for place, value in places.items()}


class CallBook:
    """Every call by its sid, in the order they were made."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._calls: dict[str, CallRecord] = {}
        self._followers: list[Callable[[CallRecord], None]] = []
        self._clock = clock or SystemClock()

    def add(self, record: CallRecord) -> CallRecord:
        """Keep a call, made now; again is once."""
        if record.sid in self._calls:
            return record
        record.created = self._clock.now()
        self._calls[record.sid] = record
        for follower in self._followers:
            follower(record)
        return record

    def follow(self, follower: Callable[[CallRecord], None]) -> None:
        """Tell `follower` every call before anything happens in it, those of the past first."""
        for record in self._calls.values():
            follower(record)
        self._followers.append(follower)

    def get(self, sid: str) -> CallRecord:
        """Return a call; raises NotFound."""
        try:
            return self._calls[sid]
        except KeyError:
            raise NotFound(f"there is no call {sid}") from None

    def __iter__(self) -> Iterator[CallRecord]:
        return iter(self._calls.values())
