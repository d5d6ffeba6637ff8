"""A sample history: invented contacts with the shape of a town hall's days and weeks. It says that it is one. Pure.

The same seed gives the same history. Mondays are the busiest, mornings busier than afternoons, nights nearly silent.
Every contact is decided by the rule book given; `is_sample` marks it wherever it goes.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import ceil

from guichet.core.language import Language
from guichet.routing.decide import decide_with
from guichet.routing.decision import Decision, Facts, Grounds, Outcome, Settled
from guichet.routing.hours import is_open, spans
from guichet.routing.past import Past
from guichet.routing.queueing import Case, Worker
from guichet.routing.replay import needs_agent
from guichet.routing.rule_book import RuleBook

WEEK = (1.35, 1.1, 1.0, 0.95, 0.85, 0.3, 0.05)
"""How busy each weekday is, Monday first."""
DAY = (
    0.05,
    0.03,
    0.02,
    0.02,
    0.03,
    0.1,
    0.3,
    0.8,
    2.2,
    3.2,
    3.0,
    2.4,
    1.2,
    1.5,
    2.6,
    2.3,
    1.7,
    1.0,
    0.5,
    0.4,
    0.3,
    0.2,
)
"""How busy each hour is, from midnight to 22:00; the rest as at midnight."""
MEAN_SECONDS = 240.0
_LOAD = 0.7
"""What part of their time agents are busy."""


@dataclass(frozen=True, slots=True)
class SampleContact:
    """An invented contact: when it began and ended, and what was decided."""

    past: Past
    began: datetime
    ended: datetime
    decision: Decision
    takes: timedelta

    @property
    def outcome(self) -> str:
        """The outcome as a contact keeps it."""
        return "abandoned" if self.past.left_after is not None else self.past.decided.outcome.value


class SampleHistory:
    """Invents `contacts` contacts of the `days` days before `until`."""

    def __init__(self, book: RuleBook, seed: int, days: int, contacts: int, until: datetime) -> None:
        self._book = book
        self._seed = seed
        self._chance = random.Random(seed)  # noqa: S311 - a history to try rules on, no secret
        self._days = days
        self._contacts = contacts
        self._until = until
        matters = [intent for queue in book.queues.values() for intent in sorted(queue.intents)]
        self._chance.shuffle(matters)
        self._matters = [*matters, None]
        self._weights = list(accumulate([*(1 / (rank + 2) for rank in range(len(matters))), 0.15]))

    def __iter__(self) -> Iterator[SampleContact]:
        """Yield the contacts, oldest first; the same ones each time."""
        self._chance = random.Random(self._seed)  # noqa: S311 - a history to try rules on, no secret
        for number, at in enumerate(self._moments()):
            yield self._contact(number, at)

    def workers(self) -> tuple[Worker, ...]:
        """Return as many agents as the contacts keep busy; they know every queue's skills and both languages."""
        open_seconds = sum((end - start).total_seconds() for start, end in self._shifts())
        needed = self._contacts * (MEAN_SECONDS + 30) / max(open_seconds * _LOAD, 1.0)
        skills = frozenset(skill for queue in self._book.queues.values() for skill in queue.skills or {queue.name})
        both, shifts = frozenset(language.value for language in Language), tuple(self._shifts())
        return tuple(Worker(f"agent_sample{one:03}", skills, both, shifts) for one in range(ceil(needed)))

    def case(self, contact: SampleContact) -> Case | None:
        """Return what an agent has to do with a contact; None when nothing."""
        past = contact.past
        if not needs_agent(past, past.decided):
            return None
        facts, decided = past.grounds.facts, past.decided
        return Case(
            past.id,
            past.at,
            decided.queue,
            facts.language.value,
            decided.priority,
            decided.target_at,
            contact.takes,
            past.left_after if decided.outcome is Outcome.AGENT else None,
        )

    def _shifts(self) -> list[tuple[datetime, datetime]]:
        calendar, hours = self._book.calendar, self._book.lines[0].hours
        first = (self._until - timedelta(days=self._days)).astimezone(calendar.zone).date()
        every = [spans(hours, calendar, first + timedelta(days=day)) for day in range(self._days + 1)]
        return [(span.start, span.end) for day in every for span in day]

    def _moments(self) -> list[datetime]:
        """Draw the moments, in order: by weekday and hour, evenly within the hour."""
        start = self._until - timedelta(days=self._days)
        hours = [start + timedelta(hours=hour) for hour in range(24 * self._days)]
        zone = self._book.calendar.zone
        weights = [_weight(hour.astimezone(zone)) for hour in hours]
        drawn = self._chance.choices(hours, weights, k=self._contacts)
        return sorted(hour + timedelta(seconds=round(self._chance.uniform(0, 3599), 3)) for hour in drawn)

    def _contact(self, number: int, began: datetime) -> SampleContact:
        chance, book = self._chance, self._book
        line = book.lines[0]
        matter = chance.choices(self._matters, cum_weights=self._weights)[0]
        voice = chance.random() < 0.85
        facts = Facts(
            line=line.number,
            channel="voice" if voice else "sms",
            language=Language.EN if chance.random() < 0.04 else Language.FR,
            now=began + timedelta(seconds=round(chance.uniform(8, 60), 3)) if voice else began,
            intent=matter,
            certainty=chance.choice(("sure", "check", "unknown")),
            wants_agent=chance.random() < 0.12,
            caller_known=chance.random() < 0.6,
        )
        free = self._free(facts) if voice else frozenset[str]()
        decision = decide_with(book, facts, free)
        left = voice and decision.outcome is Outcome.AGENT and chance.random() < 0.06
        left_after = timedelta(seconds=round(chance.uniform(20, 400), 1)) if left else None
        decided = Settled(decision.outcome, decision.queue, decision.rule, decision.priority, decision.target_at)
        heard = f"(exemple inventé / invented sample) {matter or '—'}"
        past = Past(
            id=f"con_sample{number:08}",
            grounds=Grounds(facts, free),
            decided=decided,
            heard=heard,
            left_after=left_after,
            is_sample=True,
            version=book.version,
        )
        takes = timedelta(seconds=round(min(max(chance.lognormvariate(5.2, 0.6), 20), 1800), 1))
        ended = facts.now + (left_after or timedelta(seconds=round(chance.uniform(5, 30), 1)))
        return SampleContact(past, began, ended, decision, takes)

    def _free(self, facts: Facts) -> frozenset[str]:
        """Draw the skills that are free: none at night, fewer when it is busy."""
        book = self._book
        if not is_open(book.lines[0].hours, book.calendar, facts.now):
            return frozenset()
        busy = min(_weight(facts.now.astimezone(book.calendar.zone)) / 4.5, 0.9)
        skills = sorted({skill for queue in book.queues.values() for skill in queue.skills or {queue.name}})
        return frozenset(skill for skill in skills if self._chance.random() > busy)


def _weight(local: datetime) -> float:
    return WEEK[local.weekday()] * (DAY[local.hour] if local.hour < len(DAY) else DAY[0])
