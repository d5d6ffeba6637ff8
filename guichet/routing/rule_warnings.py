"""What looks wrong in a rule book that can be used: rules that never apply, queues for nothing. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import is_not, or_

from guichet.core.language import Bilingual
from guichet.routing.boxes import MOST_BOXES, Box, Domains, TooMany, without
from guichet.routing.conditions import (
    Compare,
    Condition,
    Group,
    Operator,
    Quantifier,
    comparisons,
    intents_asked,
)
from guichet.routing.decision import Outcome
from guichet.routing.document import Flaw
from guichet.routing.intent import DANGER
from guichet.routing.queue_warnings import unserved
from guichet.routing.rule import Place, Rule
from guichet.routing.rule_book import RuleBook
from guichet.routing.suggestions import nearest
from guichet.routing.view import Field

_INTENT = Field.INTENT.value


def warnings(
    book: RuleBook,
    intents: Collection[str] | None = None,
    answered: Collection[str] | None = None,
    for_checked: Collection[str] = (),
    skills: Collection[str] | None = None,
) -> tuple[Flaw, ...]:
    """Return what a supervisor should look at, in the document's order.

    `intents` are all matters there are, `answered` those to which the intent book has an answer, `for_checked` those
    that are for people whose identity is checked; `skills` those of all agents.
    """
    found = [
        *_never(book),
        *_unused_queues(book),
        *unserved(book, skills),
        *_emergency_without_number(book),
        *_kept_back(book, for_checked),
    ]
    if answered is not None:
        found += _unanswered(book, answered)
    if intents is not None:
        found += [*_unknown_intents(book, intents), *_uncovered_intents(book, intents)]
    return tuple(sorted(found, key=lambda flaw: (flaw.line, flaw.column)))


def _warning(place: Place, fr: str, en: str) -> Flaw:
    return Flaw(place.line, place.column, Bilingual(fr, en))


def _emergency_without_number(book: RuleBook) -> Iterator[Flaw]:
    """Tell an emergency message that leaves people without a number to call, or to write to."""
    own = book.messages.emergency
    for number in ("112", "114") if own else ():
        if own and not (number in own.fr and number in own.en):
            fr = f"le message d'urgence ne donne pas le {number} dans les deux langues"
            yield Flaw(1, 1, Bilingual(fr, f"the emergency message does not give {number} in both languages"))


def _unanswered(book: RuleBook, answered: Collection[str]) -> Iterator[Flaw]:
    """Tell the rules that answer by the intent book, where it has nothing to say."""
    for rule in book.rules:
        if rule.outcome is not Outcome.ANSWER or rule.answer is not None:
            continue
        for intent in sorted(str(one) for one in intents_asked(rule.condition) or () if one not in answered):
            fr = f"la règle « {rule.name} » répond par le livre des matières, qui n'a pas de réponse à « {intent} »"
            en = f"the rule '{rule.name}' answers by the intent book, which has no answer to '{intent}'"
            yield _warning(rule.place, fr, en)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A rule that was there first, and when it applies."""

    name: str
    box: Box


class _EarlierRules:
    """The rules that were there first, found by matter: most rules are told apart by it alone."""

    def __init__(self) -> None:
        self._all: list[_Earlier] = []
        self._by_intent: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, rule: _Earlier, intents: int) -> None:
        """Put a rule behind the others; `intents` is the mask of its matters."""
        for bit in _bits(intents):
            self._by_intent[bit].append(len(self._all))
        self._all.append(rule)

    def meeting(self, intents: int) -> list[_Earlier]:
        """Return the rules for any of these matters, in order."""
        numbers = {number for bit in _bits(intents) for number in self._by_intent[bit]}
        return [self._all[number] for number in sorted(numbers)]


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield mask & -mask
        mask &= mask - 1


@dataclass(slots=True)
class _Left:
    """What earlier rules leave of a rule, and which of them took something."""

    boxes: list[Box]
    takers: dict[str, None] = field(default_factory=dict)


def _never(book: RuleBook) -> Iterator[Flaw]:
    """Yield a warning for each rule that can never apply."""
    domains = Domains.of(book.rules)
    every, by_name = domains.full(Field.INTENT), {rule.name: rule for rule in book.rules}
    danger = domains.danger()
    earlier = _EarlierRules()
    earlier.add(_Earlier("", danger), danger[_INTENT])
    for rule in book.rules:
        try:
            boxes = domains.boxes(rule)
            left = _left(boxes, earlier, domains)
        except TooMany:
            continue
        if not boxes:
            yield _warning(
                rule.place,
                f"la règle « {rule.name} » ne peut jamais s'appliquer : ses conditions se contredisent",
                f"the rule '{rule.name}' can never apply: its conditions contradict each other",
            )
        elif not left.boxes:
            yield _shadowed(rule, [by_name[name] for name in left.takers if name])
            continue  # it takes nothing that is not taken already
        for box in boxes:
            earlier.add(_Earlier(rule.name, box), box.get(_INTENT, every))


def _left(boxes: Sequence[Box], earlier: _EarlierRules, domains: Domains) -> _Left:
    full = _Full(domains)
    left = _Left(list(boxes))
    intents = reduce(or_, (box.get(_INTENT, full[_INTENT]) for box in boxes), 0)
    for taken in earlier.meeting(intents):
        kept: list[Box] = []
        for box in left.boxes:
            kept += without(box, taken.box, full)
        if len(kept) != len(left.boxes) or any(map(is_not, kept, left.boxes)):  # what is left whole is the same object
            left.takers[taken.name] = None
        left.boxes = kept
        if not kept:
            break
        if len(kept) > MOST_BOXES:
            raise TooMany
    return left


class _Full(dict[str, int]):
    """The full mask of each key of a box (`open of the line` has that of `open`), made when first asked for."""

    def __init__(self, domains: Domains) -> None:
        super().__init__()
        self._domains = domains

    def __missing__(self, key: str) -> int:
        self[key] = self._domains.full(Field(key.partition(" ")[0]))
        return self[key]


def _shadowed(rule: Rule, takers: Sequence[Rule]) -> Flaw:
    if not takers:
        return _warning(
            rule.place,
            f"la règle « {rule.name} » ne peut jamais s'appliquer : un danger ({DANGER}) passe avant toutes les règles",
            f"the rule '{rule.name}' can never apply: a danger ({DANGER}) comes before every rule",
        )
    names = takers[:3]
    fr = ", ".join(f"« {one.name} »" for one in names)
    en = ", ".join(f"'{one.name}'" for one in names)
    if any(_does(one) != _does(rule) for one in takers):
        fr, en = f"{fr}, qui en fait autre chose", f"{en}, which makes something else of it"
    return _warning(
        rule.place,
        f"la règle « {rule.name} » ne peut jamais s'appliquer : tout est déjà pris par {fr}",
        f"the rule '{rule.name}' can never apply: everything is already taken by {en}",
    )


def _does(rule: Rule) -> tuple[Outcome, str, Bilingual | None]:
    return rule.outcome, rule.queue.name if rule.queue else "", rule.answer


def _unused_queues(book: RuleBook) -> Iterator[Flaw]:
    used = {rule.queue.name for rule in (*book.rules, book.default, book.emergency) if rule.queue}
    for queue in book.queues.values():
        if queue.name not in used and not queue.intents:
            yield _warning(
                queue.place,
                f"rien ne mène à la file « {queue.name} » : ni règle, ni demande",
                f"nothing leads to the queue '{queue.name}': no rule, no matter",
            )


def _kept_back(book: RuleBook, for_checked: Collection[str]) -> Iterator[Flaw]:
    """Yield a warning for each text that not everybody will hear whom its rule is for."""
    for rule in (*book.rules, book.default):
        kept = [name for name in for_checked if _tells(rule) and _may_meet_unchecked(rule, name)]
        if not kept:
            continue
        rest = ", ".join(kept)
        yield _warning(
            rule.place,
            f"le texte de la règle « {rule.name} » n'est dit qu'aux personnes vérifiées, jamais par SMS, pour : {rest}",
            f"the text of the rule '{rule.name}' will be told to checked people only, and never by text, for: {rest}",
        )


def _tells(rule: Rule) -> bool:
    """Whether a rule has something to tell: a text of its own, or what the intent book answers."""
    return rule.answer is not None or rule.outcome is Outcome.ANSWER


def _may_meet_unchecked(rule: Rule, intent: str) -> bool:
    """Whether a rule that may be for a matter is not for checked people alone by its own words."""
    named = _intents_named(rule)
    return (not named or intent in named) and not _asks_for_sure(rule.condition)


def _asks_for_sure(condition: Condition) -> bool:
    """Whether a condition holds for nobody but people whose identity is sure."""
    match condition:
        case Compare(Field.CERTAINTY, Operator.IS, ("sure",)):
            return True
        case Group(Quantifier.ALL, members):
            return any(map(_asks_for_sure, members))
        case Group(Quantifier.ANY, members):
            return bool(members) and all(map(_asks_for_sure, members))
        case _:
            return False


def _intents_named(rule: Rule) -> list[str]:
    return [
        str(value)
        for compare in comparisons(rule.condition)
        if compare.field is Field.INTENT
        for value in compare.values
    ]


def _unknown_intents(book: RuleBook, intents: Collection[str]) -> Iterator[Flaw]:
    places = [(rule.place, _intents_named(rule)) for rule in book.rules]
    places += [(queue.place, sorted(queue.intents)) for queue in book.queues.values()]
    for place, named in places:
        for name in dict.fromkeys(named):
            if name not in intents:
                near = nearest(name, intents)
                fr, en = (f" ; vouliez-vous « {near} » ?", f"; did you mean '{near}'?") if near else ("", "")
                yield _warning(place, f"demande inconnue « {name} »{fr}", f"unknown matter '{name}'{en}")


def _uncovered_intents(book: RuleBook, intents: Collection[str]) -> Iterator[Flaw]:
    covered = {name for rule in book.rules for name in _intents_named(rule)}
    covered.update(name for queue in book.queues.values() for name in queue.intents)
    for name in intents:
        if name not in covered and name != DANGER:
            yield _warning(
                book.default.place,
                f"aucune règle et aucune file ne cite la demande « {name} »",
                f"no rule and no queue names the matter '{name}'",
            )
