"""What the rules make of a contact: the first rule that applies wins. Pure.

A danger comes before every rule. An agent is never promised while the counter is closed: it becomes a callback, and the
next opening is told; nor by text, where the agent answers in writing or calls. What is for checked people is told to
nobody else: it becomes a callback, before which the dialogue asks who calls, and decides again.
"""

from dataclasses import dataclass, replace

from guichet.core.language import Bilingual
from guichet.routing.conditions import decisive
from guichet.routing.decision import Decision, Facts, Outcome
from guichet.routing.hours import after_open_time, next_opening
from guichet.routing.hours_in_words import hours_in_words, joined, opening_in_words
from guichet.routing.intent import DANGER
from guichet.routing.rule import Line, Queue, Rule
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_reader import HOURS_BLANKS, OPENING_BLANKS
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """One contact at one book."""

    book: RuleBook
    line: Line
    of_matter: Queue | None
    view: View
    may_be_told: bool

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
    line = book.line(facts.line) or book.lines[0]
    asked = _Asked(book, line, book.queue_of(facts.intent), View(facts, book.calendar, line.hours), facts.may_be_told)
    if facts.intent == DANGER:
        return _decision(asked, book.emergency, _DANGER)
    for rule in book.rules_for(facts.intent):
        asked.served_by(rule)
        if rule.holds(asked.view):
            return _decision(asked, rule, _why(rule, asked.view))
    return _decision(asked, book.default, _DEFAULT)


def queue_asked(book: RuleBook, facts: Facts) -> Queue:
    """Return the queue that would serve if an agent were free: the one whose free agents are to be counted."""
    return book.queues[decide(book, replace(facts, agents_free=True)).queue]


def _decision(asked: _Asked, rule: Rule, why: Bilingual) -> Decision:
    book, view = asked.book, asked.view
    queue = asked.served_by(rule)
    opens_at = None if view.open else next_opening(view.hours, book.calendar, view.now)
    opening = opening_in_words(opens_at, view.now, book.calendar.zone)
    outcome, because = _possible(asked, rule, opening)
    minutes = rule.target_minutes or queue.target_minutes
    return Decision(
        outcome=outcome,
        queue=queue.name,
        rule=rule.name,
        version=book.version,
        because=(why, *because),
        answer=_told(asked, rule, outcome, opening),
        target_minutes=minutes,
        kept_back=rule.outcome is Outcome.ANSWER and not asked.may_be_told,
        priority=queue.priority if rule.priority is None else rule.priority,
        opens_at=opens_at,
        target_at=after_open_time(view.hours, book.calendar, view.now, minutes),
    )


def _possible(asked: _Asked, rule: Rule, opening: Bilingual) -> tuple[Outcome, tuple[Bilingual, ...]]:
    """Return what can be kept of an outcome, and why when it is another one."""
    outcome, view = rule.outcome, asked.view
    if outcome is Outcome.ANSWER and not asked.may_be_told:
        return Outcome.CALLBACK, (_FOR_CHECKED,)
    if outcome is not Outcome.AGENT:
        return outcome, ()
    if not view.open:
        fr = f"le guichet est fermé et rouvre {opening.fr} : un rappel au lieu d'un agent"
        en = f"the counter is closed and opens again {opening.en}: a callback instead of an agent"
        return Outcome.CALLBACK, (Bilingual(fr, en),)
    if view.channel == "sms":
        return Outcome.CALLBACK, (_BY_TEXT,)
    return outcome, ()


def _told(asked: _Asked, rule: Rule, outcome: Outcome, opening: Bilingual) -> Bilingual | None:
    """Return what the citizen is told."""
    book, view = asked.book, asked.view
    if outcome is Outcome.EMERGENCY:
        return book.messages.emergency
    if rule.answer is not None and asked.may_be_told:
        hours = hours_in_words(view.hours)
        return filled(rule.answer, **dict.fromkeys(HOURS_BLANKS, hours))
    if outcome is Outcome.CALLBACK and not view.open:
        return filled(book.messages.closed, **dict.fromkeys(OPENING_BLANKS, opening))
    return None


def _why(rule: Rule, view: View) -> Bilingual:
    """Say which rule applied, and what made its conditions hold."""
    facts = [said(field, view) for field in dict.fromkeys(decisive(rule.condition, view))]
    if not facts:
        return Bilingual(f"règle « {rule.name} »", f"rule '{rule.name}'")
    reasons = joined(facts, " et ", " and ")
    return Bilingual(f"règle « {rule.name} » : {reasons.fr}", f"rule '{rule.name}': {reasons.en}")
