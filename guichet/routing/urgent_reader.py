"""Reads the rules of urgent messages: the part `messages_urgents` of the rule book. Pure."""

from dataclasses import dataclass
from functools import partial

from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.routing.document import Flaws, Item
from guichet.routing.name_reader import keys
from guichet.routing.text_reader import bilingual
from guichet.routing.urgent import MOST_LETTERS
from guichet.routing.urgent_rules import UrgentRules

_URGENT = keys(number="numero", prepared="prepares")
MOST_PREPARED = 9
"""Each has a key."""


@dataclass(frozen=True, slots=True)
class UrgentReader:
    """Reads them; notes every flaw and gives what could be read. `taken` are the numbers of lines."""

    flaws: Flaws
    region: str
    taken: frozenset[PhoneNumber]

    def read(self, item: Item | None) -> UrgentRules:
        """Read them; what is not given is as usual."""
        if item is None:
            return UrgentRules()
        attempt = self.flaws.attempt
        fields = attempt(lambda: item.fields(_URGENT, self.flaws), {})
        number = attempt(lambda: self._number(fields["number"]), None) if "number" in fields else None
        written = attempt(fields["prepared"].items, []) if "prepared" in fields else []
        if len(written) > MOST_PREPARED:
            said = (f"{MOST_PREPARED} messages au plus : un par touche", f"at most {MOST_PREPARED} messages: one a key")
            self.flaws.add(fields["prepared"].flaw(*said))
        read = [attempt(partial(_prepared, each), None) for each in written]
        return UrgentRules(number, tuple(one for one in read if one is not None))

    def _number(self, item: Item) -> PhoneNumber:
        number = item.parsed(
            lambda text: PhoneNumber.parse(text, self.region),
            "numéro de téléphone inexact ; écrivez « 01 99 00 12 34 » ou « +33199001234 »",
            "not a telephone number; write '01 99 00 12 34' or '+33199001234'",
        )
        if number in self.taken:
            raise item.wrong("ce numéro est celui d'une ligne d'usagers", "this number is a citizens' line")
        return number


def _prepared(item: Item) -> Bilingual:
    text = bilingual(item)
    if max(len(text.fr), len(text.en)) > MOST_LETTERS:
        raise item.wrong(
            f"un message a au plus {MOST_LETTERS} lettres", f"a message has at most {MOST_LETTERS} letters"
        )
    return text
