"""The words of the rule book: lines, queues, rules, messages. Pure."""

from dataclasses import dataclass

from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.routing.conditions import Condition, Test
from guichet.routing.decision import Outcome
from guichet.routing.hold_rules import USUAL, HoldRules
from guichet.routing.hours import Hours


@dataclass(frozen=True, slots=True)
class Line:
    """A number that citizens call or text. `fallback` is dialled, or read out, when our own tools are down."""

    number: PhoneNumber
    name: str
    language: Language
    greeting: Bilingual
    hours: Hours
    fallback: PhoneNumber | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written in the document, from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue: an agent with any of `skills` serves it; `intents` are the matters that come to it by themselves.

    `target_minutes` counts open time. `hours` is None for a queue that keeps the hours of the line, `wrap_up_seconds`
    for one whose agents write up as long as others; `hold` says how people hold in it.
    """

    name: str
    label: Bilingual
    skills: frozenset[str]
    intents: frozenset[str] = frozenset()
    target_minutes: int = 240
    priority: int = 0
    hours: Hours | None = None
    wrap_up_seconds: int | None = None
    hold: HoldRules = USUAL
    place: Place = Place(1, 1)


@dataclass(frozen=True, slots=True)
class Rule:
    """When `condition` holds, `outcome`. What is None comes from the queue; no queue: that of the matter."""

    name: str
    condition: Condition
    holds: Test
    outcome: Outcome
    place: Place
    queue: Queue | None = None
    priority: int | None = None
    target_minutes: int | None = None
    answer: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Messages:
    """What citizens are told: `closed` may hold `{ouverture}` (`{opening}`), the next opening in words.

    `emergency` is None where the book has no words of its own for a danger: each channel has the house's then.
    """

    closed: Bilingual
    emergency: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What the intent book says of a matter: what can be answered to anybody, and what it adds to the priority."""

    answer: Bilingual | None = None
    priority: int = 0
