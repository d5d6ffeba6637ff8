"""Reads the slots of a rule book, `creneaux` in `rappels`. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from guichet.core.language import Bilingual
from guichet.routing.document import Flaws, Item, key_name
from guichet.routing.hours import DAY_MINUTES, Hours
from guichet.routing.name_reader import keys, minutes, needed
from guichet.routing.slot_rules import Planned, SlotRules

_SLOTS = keys(length="duree", call="appel", presence="presence")
_PLANNED = keys(queue="file", hours="horaires", agents="agents")
_NONE = ("aucun", "none")
_SHORTEST = 5
MOST_AGENTS = 1000


@dataclass(frozen=True, slots=True)
class SlotReader:
    """Reads slots; notes every flaw and gives what could be read."""

    flaws: Flaws
    hours: Mapping[str, Hours]
    queues: Collection[str]

    def read(self, item: Item | None) -> SlotRules:
        """Read them; what is not given is as usual, and `aucun` offers none."""
        if item is None:
            return SlotRules()
        if item.is_text and key_name(item.text()) in _NONE:
            return SlotRules(minutes=0)
        attempt, usual = self.flaws.attempt, SlotRules()
        fields = attempt(lambda: item.fields(_SLOTS, self.flaws), {})
        length = attempt(lambda: _length(fields.get("length")), None) or usual.minutes
        call = attempt(lambda: minutes(fields.get("call")), None) or min(usual.call_minutes, length)
        if call > length:
            self.flaws.add(
                fields.get("call", item).flaw(
                    "un rappel ne dure pas plus qu'un créneau", "a callback takes no longer than a slot"
                )
            )
        written = attempt(fields["presence"].items, []) if "presence" in fields else []
        planned = [attempt(partial(self._planned, each), None) for each in written]
        return SlotRules(length, call, tuple(each for each in planned if each is not None))

    def _planned(self, item: Item) -> Planned:
        fields = item.fields(_PLANNED, self.flaws)
        queues = {queue: queue for queue in self.queues}
        return Planned(
            queue=needed(item, fields, "queue", "file").one_of(queues, Bilingual("file inconnue", "unknown queue")),
            hours=needed(item, fields, "hours", "horaires").one_of(
                self.hours, Bilingual("horaires inconnus", "unknown hours")
            ),
            agents=_agents(needed(item, fields, "agents", "agents")),
        )


def _length(item: Item | None) -> int | None:
    """Read how long a slot is: slots fill a day without a rest."""
    length = minutes(item)
    if item is not None and length is not None and (length < _SHORTEST or DAY_MINUTES % length):
        raise item.wrong(
            "les créneaux doivent remplir une journée ; écrivez « 30 min », « 1 h » ou « 2 h »",
            "slots must fill a day; write '30 min', '1 h' or '2 h'",
        )
    return length


def _agents(item: Item) -> int:
    said = (f"un nombre d'agents va de 0 à {MOST_AGENTS}", f"a number of agents goes from 0 to {MOST_AGENTS}")
    value = item.parsed(int, *said)
    if not 0 <= value <= MOST_AGENTS:
        raise item.wrong(*said)
    return value
