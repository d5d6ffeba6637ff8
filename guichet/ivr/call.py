"""The state of a call between two turns: everything the dialogue remembers, kept as JSON in SQL. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from guichet.callbacks.slots import Offer
from guichet.core.ids import CitizenId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.decision import Decision


class At(StrEnum):
    """Where the dialogue stands: the question that is open (the picture is in `dialogue`)."""

    MATTER = "matter"
    CHOICE = "choice"
    WHO = "who"
    CHECK = "check"
    NUMBER = "number"
    WHEN = "when"
    SLOT = "slot"
    AGREE = "agree"
    MORE = "more"
    DANGER = "danger"
    HOLD = "hold"
    END = "end"


@dataclass(frozen=True, slots=True)
class Call:
    """What is remembered of a call.

    `turns` counts what came from the caller, `misses` what was not understood since the last progress: both bound the
    call. `failures` counts our own: after two of them the call goes on by keys alone. `silent` holds until the caller
    has spoken or pressed a key. `options` are the matters asked back, `refused` those the caller has corrected.
    `keyed` holds the first digits of a number that is still being typed. `names` and `birth_dates` are evidence,
    forgotten when the call ends. `number` is where to call back; None when hidden. `offers` are slots for the callback
    that were offered, and `slot` the one that is theirs; `joined` says that the request was open before, `texts` that
    a text will confirm it.
    """

    language: Language
    at: At = At.MATTER
    turns: int = 0
    misses: int = 0
    failures: int = 0
    by_keys: bool = False
    silent: bool = True
    number: PhoneNumber | None = None
    intent: str | None = None
    options: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    dangers: tuple[str, ...] = ()
    wants_agent: bool = False
    gave_up: bool = False
    held: bool = False
    certainty: str = ""
    candidates: int = 0
    citizen: CitizenId | None = None
    tries: int = 0
    keyed: str = ""
    names: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    decision: Decision | None = None
    request: RequestId | None = None
    reference: str = ""
    joined: bool = False
    texts: bool = False
    offers: tuple[Offer, ...] = ()
    slot: Offer | None = None
    outcome: str = ""

    def evolve(self, **changes: Any) -> "Call":
        """Return a copy with changes."""
        return replace(self, **changes)
