"""What the rules make of a contact: the first rule that applies wins. Pure.

A danger comes before every rule. An agent is never promised while the counter is closed: it becomes a callback, and the
next opening is told; nor by text, where the agent answers in writing or calls. What is for checked people is told to
nobody else: it becomes a callback, before which the dialogue asks who calls, and decides again. Who would hold where
there is no room overflows (`overflow`).
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from guichet.core.language import Bilingual
from guichet.routing.closing import closed_message
from guichet.routing.conditions import decisive
from guichet.routing.decision import Decision, Facts, Outcome, Settled
from guichet.routing.hours import after_open_time, is_open, next_opening
from guichet.routing.hours_in_words import hours_in_words, joined, opening_in_words
from guichet.routing.intent import DANGER
from guichet.routing.overflow import Loads, holds_in
from guichet.routing.rule import Line, Queue, Rule
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_reader import HOURS_BLANKS
from guichet.routing.text_reader import filled
from guichet.routing.view import View, said

_DEFAULT = Bilingual("aucune règle ne s'applique : suite par défaut", "no rule applies: the default outcome")
_DANGER = Bilingual(
    "la demande parle d'un danger : les numéros d'urgence d'abord",
    "the matter speaks of a danger: emergency numbers first",
)
_FOR_CHECKED = Bilingual(
    "la réponse est réservée aux personnes vérifiées, et ne s'écrit pas par SMS",
    "the answer is for people whose identity is checked, and is not sent by text",
)
_BY_TEXT = Bilingual("par SMS, un agent répond par écrit ou rappelle", "by SMS, an agent writes back or calls")
_NO_ANSWER = Bilingual(
    "le livre des matières n'a pas de réponse à cette demande : un rappel",
    "the intent book has no answer to this matter: a callback",
)
_NO_ROOM = Bilingual("Aucun agent ne peut vous répondre maintenant.", "No agent can take your call right now.")
_OPEN_NOW = Bilingual("", "")
NO_LOADS: Loads = {}
"""Nobody has looked how the queues stand."""
HIGHEST = 100
"""The highest priority."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One contact at one book."""

    book: RuleBook
    line: Line
    of_matter: Queue | None
    view: View
    may_be_told: bool
    loads: Loads = field(default_factory=dict)

    def served_by(self, rule: Rule) -> Queue:
        """Return the queue of a rule: its own, else that of the matter, else the default one; look at its hours."""
        own = None if rule is self.book.default else rule.queue
        queue = own or self.of_matter or self.book.default_queue
        self.view.hours = queue.hours or self.line.hours
        return queue

    def is_open(self, queue: Queue) -> bool:
        """Whether the counter of a queue is open."""
        return is_open(queue.hours or self.line.hours, self.book.calendar, self.view.now)


def decide(book: RuleBook, facts: Facts) -> Decision:
    """Return the outcome for a contact, with the rule, the book's version and the reasons in both languages.

    `target_at` counts open time only; `opens_at` is set when the counter is closed now. To learn which queue would
    serve before counting its free agents, use `queue_asked`.
    """
    asked = _asked(book, facts)
    return _decision(asked, _rule(asked))


def decide_with(book: RuleBook, facts: Facts, free: Collection[str], loads: Loads = NO_LOADS) -> Decision:
    """Decide, where agents with any of these skills (in the person's language) are free.

    `loads` are those of the queues in which the person might hold (`overflow.chain`).
    """
    asked, rule = _applying(book, facts, free)
    return _decision(replace(asked, loads=loads), rule)


def settle(book: RuleBook, facts: Facts, free: Collection[str], loads: Loads = NO_LOADS) -> Settled:
    """Decide as `decide_with` does, without the words."""
    asked, rule = _applying(book, facts, free)
    if loads:
        asked = replace(asked, loads=loads)
    return _settled(asked, rule, asked.served_by(rule)).settled


def queue_asked(book: RuleBook, facts: Facts) -> Queue:
    """Return the queue that would serve if an agent were free: the one whose free agents are to be counted."""
    asked = _asked(book, replace(facts, agents_free=True))
    return asked.served_by(_rule(asked))


def _applying(book: RuleBook, facts: Facts, free: Collection[str]) -> tuple[_Asked, Rule]:
    """Return the rule that applies: with an agent, if the queue that would serve then has a free one."""
    if free:
        asked = _asked(book, replace(facts, agents_free=True))
        rule = _rule(asked)
        if has_free(asked.served_by(rule), free):
            return asked, rule
    asked = _asked(book, facts)
    return asked, _rule(asked)


def has_free(queue: Queue, free: Collection[str]) -> bool:
    """Whether an agent of a queue is free, by the skills that are; a queue without any asks for its own name."""
    return not (queue.skills or {queue.name}).isdisjoint(free)


def _asked(book: RuleBook, facts: Facts) -> _Asked:
    line = book.line(facts.line) or book.lines[0]
    return _Asked(book, line, book.queue_of(facts.intent), View(facts, book.calendar, line.hours), facts.may_be_told)


def _rule(asked: _Asked) -> Rule:
    """Return the rule that applies."""
    book, view = asked.book, asked.view
    if view.intent == DANGER:
        return book.emergency
    for rule in book.rules_for(view.intent):
        asked.served_by(rule)
        if rule.holds(view):
            return rule
    return book.default


class _Found(NamedTuple):
    """What is decided, the minutes of the target, what is answered, and why it has overflowed."""

    settled: Settled
    minutes: int
    answer: Bilingual | None
    overflowed: tuple[Bilingual, ...]


def _settled(asked: _Asked, rule: Rule, queue: Queue) -> _Found:
    """Return what is decided where `queue` serves the rule."""
    book, view = asked.book, asked.view
    answer = rule.answer or (book.matter(view.intent).answer if rule.outcome is Outcome.ANSWER else None)
    minutes = rule.target_minutes or queue.target_minutes
    outcome = _possible(rule.outcome, answer if asked.may_be_told else None, view)
    serves, overflowed = _with_room(asked, queue) if outcome is Outcome.AGENT else (queue, ())
    settled = Settled(
        outcome=Outcome.CALLBACK if serves is None else outcome,
        queue=(serves or queue).name,
        rule=rule.name,
        priority=_priority(book, queue, view) if rule.priority is None else rule.priority,
        target_at=after_open_time(view.hours, book.calendar, view.now, minutes),
    )
    return _Found(settled, minutes, answer, overflowed)


def _with_room(asked: _Asked, queue: Queue) -> tuple[Queue | None, tuple[Bilingual, ...]]:
    """Return the queue to hold in, and why it is not the one asked for."""
    if not asked.loads:
        return queue, ()
    return holds_in(asked.book.queues, queue, asked.loads, asked.is_open)


def _decision(asked: _Asked, rule: Rule) -> Decision:
    book, view = asked.book, asked.view
    settled, minutes, answer, overflowed = _settled(asked, rule, asked.served_by(rule))
    opens_at = None if view.open else next_opening(view.hours, book.calendar, view.now)
    opening = _OPEN_NOW if view.open else opening_in_words(opens_at, view.now, book.calendar.zone)
    kept_back = rule.outcome is Outcome.ANSWER and answer is not None and not asked.may_be_told
    bent = () if settled.outcome is rule.outcome or overflowed else (_why_not(rule.outcome, view, opening),)
    bent = (_FOR_CHECKED,) if kept_back else (*bent, *overflowed)
    return Decision(
        outcome=settled.outcome,
        queue=settled.queue,
        rule=rule.name,
        version=book.version,
        because=(_why(asked, rule), *bent),
        answer=_told(book, answer if asked.may_be_told else None, settled.outcome, view, opening)
        or (_NO_ROOM if overflowed and settled.outcome is Outcome.CALLBACK else None),
        kept_back=kept_back,
        target_minutes=minutes,
        priority=settled.priority,
        opens_at=opens_at,
        target_at=settled.target_at,
    )


def _priority(book: RuleBook, queue: Queue, view: View) -> int:
    """Return the priority of a queue, with what the matter adds to it."""
    return min(max(queue.priority + book.matter(view.intent).priority, 0), HIGHEST)


def _possible(outcome: Outcome, answer: Bilingual | None, view: View) -> Outcome:
    """Return what can be kept of an outcome."""
    if outcome is Outcome.ANSWER and answer is None:
        return Outcome.CALLBACK
    if outcome is Outcome.AGENT and (not view.open or view.channel == "sms"):
        return Outcome.CALLBACK
    return outcome


def _why_not(outcome: Outcome, view: View, opening: Bilingual) -> Bilingual:
    """Say why an outcome could not be kept."""
    if outcome is Outcome.ANSWER:
        return _NO_ANSWER
    if view.open:
        return _BY_TEXT
    return Bilingual(
        f"le guichet est fermé et rouvre {opening.fr} : un rappel au lieu d'un agent",
        f"the counter is closed and opens again {opening.en}: a callback instead of an agent",
    )


def _told(
    book: RuleBook, answer: Bilingual | None, outcome: Outcome, view: View, opening: Bilingual
) -> Bilingual | None:
    """Return what the citizen is told."""
    if outcome is Outcome.EMERGENCY:
        return book.messages.emergency
    if answer is not None:
        hours = hours_in_words(view.hours)
        return filled(answer, **dict.fromkeys(HOURS_BLANKS, hours))
    if outcome is Outcome.CALLBACK and not view.open:
        return closed_message(book, view.now, opening)
    return None


def _why(asked: _Asked, rule: Rule) -> Bilingual:
    """Say which rule applied, and what made its conditions hold."""
    if rule is asked.book.emergency:
        return _DANGER
    if rule is asked.book.default:
        return _DEFAULT
    facts = [said(field, asked.view) for field in dict.fromkeys(decisive(rule.condition, asked.view))]
    if not facts:
        return Bilingual(f"règle « {rule.name} »", f"rule '{rule.name}'")
    reasons = joined(facts, " et ", " and ")
    return Bilingual(f"règle « {rule.name} » : {reasons.fr}", f"rule '{rule.name}': {reasons.en}")
