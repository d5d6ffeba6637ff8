"""What comes into the dialogue: what the caller did, and the answers to what it needed to know. Pure."""

from dataclasses import dataclass

from guichet.callbacks.slots import Offer
from guichet.citizens.citizen import Identification
from guichet.citizens.speaking import Spoken as Mandated
from guichet.core.ids import RequestId
from guichet.core.language import Language
from guichet.routing.decision import Decision, Grounds
from guichet.routing.intent import IntentMatch


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller neither spoke nor pressed a key."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing could be heard, and it is not the caller's fault: no engine, or a stream that broke."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys pressed, as one string of `0-9*#`; empty when only the finishing `#` was pressed."""

    digits: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words heard: the text, all readings (best first), their mean confidence, and what could be made of them.

    `value` is what the turn had asked for (a date in ISO 8601, digits), `match` the matter, `language` the language
    that the words clearly are in; each None where nothing could be made of them. `shown` is the text as it may be kept.
    """

    text: str
    readings: tuple[str, ...] = ()
    confidence: float = 1.0
    value: str | None = None
    match: IntentMatch | None = None
    language: Language | None = None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Identified:
    """Answers `Identify`: who the caller may be, and whether somebody with their number holds a mandate."""

    identification: Identification
    mandated: bool = False


@dataclass(frozen=True, slots=True)
class Represented:
    """Answers `Represent`: where the mandates let the caller stand."""

    spoken: Mandated


@dataclass(frozen=True, slots=True)
class Decided:
    """Answers `Decide`: what the rules say, on which grounds, and whether an agent of the queue is free now."""

    decision: Decision
    agents_free: bool = False
    grounds: Grounds | None = None


@dataclass(frozen=True, slots=True)
class RequestOpened:
    """Answers `OpenRequest`: the request, its reference, whether it is new, and whether a text will confirm it.

    `is_text` says that it will be answered in writing. `offers` are slots that they may choose instead of as soon as
    possible, and `slot` the one that they have already.
    """

    request: RequestId
    reference: str
    is_new: bool = True
    is_hold: bool = False
    is_text: bool = False
    text_follows: bool = False
    offers: tuple[Offer, ...] = ()
    slot: Offer | None = None


@dataclass(frozen=True, slots=True)
class SlotFound:
    """Answers `FindSlot`: the slot that suits, or else those nearest to it.

    `is_time` says that a time was understood at all, `is_full` that slots suit it which have no room; `said` is what
    was heard.
    """

    best: Offer | None = None
    near: tuple[Offer, ...] = ()
    is_time: bool = True
    is_full: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class SlotBooked:
    """Answers `BookSlot`: what they have been promised; None: it has no room any more, others are nearest."""

    slot: Offer | None = None
    near: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldEnded:
    """The caller is no longer on hold: bridged, hangup, leave, asked, redirected, queue-full, error or system-error.

    `wish` is the key of what they wish for instead, by key or in words (`asked`: words, to be asked back). `was_served`
    tells that an agent had talked with them before, and passed them on.
    """

    result: str
    wish: str = ""
    was_served: bool = False


FromCaller = Silence | Failed | Keys | Spoken
Answer = Identified | Represented | Decided | RequestOpened | SlotFound | SlotBooked | HoldEnded
Input = FromCaller | Answer
