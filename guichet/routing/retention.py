"""How long what is known of people is kept: the part `conservation` of the rule book. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from guichet.routing.document import Flaws, Item, key_name
from guichet.routing.name_reader import keys

_KEPT = keys(words="paroles", people="personnes", jobs="taches")
MOST_DAYS = 3650
_FOREVER = ("non", "no", "toujours", "always")


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each is kept; None is for ever.

    `words`: what was said and written (transcripts, texts, what was not understood); `people`: who called and asked,
    after which contacts and ended requests are nobody's; `jobs`: what was done behind the scenes.
    """

    words: timedelta | None = None
    people: timedelta | None = None
    jobs: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RetentionReader:
    """Reads the periods; notes every flaw and gives what could be read."""

    flaws: Flaws

    def read(self, item: Item | None) -> Retention:
        """Read them; what is not given is kept."""
        usual = Retention()
        if item is None:
            return usual
        fields = self.flaws.attempt(lambda: item.fields(_KEPT, self.flaws), {})
        attempt = self.flaws.attempt
        words = attempt(lambda: _days(fields.get("words")), None)
        people = attempt(lambda: _days(fields.get("people")), None)
        jobs = attempt(lambda: _days(fields.get("jobs")), None)
        if words is not None and people is not None and people < words:
            said = "les personnes sont gardées au moins aussi longtemps que les paroles"
            self.flaws.add(item.flaw(said, "people are kept at least as long as words"))
        return Retention(words, people, jobs or usual.jobs)


def _days(item: Item | None) -> timedelta | None:
    """Read a number of days; `toujours` is for ever."""
    if item is None or (item.is_text and key_name(item.text()) in _FOREVER):
        return None
    said = (
        f"« toujours », ou un nombre de jours de 1 à {MOST_DAYS}",
        f"'always', or a number of days from 1 to {MOST_DAYS}",
    )
    days = item.parsed(int, *said)
    if not 1 <= days <= MOST_DAYS:
        raise item.wrong(*said)
    return timedelta(days=days)
