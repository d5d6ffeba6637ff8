"""The state of a call between two turns: everything the dialogue remembers, kept as JSON in SQL. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from guichet.callbacks.slots import Offer
from guichet.core.ids import CitizenId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.decision import Decision

INFORMED = "informed"
"""The outcome of a call for which the urgent message was enough."""


class At(StrEnum):
    """Where the dialogue stands: the question that is open (the picture is in `dialogue`)."""

    MATTER = "matter"
    CHOICE = "choice"
    SELF = "self"
    WHO = "who"
    CHECK = "check"
    FILE = "file"
    POSTCODE = "postcode"
    OTHER = "other"
    NUMBER = "number"
    WHEN = "when"
    SLOT = "slot"
    AGREE = "agree"
    ELSEWHERE = "elsewhere"
    PERSON = "person"
    MORE = "more"
    DANGER = "danger"
    HOLD = "hold"
    LEAVE = "leave"
    MESSAGE = "message"
    END = "end"


HOLDING = frozenset({At.HOLD, At.LEAVE})
"""Where somebody holds, or is asked whether they want to go on holding."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is remembered of a call.

    `turns` counts what came from the caller, `misses` what was not understood since the last progress: both bound the
    call. `failures` counts our own: after two of them the call goes on by keys alone. `silent` holds until the caller
    has spoken or pressed a key. `options` are the matters asked back, `also` others said in the same sentence,
    `refused` those the caller has corrected.
    `keyed` holds the first digits of a number that is still being typed. `names`, `birth_dates`, `files` (readings of a
    file number) and `postcodes` are evidence, forgotten when the call ends; `separating` is the item that tells the
    candidates apart, `has_files` whether anybody on record has a file number. `urgent` are the urgent messages of the
    greeting, said after `urgent_seconds`. `number` is where to call back; None when hidden. `offers` are slots for the
    callback that were offered, and `slot` the one that is theirs; `joined` says that the request was open before,
    `texts` that a text will confirm it. `elsewhere` is where else they want to be called,
    while we ask for whom.

    `relayed` says that a text relay service speaks for them: there is more patience then. `leaving` is what they wish
    for instead of holding (`hold_wishes.Wish`).

    `for_another` tells whether they call for somebody else: None until that is asked, which it is where the words
    (`other_said`) or the record (`mandated`: somebody with their number holds mandates) suggest it. `others` are
    readings of that person's name, forgotten when the call ends; `standing` is where the mandates let the caller stand
    (empty: not looked up), `represented` whom they may speak for.
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
    also: tuple[str, ...] = ()
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
    files: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    separating: str = ""
    has_files: bool = False
    for_another: bool | None = None
    other_said: bool = False
    mandated: bool = False
    others: tuple[str, ...] = ()
    standing: str = ""
    represented: CitizenId | None = None
    decision: Decision | None = None
    request: RequestId | None = None
    reference: str = ""
    joined: bool = False
    texts: bool = False
    offers: tuple[Offer, ...] = ()
    slot: Offer | None = None
    outcome: str = ""
    urgent: tuple[str, ...] = ()
    urgent_seconds: float = 0.0
    relayed: bool = False
    elsewhere: PhoneNumber | None = None
    leaving: str = ""

    @property
    def about(self) -> CitizenId | None:
        """Whom the call is about: who calls, or whom they may speak for; None where that is not sure."""
        return self.represented if self.for_another else self.citizen

    @property
    def is_proved(self) -> bool:
        """Whether who calls is sure, and a birth date or a file number is among what says so."""
        return self.citizen is not None and bool(self.birth_dates or self.files)

    @property
    def is_checked(self) -> bool:
        """Whether what is for checked people may be said: it is proved who calls, and that they may speak for whom."""
        return self.is_proved and (not self.for_another or self.represented is not None)

    @property
    def has_said_who(self) -> bool:
        """Whether anything is remembered by which the caller said who they, or another, are."""
        return bool(self.names or self.birth_dates or self.files or self.postcodes or self.others or self.keyed)

    def forgetting(self) -> "Call":
        """Return a copy without what the caller said of themselves or another."""
        return self.evolve(names=(), birth_dates=(), files=(), postcodes=(), others=(), keyed="")

    def evolve(self, **changes: Any) -> "Call":
        """Return a copy with changes."""
        return replace(self, **changes)
