"""Reads the rules of holding: the part `hold` of a queue. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guichet.core.language import Bilingual
from guichet.routing.document import Flaw, Flaws, Item
from guichet.routing.hold_rules import USUAL, HoldRules
from guichet.routing.name_reader import keys, minutes, name_of
from guichet.routing.rule import Queue

HOLD_KEYS = keys(longest="au_plus", sound="fond", voice="ecoute", overflow="debordement")
OVERFLOW_KEYS = keys(to="vers", agents="agents_presents", most="personnes", wait="attente_prevue", after="apres")
SOUNDS = {"musique": True, "music": True, "silence": False}
YES_NO = {"oui": True, "yes": True, "non": False, "no": False}
LONGEST_MINUTES = 120
MOST = 1000
_COUNT = (f"un nombre va de 1 à {MOST}", f"a number goes from 1 to {MOST}")


@dataclass(frozen=True, slots=True)
class HoldReader:
    """Reads the rules of holding; notes every flaw and gives what could be read."""

    flaws: Flaws

    def read(self, item: Item | None) -> HoldRules:
        """Read them; what is not given is as usual."""
        if item is None:
            return USUAL
        attempt = self.flaws.attempt
        fields = attempt(lambda: item.fields(HOLD_KEYS, self.flaws), {})
        over: Mapping[str, Item] = {}
        if "overflow" in fields:
            over = attempt(lambda: fields["overflow"].fields(OVERFLOW_KEYS, self.flaws), {})
        sound = Bilingual("fond sonore inconnu", "unknown sound")
        neither = Bilingual("ni oui ni non", "neither yes nor no")
        after = attempt(lambda: minutes(over.get("after")), None)
        if after is not None and "to" not in over:
            fr = "« apres » fait passer à une autre file : il manque « vers »"
            self.flaws.add(over["after"].flaw(fr, "'after' lets people go over to another queue: 'to' is missing"))
        return HoldRules(
            longest_minutes=attempt(lambda: _longest(fields.get("longest")), USUAL.longest_minutes),
            music=attempt(lambda: fields["sound"].one_of(SOUNDS, sound), USUAL.music) if "sound" in fields else True,
            voice=attempt(lambda: fields["voice"].one_of(YES_NO, neither), USUAL.voice) if "voice" in fields else True,
            to=attempt(lambda: name_of(over["to"]), None) if "to" in over else None,
            agents=attempt(lambda: _count(over.get("agents")), None) or USUAL.agents,
            most=attempt(lambda: _count(over.get("most")), None),
            wait_minutes=attempt(lambda: minutes(over.get("wait")), None),
            after_minutes=after,
        )

    def check(self, queues: Iterable[Queue]) -> None:
        """Note the queues that overflow to one that there is not, or to themselves."""
        known = {queue.name: queue for queue in queues}
        for queue in known.values():
            to = queue.hold.to
            if to is not None and (to not in known or to == queue.name):
                there_are = ", ".join(name for name in known if name != queue.name)
                fr = f"la file « {queue.name} » déborde vers « {to} » : il faut une autre file ({there_are})"
                en = f"the queue '{queue.name}' overflows to '{to}': it must be another queue ({there_are})"
                self.flaws.add(Flaw(queue.place.line, queue.place.column, Bilingual(fr, en)))


def _longest(item: Item | None) -> int:
    if item is None:
        return USUAL.longest_minutes
    read = minutes(item)
    if not read or read > LONGEST_MINUTES:
        raise item.wrong("de 1 minute à 2 heures", "from 1 minute to 2 hours")
    return read


def _count(item: Item | None) -> int | None:
    if item is None:
        return None
    value = item.parsed(int, *_COUNT)
    if not 1 <= value <= MOST:
        raise item.wrong(*_COUNT)
    return value
