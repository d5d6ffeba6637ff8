"""What a text may ask for: one act a message. Pure."""

from dataclasses import dataclass

from guichet.callbacks.slots import Slot
from guichet.citizens.speaking import Spoken
from guichet.core.phone import PhoneNumber
from guichet.sms.for_another import AskWho
from guichet.transcripts.spoken.when import When


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing is to be said: the carrier has answered, or they only thank."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """Write to them no more; confirm it unless that has been done."""

    confirm: bool


@dataclass(frozen=True, slots=True)
class OptIn:
    """They may be written to again."""

    confirm: bool


@dataclass(frozen=True, slots=True)
class Explain:
    """Say what can be done by text."""


@dataclass(frozen=True, slots=True)
class TellStatus:
    """Say where their requests stand, or the one named."""

    reference: str | None = None


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """Cancel their request, or the one named."""

    reference: str | None


@dataclass(frozen=True, slots=True)
class MoveCallback:
    """Call them at that time (None: ask for it), about the request named or their only one.

    `slot` is one that was offered; `soon` says that as soon as possible is meant.
    """

    when: When | None
    reference: str | None = None
    slot: Slot | None = None
    soon: bool = False


@dataclass(frozen=True, slots=True)
class ChangeNumber:
    """Call them at that number (None: ask for it), about the request named or their only one; ask for `person`."""

    number: PhoneNumber | None
    reference: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """They say how they were served, from 1 to 5."""

    score: int


@dataclass(frozen=True, slots=True)
class Reply:
    """They answer an agent's question about this request."""

    reference: str


@dataclass(frozen=True, slots=True)
class Matter:
    """Serve a matter by the rules.

    `asks_whom`: ask first whom it is for, where somebody is going to deal with it. `spoken` is what may be done for
    another (None: it is for who writes).
    """

    intent: str
    wants_agent: bool = False
    asks_whom: bool = False
    spoken: Spoken | None = None


@dataclass(frozen=True, slots=True)
class AskWhich:
    """Ask which of two matters is meant."""

    choices: tuple[str, str]


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Ask what it is about: nothing could be made of it. Where it may be danger, that comes first."""

    is_danger_near: bool = False


@dataclass(frozen=True, slots=True)
class TakeBack:
    """They take back what we understood: cancel the request that it has opened, serve `other` or ask what it is."""

    reference: str | None
    other: Matter | None = None


Act = (
    Silent
    | OptOut
    | OptIn
    | Explain
    | TellStatus
    | CancelRequest
    | MoveCallback
    | ChangeNumber
    | Rate
    | Reply
    | Matter
    | AskWhich
    | AskAgain
    | TakeBack
    | AskWho
)
