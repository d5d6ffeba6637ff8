"""Reads the rules of recorded messages: the part `enregistrements` of the rule book. Pure."""

from dataclasses import dataclass

from guichet.core.language import Bilingual
from guichet.routing.document import Flaws, Item, key_name
from guichet.routing.name_reader import keys, minutes
from guichet.routing.recording import MOST_DAYS, RecordingRules

_RECORDINGS = keys(offer="proposer", longest="duree", keep="garder")
_YES_NO = {"oui": True, "yes": True, "non": False, "no": False}
MOST_MINUTES = 60


@dataclass(frozen=True, slots=True)
class RecordingReader:
    """Reads the rules of messages; notes every flaw and gives what could be read."""

    flaws: Flaws

    def read(self, item: Item | None) -> RecordingRules:
        """Read them; what is not given is as usual."""
        usual = RecordingRules()
        if item is None:
            return usual
        attempt = self.flaws.attempt
        fields = attempt(lambda: item.fields(_RECORDINGS, self.flaws), {})
        neither = Bilingual("ni oui ni non", "neither yes nor no")
        return RecordingRules(
            offer=attempt(lambda: fields["offer"].one_of(_YES_NO, neither), usual.offer)
            if "offer" in fields
            else False,
            longest_minutes=attempt(lambda: _longest(fields.get("longest")), usual.longest_minutes),
            keep_days=attempt(lambda: _days(fields.get("keep")), usual.keep_days),
        )


def _longest(item: Item | None) -> int:
    """Read the longest message, in minutes."""
    read = minutes(item)
    if item is not None and read is not None and read > MOST_MINUTES:
        raise item.wrong(f"un message dure au plus {MOST_MINUTES} min", f"a message lasts at most {MOST_MINUTES} min")
    return RecordingRules().longest_minutes if read is None else read


def _days(item: Item | None) -> int:
    """Read for how many days the sound is kept; `non` is none."""
    if item is None or (item.is_text and key_name(item.text()) in ("non", "no")):
        return 0
    said = (f"« non », ou un nombre de jours de 1 à {MOST_DAYS}", f"'no', or a number of days from 1 to {MOST_DAYS}")
    days = item.parsed(int, *said)
    if not 1 <= days <= MOST_DAYS:
        raise item.wrong(*said)
    return days
