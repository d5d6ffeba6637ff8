"""An urgent message (flood, heat wave, outage): heard by all until it expires; it may close the counter. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from guichet.core.errors import BadInput
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.routing.hours import Closure

LONGEST = timedelta(days=31)
"""What stays longer belongs into the rule book."""
MOST_LETTERS = 600
"""About forty seconds aloud: more keeps callers from what they called for."""
CLOSED = Bilingual(
    "Nos services sont exceptionnellement fermés.", "Our services are closed because of exceptional circumstances."
)
"""What is said of an emergency closure for which nothing else was written."""


@dataclass(frozen=True, slots=True)
class Urgent:
    """A message for the callers of a line, or of all lines (None). `closes`: nobody is served meanwhile."""

    id: str
    text: Bilingual
    closes: bool
    line: PhoneNumber | None
    author: str
    put_up_at: datetime
    expires_at: datetime
    taken_down_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what must not be put up. Raises BadInput."""
        if not self.text.fr.strip() or not self.text.en.strip():
            raise BadInput("an urgent message is written in both languages")
        if max(len(self.text.fr), len(self.text.en)) > MOST_LETTERS:
            raise BadInput(f"an urgent message has at most {MOST_LETTERS} letters: people have to listen to it")
        if not timedelta(0) < self.expires_at - self.put_up_at <= LONGEST:
            raise BadInput("an urgent message stays for 1 minute to 31 days; the rule book has closures for more")
        if self.closes and self.line is not None:
            raise BadInput("an emergency closure closes every line; a message may be for one line")

    def is_up(self, now: datetime) -> bool:
        """Whether it is heard at a moment."""
        return self.taken_down_at is None and self.put_up_at <= now < self.expires_at

    def closure(self, zone: ZoneInfo) -> Closure:
        """Return it as a closure; its reason is the message itself, which is said anyway."""
        start, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (self.put_up_at, self.expires_at))
        return Closure(start, end)


def heard_on(messages: Iterable[Urgent], line: PhoneNumber | None, now: datetime) -> tuple[Urgent, ...]:
    """Return the messages that callers of a line hear now, latest first."""
    up = [one for one in messages if one.is_up(now) and (one.line is None or one.line == line)]
    return tuple(sorted(up, key=lambda one: (one.put_up_at, one.id), reverse=True))


def as_one(messages: Iterable[Urgent]) -> Bilingual | None:
    """Return the texts of messages one after the other; None without any."""
    texts = [one.text for one in messages]
    return Bilingual(" ".join(text.fr for text in texts), " ".join(text.en for text in texts)) if texts else None
