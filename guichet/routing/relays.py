"""Text relay services, by which people who cannot hear or speak telephone: how their calls are recognised. Pure.

An operator, or a machine, speaks for somebody who types: answers come late, and the agent does well to know.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.routing.document import Flaws, Item
from guichet.routing.name_reader import keys

_YES_NO = {"oui": True, "yes": True, "non": False, "no": False}
_NEITHER = Bilingual("ni oui ni non", "neither yes nor no")
_RELAYS = keys(numbers="numeros", headers="entetes", person="personne")


@dataclass(frozen=True, slots=True)
class RelayRules:
    """The numbers that relay services call from, and the SIP headers (names, in small letters) that they send.

    `to_person`: such calls are put through to a person without questions, where the counter is open.
    """

    numbers: frozenset[PhoneNumber] = frozenset()
    headers: frozenset[str] = frozenset()
    to_person: bool = True

    def recognise(self, caller: PhoneNumber | None, headers: Collection[str]) -> bool:
        """Whether a call comes from a relay service."""
        return caller in self.numbers or not self.headers.isdisjoint(headers)


def read_relays(item: Item | None, region: str, flaws: Flaws) -> RelayRules:
    """Read the part `relais` of the rule book; notes every flaw and gives what could be read."""
    if item is None:
        return RelayRules()
    fields = flaws.attempt(lambda: item.fields(_RELAYS, flaws), {})
    said = ("numéro de téléphone illisible", "unreadable telephone number")
    numbers = []
    for each in _listed(fields.get("numbers"), flaws):
        read = flaws.attempt(partial(each.parsed, partial(PhoneNumber.parse, region=region), *said), None)
        if read is not None:
            numbers.append(read)
    headers = [flaws.attempt(each.text, "") for each in _listed(fields.get("headers"), flaws)]
    to_person = True
    if "person" in fields:
        to_person = flaws.attempt(lambda: fields["person"].one_of(_YES_NO, _NEITHER), to_person)
    return RelayRules(frozenset(numbers), frozenset(header.lower() for header in headers if header), to_person)


def _listed(item: Item | None, flaws: Flaws) -> list[Item]:
    """Return the elements of a list, or the one thing there is."""
    if item is None:
        return []
    return flaws.attempt(item.items, []) if item.is_list else [item]
