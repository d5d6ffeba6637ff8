"""The rules of texts: what one costs, how fast they go, how a flood is met, agents' templates, surveys. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from guichet.core.language import Bilingual
from guichet.routing.rule import Place

MILLIONTHS = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """What one part of a text costs: millionths of a unit of the currency (ISO 4217), so that sums are exact."""

    millionths: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """In units of the currency."""
        return Decimal(self.millionths) / MILLIONTHS


@dataclass(frozen=True, slots=True)
class Flood:
    """How many answers of ours one number gets within so many minutes; the rest is kept, and read by people."""

    answers: int = 10
    minutes: int = 60


@dataclass(frozen=True, slots=True)
class Template:
    """A text that agents may send with a click; for some matters, or (none named) for all.

    `{reference}`, `{demande}` (`{matter}`) and `{ligne}` (`{line}`) are filled.
    """

    name: str
    label: Bilingual
    text: Bilingual
    intents: frozenset[str] = frozenset()
    place: Place = field(default_factory=lambda: Place(1, 1))


@dataclass(frozen=True, slots=True)
class SurveyRules:
    """Who is asked how they were served: `after_minutes` of being served by a channel, nobody twice in `days`.

    `queues` and `intents` are all where none is named.
    """

    ask: bool = False
    after_minutes: int = 30
    days: int = 90
    channels: frozenset[str] = frozenset({"voice", "sms"})
    queues: frozenset[str] = frozenset()
    intents: frozenset[str] = frozenset()

    def includes(self, channel: str, queue: str, intent: str) -> bool:
        """Whether somebody served so is asked."""
        of_queue = not self.queues or queue in self.queues
        return self.ask and channel in self.channels and of_queue and (not self.intents or intent in self.intents)


@dataclass(frozen=True, slots=True)
class TextRules:
    """How texts are written and sent. `prices` are by the country code of who gets it (`33`), `price` for all others.

    `parts_a_second` is what a number of ours may send (0: we send at once, and the carrier queues).
    """

    price: Price | None = None
    prices: Mapping[str, Price] = field(default_factory=lambda: MappingProxyType({}))
    parts_a_second: int = 0
    flood: Flood = field(default_factory=Flood)
    templates: tuple[Template, ...] = ()
    survey: SurveyRules = field(default_factory=SurveyRules)

    def price_to(self, e164: str) -> Price | None:
        """Return what a part to a number costs: by the longest country code that fits."""
        codes = (e164[1 : 1 + length] for length in (4, 3, 2, 1))
        return next((self.prices[code] for code in codes if code in self.prices), self.price)
