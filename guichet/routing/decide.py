"""What the rules make of a contact: the first rule that applies wins. Pure.

A danger comes before every rule. An agent is never promised while the counter is closed: it becomes a callback, and the
next opening is told; nor by text, where the agent answers in writing or calls.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from guichet.core.language import Bilingual
from guichet.routing.closing import closed_message
from guichet.routing.conditions import decisive
from guichet.routing.decision import Decision, Facts, Outcome
from guichet.routing.hours import after_open_time, next_opening
from guichet.routing.hours_in_words import hours_in_words, joined, opening_in_words
from guichet.routing.intent import DANGER
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
_BY_TEXT = Bilingual("par SMS, un agent répond par écrit ou rappelle", "by SMS, an agent writes back or calls")
_NO_ANSWER = Bilingual(
    "le livre des matières n'a pas de réponse à cette demande : un rappel",
    "the intent book has no answer to this matter: a callback",
)
_OPEN_NOW = Bilingual("", "")
HIGHEST = 100
"""The highest priority."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One contact at one book."""

    book: RuleBook
    line: Line
    of_matter: Queue | None
    view: View

    def served_by(self, rule: Rule) -> Queue:
        """Return the queue of a rule: its own, else that of the matter, else the default one; look at its hours."""
        own = None if rule is self.book.default else rule.queue
        queue = own or self.of_matter or self.book.default_queue
        self.view.hours = queue.hours or self.line.hours
        return queue


def decide(book: RuleBook, facts: Facts) -> Decision:
    """Return the outcome for a contact, with the rule, the book's version and the reasons in both languages.

    `target_at` counts open time only; `opens_at` is set when the counter is closed now. To learn which queue would
    serve before counting its free agents, use `queue_asked`.
    """
    asked = _asked(book, facts)
    rule = _rule(asked)
    if rule is book.emergency:
        return _decision(asked, rule, _DANGER)
    return _decision(asked, rule, _DEFAULT if rule is book.default else _why(rule, asked.view))


def queue_asked(book: RuleBook, facts: Facts) -> Queue:
    """Return the queue that would serve if an agent were free: the one whose free agents are to be counted."""
    asked = _asked(book, replace(facts, agents_free=True))
    return asked.served_by(_rule(asked))


def decide_with(book: RuleBook, facts: Facts, free: Collection[str]) -> Decision:
    """Decide, where agents with any of these skills (in the person's language) are free."""
    if not free:
        return decide(book, facts)
    queue = queue_asked(book, facts)
    return decide(book, replace(facts, agents_free=not (queue.skills or {queue.name}).isdisjoint(free)))


def _asked(book: RuleBook, facts: Facts) -> "_Asked":
    line = book.line(facts.line) or book.lines[0]
    return _Asked(book, line, book.queue_of(facts.intent), View(facts, book.calendar, line.hours))


def _rule(asked: "_Asked") -> Rule:
    """Return the rule that applies."""
    book, view = asked.book, asked.view
    if view.intent == DANGER:
        return book.emergency
    for rule in book.rules_for(view.intent):
        asked.served_by(rule)
        if rule.holds(view):
            return rule
    return book.default


def _decision(asked: _Asked, rule: Rule, why: Bilingual) -> Decision:
    book, view = asked.book, asked.view
    queue = asked.served_by(rule)
    opens_at = None if view.open else next_opening(view.hours, book.calendar, view.now)
    opening = _OPEN_NOW if view.open else opening_in_words(opens_at, view.now, book.calendar.zone)
    answer = rule.answer or (book.matter(view.intent).answer if rule.outcome is Outcome.ANSWER else None)
    outcome, because = _possible(rule.outcome, answer, view, opening)
    minutes = rule.target_minutes or queue.target_minutes
    return Decision(
        outcome=outcome,
        queue=queue.name,
        rule=rule.name,
        version=book.version,
        because=(why, *because),
        answer=_told(book, answer, outcome, view, opening),
        target_minutes=minutes,
        priority=_priority(book, queue, view) if rule.priority is None else rule.priority,
        opens_at=opens_at,
        target_at=after_open_time(view.hours, book.calendar, view.now, minutes),
    )


def _priority(book: RuleBook, queue: Queue, view: View) -> int:
    """Return the priority of a queue, with what the matter adds to it."""
    return min(max(queue.priority + book.matter(view.intent).priority, 0), HIGHEST)


def _possible(
    outcome: Outcome, answer: Bilingual | None, view: View, opening: Bilingual
) -> tuple[Outcome, tuple[Bilingual, ...]]:
    """Return what can be kept of an outcome, and why when it is another one."""
    if outcome is Outcome.ANSWER and answer is None:
        return Outcome.CALLBACK, (_NO_ANSWER,)
    if outcome is not Outcome.AGENT:
        return outcome, ()
    if not view.open:
        fr = f"le guichet est fermé et rouvre {opening.fr} : un rappel au lieu d'un agent"
        en = f"the counter is closed and opens again {opening.en}: a callback instead of an agent"
        return Outcome.CALLBACK, (Bilingual(fr, en),)
    if view.channel == "sms":
        return Outcome.CALLBACK, (_BY_TEXT,)
    return outcome, ()


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


def _why(rule: Rule, view: View) -> Bilingual:
    """Say which rule applied, and what made its conditions hold."""
    facts = [said(field, view) for field in dict.fromkeys(decisive(rule.condition, view))]
    if not facts:
        return Bilingual(f"règle « {rule.name} »", f"rule '{rule.name}'")
    reasons = joined(facts, " et ", " and ")
    return Bilingual(f"règle « {rule.name} » : {reasons.fr}", f"rule '{rule.name}': {reasons.en}")
