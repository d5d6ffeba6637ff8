"""Reads the rules of callbacks of a rule book. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from guichet.core.language import Bilingual
from guichet.routing.calling import ANNOUNCE, DELAYS, POLITE_HOURS, CallRules, Missed
from guichet.routing.document import Flaws, Item, key_name
from guichet.routing.hours import Hours
from guichet.routing.name_reader import keys, minutes
from guichet.routing.slot_reader import SlotReader
from guichet.routing.text_reader import bilingual

CALLING_KEYS = keys(
    hours="horaires",
    tries="essais",
    delays="delais",
    announce="annonce",
    machine="repondeur",
    notice="preavis",
    slots="creneaux",
)
_DELAYS = keys(
    busy="occupe",
    no_answer="sans_reponse",
    machine="repondeur",
    wrong_person="erreur",
    not_now="plus_tard",
    failed="echec",
    cut="coupure",
)
_NOTHING = ("rien", "nothing")
_NO_NOTICE = ("aucun", "none")
MOST_TRIES = 20


@dataclass(frozen=True, slots=True)
class CallRulesReader:
    """Reads the rules of callbacks; notes every flaw and gives what could be read."""

    flaws: Flaws
    hours: Mapping[str, Hours]
    queues: Collection[str] = ()

    def read(self, item: Item | None) -> CallRules:
        """Read them; what is not given is as usual."""
        if item is None:
            return CallRules()
        fields = self.flaws.attempt(lambda: item.fields(CALLING_KEYS, self.flaws), {})
        attempt = self.flaws.attempt
        return CallRules(
            hours=attempt(lambda: self._hours(fields.get("hours")), POLITE_HOURS),
            most_tries=attempt(lambda: _tries(fields.get("tries")), CallRules().most_tries),
            delays=self._delays(fields.get("delays")),
            announce=attempt(lambda: bilingual(fields["announce"]), ANNOUNCE) if "announce" in fields else ANNOUNCE,
            on_machine=attempt(lambda: _on_machine(fields.get("machine")), None),
            notice_minutes=attempt(lambda: _notice(fields.get("notice")), CallRules().notice_minutes),
            slots=SlotReader(self.flaws, self.hours, self.queues).read(fields.get("slots")),
        )

    def _hours(self, item: Item | None) -> Hours:
        if item is None:
            return POLITE_HOURS
        return item.one_of(self.hours, Bilingual("horaires inconnus", "unknown hours"))

    def _delays(self, item: Item | None) -> Mapping[Missed, tuple[int, ...]]:
        """Read one delay or a list of them for some results; the others are as usual."""
        fields = self.flaws.attempt(lambda: item.fields(_DELAYS, self.flaws), {}) if item else {}
        given = {}
        for name, field in fields.items():
            read = self.flaws.attempt(partial(_minutes_of, field), ())
            if read:
                given[Missed(name)] = read
        return {**DELAYS, **given}


def _minutes_of(item: Item) -> tuple[int, ...]:
    read = [minutes(each) for each in (item.items() if item.is_list else [item])]
    return tuple(each for each in read if each is not None)


def _tries(item: Item | None) -> int:
    if item is None:
        return CallRules().most_tries
    said = (f"un nombre d'essais va de 1 à {MOST_TRIES}", f"a number of tries goes from 1 to {MOST_TRIES}")
    value = item.parsed(int, *said)
    if not 1 <= value <= MOST_TRIES:
        raise item.wrong(*said)
    return value


def _on_machine(item: Item | None) -> Bilingual | None:
    if item is None or (item.is_text and key_name(item.text()) in _NOTHING):
        return None
    return bilingual(item)


def _notice(item: Item | None) -> int:
    if item is not None and item.is_text and key_name(item.text()) in _NO_NOTICE:
        return 0
    read = minutes(item)
    return CallRules().notice_minutes if read is None else read
