"""Reads the rules of agents: the part `agents` of the rule book. Pure."""

import re
from dataclasses import dataclass

from guichet.core.language import Bilingual
from guichet.routing.agent_rules import AgentRules
from guichet.routing.document import Flaws, Item, key_name
from guichet.routing.name_reader import keys
from guichet.routing.text_reader import bilingual
from guichet.routing.time_reader import duration

_AGENTS = keys(
    wrap_up="apres_appel", extension="prolongation", unanswered="sans_reponse", pauses="pauses", text_absent="prevenir"
)
_SECONDS = re.compile(r"(\d+)\s*s(?:ec(?:ondes?|onds?)?)?")
_NONE = ("aucun", "aucune", "none", "0", "0_s")
_YES_NO = {"oui": True, "yes": True, "non": False, "no": False}
LONGEST_SECONDS = 60 * 60
MOST_UNANSWERED = 10
MOST_LETTERS = 60


@dataclass(frozen=True, slots=True)
class AgentRulesReader:
    """Reads the rules of agents; notes every flaw and gives what could be read."""

    flaws: Flaws

    def read(self, item: Item | None) -> AgentRules:
        """Read them; what is not given is as usual."""
        usual = AgentRules()
        if item is None:
            return usual
        attempt = self.flaws.attempt
        fields = attempt(lambda: item.fields(_AGENTS, self.flaws), {})
        neither = Bilingual("ni oui ni non", "neither yes nor no")
        return AgentRules(
            wrap_up_seconds=attempt(lambda: seconds(fields.get("wrap_up"), usual.wrap_up_seconds), 0),
            extension_seconds=attempt(lambda: seconds(fields.get("extension"), usual.extension_seconds), 0),
            unanswered=attempt(lambda: _unanswered(fields.get("unanswered")), usual.unanswered),
            pauses=attempt(lambda: tuple(map(_pause, fields["pauses"].items())), usual.pauses)
            if "pauses" in fields
            else usual.pauses,
            text_absent=attempt(lambda: fields["text_absent"].one_of(_YES_NO, neither), usual.text_absent)
            if "text_absent" in fields
            else usual.text_absent,
        )


def seconds(item: Item | None, usual: int) -> int:
    """Read a short duration in seconds: `30 s`, `2 min`, `aucun`."""
    if item is None:
        return usual
    if item.is_text and key_name(item.text()) in _NONE:
        return 0
    read = item.parsed(
        _short, "durée illisible ; écrivez « 30 s » ou « 2 min »", "unreadable duration; write '30 s' or '2 min'"
    )
    if read > LONGEST_SECONDS:
        raise item.wrong("une heure au plus", "an hour at most")
    return read


def _short(text: str) -> int:
    found = _SECONDS.fullmatch(text.strip().lower())
    return int(found[1]) if found else duration(text) * 60


def _unanswered(item: Item | None) -> int:
    if item is None:
        return AgentRules().unanswered
    said = (f"un nombre d'appels va de 1 à {MOST_UNANSWERED}", f"a number of calls goes from 1 to {MOST_UNANSWERED}")
    value = item.parsed(int, *said)
    if not 1 <= value <= MOST_UNANSWERED:
        raise item.wrong(*said)
    return value


def _pause(item: Item) -> Bilingual:
    reason = bilingual(item)
    if max(len(reason.fr), len(reason.en)) > MOST_LETTERS:
        raise item.wrong(f"un motif a au plus {MOST_LETTERS} lettres", f"a reason has at most {MOST_LETTERS} letters")
    return reason
