"""The rules of callbacks: when the citizen may be rung, how often, after how long, and what is said first. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from guichet.core.language import Bilingual
from guichet.routing.hours import Hours, Range
from guichet.routing.slot_rules import SlotRules


class Missed(StrEnum):
    """Why an agent and a citizen who was called did not talk."""

    BUSY = "busy"
    NO_ANSWER = "no_answer"
    MACHINE = "machine"
    WRONG_PERSON = "wrong_person"
    NOT_NOW = "not_now"
    FAILED = "failed"
    CUT = "cut"


_DAY = (Range(8 * 60, 20 * 60),)
POLITE_HOURS = Hours("politesse", (*(_DAY for _ in range(6)), ()))
"""When people may be rung where they live, unless the book says otherwise: 8 to 20 from Monday to Saturday."""

DELAYS: Mapping[Missed, tuple[int, ...]] = MappingProxyType(
    {
        Missed.BUSY: (5, 15, 60),
        Missed.NO_ANSWER: (30, 120, 24 * 60),
        Missed.MACHINE: (60, 240, 24 * 60),
        Missed.WRONG_PERSON: (24 * 60,),
        Missed.NOT_NOW: (120, 24 * 60),
        Missed.FAILED: (5, 30, 120),
        Missed.CUT: (2, 10, 60),
    }
)
"""Minutes until the next try, after the first time this happened, the second and so on; the last goes on."""

ANNOUNCE = Bilingual(
    "Bonjour. Un service public vous rappelle, comme vous l'avez demandé.",
    "Hello. A public service is calling you back, as you asked.",
)
"""It may be heard by anybody in the house, or by a machine: nothing of it is personal."""


@dataclass(frozen=True, slots=True)
class CallRules:
    """How citizens are called back. `hours` are those of the citizen's own clock, besides the counter's hours.

    `delays` are minutes; `on_machine` is what an answering machine is told (None: nothing); `notice_minutes` is how
    long before a callback the warning text goes (0: none is sent); `slots` are what citizens may choose from.
    """

    hours: Hours = POLITE_HOURS
    most_tries: int = 4
    delays: Mapping[Missed, tuple[int, ...]] = field(default_factory=lambda: DELAYS)
    announce: Bilingual = ANNOUNCE
    on_machine: Bilingual | None = None
    notice_minutes: int = 5
    slots: SlotRules = field(default_factory=SlotRules)
