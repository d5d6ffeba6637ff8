"""Reads the rules of requests that go on: the parts `relances` and `abandons` of the rule book. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from guichet.core.language import Bilingual
from guichet.routing.document import Flaws, Item, key_name
from guichet.routing.following import AbandonRules, Following, ReminderRules
from guichet.routing.name_reader import keys, names_of, priority_of

_REMINDERS = keys(every="toutes_les", priority="priorite", most="au_plus")
_ABANDONED = keys(join="relancent", open="ouvrent")
_YES_NO = {"oui": True, "yes": True, "non": False, "no": False}
_NOTHING = ("aucune", "aucun", "none", "non", "no")
_NEITHER = Bilingual("ni oui ni non", "neither yes nor no")
MOST_REMINDERS = 100


@dataclass(frozen=True, slots=True)
class FollowingReader:
    """Reads both; notes every flaw and gives what could be read."""

    flaws: Flaws

    def read(self, fields: Mapping[str, Item]) -> Following:
        """Read them; what is not given is as usual."""
        attempt, usual = self.flaws.attempt, Following()
        return Following(
            attempt(lambda: self._reminders(fields.get("reminders")), usual.reminders),
            attempt(lambda: self._abandoned(fields.get("abandoned")), usual.abandoned),
        )

    def _reminders(self, item: Item | None) -> ReminderRules:
        usual = ReminderRules()
        if item is None or (item.is_text and key_name(item.text()) in _NOTHING):
            return usual
        fields = item.fields(_REMINDERS, self.flaws)
        said = (
            f"un nombre de relances va de 1 à {MOST_REMINDERS}",
            f"a number of reminders goes from 1 to {MOST_REMINDERS}",
        )
        every = fields["every"].parsed(int, *said) if "every" in fields else 3
        if not 1 <= every <= MOST_REMINDERS:
            raise fields["every"].wrong(*said)
        priority, most = priority_of(fields.get("priority")), priority_of(fields.get("most"))
        return ReminderRules(
            every, usual.priority if priority is None else priority, usual.most if most is None else most
        )

    def _abandoned(self, item: Item | None) -> AbandonRules:
        usual = AbandonRules()
        if item is None:
            return usual
        fields = item.fields(_ABANDONED, self.flaws)
        joins = fields["join"].one_of(_YES_NO, _NEITHER) if "join" in fields else usual.joins
        return AbandonRules(joins, self._opens(fields["open"]) if "open" in fields else usual.opens)

    @staticmethod
    def _opens(item: Item) -> frozenset[str] | None:
        """Read `oui` (every matter), `non`, or matters."""
        if item.is_text and key_name(item.text()) in _YES_NO:
            return None if _YES_NO[key_name(item.text())] else frozenset()
        return names_of(item)
