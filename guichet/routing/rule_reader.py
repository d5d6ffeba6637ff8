"""Reads rules and messages of a rule book. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from guichet.core.language import Bilingual
from guichet.routing.condition_reader import ConditionReader
from guichet.routing.conditions import ALWAYS, compiled, intents_asked
from guichet.routing.decision import Outcome
from guichet.routing.document import Flaws, Item, key_name
from guichet.routing.name_reader import keys, minutes, needed, priority_of
from guichet.routing.rule import Messages, Place, Queue, Rule
from guichet.routing.text_reader import bilingual

OPENING_BLANKS = ("ouverture", "opening")
"""Filled with the next opening in words."""
HOURS_BLANKS = ("horaires", "hours")
"""Filled with the opening hours in words."""

OUTCOMES = {
    "reponse": Outcome.ANSWER,
    "repondre": Outcome.ANSWER,
    "answer": Outcome.ANSWER,
    "agent": Outcome.AGENT,
    "rappel": Outcome.CALLBACK,
    "rappeler": Outcome.CALLBACK,
    "callback": Outcome.CALLBACK,
    "urgence": Outcome.EMERGENCY,
    "emergency": Outcome.EMERGENCY,
}
_ANSWERS = frozenset(name for name, outcome in OUTCOMES.items() if outcome is Outcome.ANSWER)
_NO_ANSWER = (
    "il manque le texte de la réponse : « reponse » (il vient du livre des matières si la règle nomme ses demandes)",
    "the text of the answer is missing: 'answer' (the intent book gives it where the rule names its matters)",
)

RULE_KEYS = {
    **keys(name="nom", then="alors", queue="file", priority="priorite", target="objectif", answer="reponse"),
    "si": "if",
    "if": "if",
}
_DEFAULT = {key: name for key, name in RULE_KEYS.items() if name not in {"if", "name"}}
EMERGENCY_KEYS = keys(queue="file", priority="priorite", target="objectif")
MESSAGE_KEYS = keys(closed="ferme", emergency="urgence")

_CLOSED = Bilingual(
    "Nos services sont fermés. Ils rouvrent {ouverture}.", "Our services are closed. They open again {opening}."
)
NO_MESSAGES = Messages(_CLOSED)


@dataclass(frozen=True, slots=True)
class RuleReader:
    """Reads rules; notes every flaw and gives what could be read."""

    flaws: Flaws
    queues: Mapping[str, Queue]
    conditions: ConditionReader

    def rule(self, item: Item) -> Rule:
        """Read a rule."""
        fields = self.flaws.attempt(lambda: item.fields(RULE_KEYS, self.flaws), {})
        name = self.flaws.attempt(lambda: needed(item, fields, "name", "nom").text(), "")
        wanted = self.flaws.attempt(lambda: needed(item, fields, "if", "si"), None)
        condition = self.conditions.read(wanted) if wanted else ALWAYS
        rule = self._outcome(name, item, fields)
        if rule.outcome is Outcome.ANSWER and "answer" not in fields and intents_asked(condition) is None:
            self.flaws.add(item.flaw(*_NO_ANSWER))
        return replace(rule, condition=condition, holds=compiled(condition))

    def default(self, item: Item | None) -> Rule:
        """Read what happens when no rule applies: an outcome and its queue."""
        if item is None:
            return _plain("défaut", Outcome.CALLBACK)
        fields = self.flaws.attempt(lambda: item.fields(_DEFAULT, self.flaws), {})
        self.flaws.attempt(lambda: needed(item, fields, "queue", "file"), None)
        if "answer" not in fields and "then" in fields and key_name(fields["then"].text()) in _ANSWERS:
            self.flaws.add(item.flaw(*_NO_ANSWER))
        return self._outcome("défaut", item, fields)

    def emergency(self, item: Item | None) -> Rule:
        """Read who is told of a danger: a queue, a priority."""
        rule = _plain("urgence", Outcome.EMERGENCY)
        if item is None:
            return rule
        fields = self.flaws.attempt(lambda: item.fields(EMERGENCY_KEYS, self.flaws), {})
        return self._served(rule, item, fields)

    def _outcome(self, name: str, item: Item, fields: Mapping[str, Item]) -> Rule:
        attempt = self.flaws.attempt
        unknown = Bilingual("suite inconnue", "unknown outcome")
        outcome = attempt(lambda: needed(item, fields, "then", "alors").one_of(OUTCOMES, unknown), Outcome.CALLBACK)
        answer = attempt(lambda: bilingual(fields["answer"], HOURS_BLANKS), None) if "answer" in fields else None
        return self._served(replace(_plain(name, outcome), answer=answer), item, fields)

    def _served(self, rule: Rule, item: Item, fields: Mapping[str, Item]) -> Rule:
        attempt = self.flaws.attempt
        return replace(
            rule,
            place=Place(item.line, item.column),
            queue=attempt(lambda: self._queue(fields.get("queue")), None),
            priority=attempt(lambda: priority_of(fields.get("priority")), None),
            target_minutes=attempt(lambda: minutes(fields.get("target")), None),
        )

    def _queue(self, item: Item | None) -> Queue | None:
        return None if item is None else item.one_of(self.queues, Bilingual("file inconnue", "unknown queue"))


def _plain(name: str, outcome: Outcome) -> Rule:
    return Rule(name, ALWAYS, compiled(ALWAYS), outcome, Place(1, 1))


def read_messages(item: Item, flaws: Flaws) -> Messages:
    """Read the messages; those that are not given keep the text of the house."""
    fields = flaws.attempt(lambda: item.fields(MESSAGE_KEYS, flaws), {})

    def message(name: str, blanks: tuple[str, ...] = ()) -> Bilingual | None:
        return flaws.attempt(lambda: bilingual(fields[name], blanks), None) if name in fields else None

    return Messages(message("closed", OPENING_BLANKS) or _CLOSED, message("emergency"))
