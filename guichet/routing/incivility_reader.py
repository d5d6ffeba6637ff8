"""Reads the rules of incivility: the part `incivilites` of the rule book. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from guichet.core.language import Bilingual
from guichet.routing.document import Flaws, Item
from guichet.routing.incivility_rules import WARNING, IncivilityRules, Sequel
from guichet.routing.name_reader import keys, minutes
from guichet.routing.text_reader import bilingual

_INCIVILITY = keys(warning="avertissement", keep="garder", then="suite", supervisors="superviseurs", calm="apaisement")
_SEQUELS = {
    "ecrit": Sequel.TEXT,
    "text": Sequel.TEXT,
    "rappel": Sequel.CALLBACK,
    "callback": Sequel.CALLBACK,
    "superviseur": Sequel.SUPERVISOR,
    "supervisor": Sequel.SUPERVISOR,
}
MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class IncivilityReader:
    """Reads the rules of incivility; notes every flaw and gives what could be read."""

    flaws: Flaws
    queues: Collection[str]

    def read(self, item: Item | None) -> IncivilityRules:
        """Read them; what is not given is as usual."""
        usual = IncivilityRules()
        if item is None:
            return usual
        attempt = self.flaws.attempt
        fields = attempt(lambda: item.fields(_INCIVILITY, self.flaws), {})
        supervisors = attempt(lambda: self._queue(fields.get("supervisors")), None)
        sequel = attempt(lambda: _sequel(fields.get("then")), usual.sequel)
        if sequel is Sequel.SUPERVISOR and "supervisors" not in fields:
            self.flaws.add(
                item.flaw(
                    "il manque la file des superviseurs : « superviseurs »",
                    "the queue of the supervisors is missing: 'supervisors'",
                )
            )
        return IncivilityRules(
            warning=attempt(lambda: bilingual(fields["warning"]), WARNING) if "warning" in fields else WARNING,
            flag_days=attempt(lambda: _days(fields.get("keep")), usual.flag_days),
            sequel=sequel,
            supervisors=supervisors,
            calm_minutes=attempt(lambda: minutes(fields.get("calm")), None) or usual.calm_minutes,
        )

    def _queue(self, item: Item | None) -> str | None:
        known = {queue: queue for queue in self.queues}
        return None if item is None else item.one_of(known, Bilingual("file inconnue", "unknown queue"))


def _sequel(item: Item | None) -> Sequel:
    if item is None:
        return IncivilityRules().sequel
    return item.one_of(_SEQUELS, Bilingual("suite inconnue", "unknown sequel"))


def _days(item: Item | None) -> int:
    if item is None:
        return IncivilityRules().flag_days
    said = (f"un nombre de jours de 1 à {MOST_DAYS}", f"a number of days from 1 to {MOST_DAYS}")
    days = item.parsed(int, *said)
    if not 1 <= days <= MOST_DAYS:
        raise item.wrong(*said)
    return days
