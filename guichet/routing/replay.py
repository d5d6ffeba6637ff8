"""A replay: past contacts go through a draft of the rule book; what would have changed, and how long people would wait.

    contact ─→ as the published rules decided ─→ desk ─┐
            └→ as the draft decides ───────────→ desk ─┴→ waits, answers and targets, side by side

What another version of the rules decided is decided again by the published ones, and counted apart: what changed
between those versions is not the draft's doing. What the published rules decided is taken as they did.

Both sides go through the same simulation (`queueing`), with the same agents and handling times. It holds as much as
those who wait, whatever the number of contacts. Pure.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

from guichet.routing.deciding_again import DecidingAgain
from guichet.routing.decision import Outcome, Settled
from guichet.routing.past import Past
from guichet.routing.queueing import Case, Desk, Served, Worker
from guichet.routing.rule_book import RuleBook
from guichet.routing.tally import Tally, measured

USUAL_SECONDS = 300.0
"""How long a case takes where nothing is known."""


@dataclass(frozen=True, slots=True)
class Handling:
    """How long cases took, in seconds, by matter; a contact always gets the same of them."""

    by_matter: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def takes(self, contact: str, matter: str | None) -> timedelta:
        """Return how long a contact takes an agent."""
        known = self.by_matter.get(matter or "") or self.by_matter.get("") or (USUAL_SECONDS,)
        return timedelta(seconds=known[crc32(contact.encode()) % len(known)])


@dataclass(frozen=True, slots=True)
class Staff:
    """The agents of those days, and how long they took."""

    workers: tuple[Worker, ...]
    handling: Handling


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes something else for a matter: outcome and queue, before and after."""

    matter: str
    before: tuple[Outcome, str]
    after: tuple[Outcome, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A contact to read: what was said, and the rules that decided it then and now."""

    contact: str
    at: datetime
    heard: str
    rule_before: str
    rule_after: str


class Side:
    """One side of the comparison: its desk, and what came of it by queue and by matter."""

    def __init__(self, staff: Staff, skills: Mapping[str, frozenset[str]]) -> None:
        self.desk = Desk({worker.id: worker for worker in staff.workers}, skills)
        self.queues: defaultdict[str, Tally] = defaultdict(Tally)
        self.matters: defaultdict[str, Tally] = defaultdict(Tally)
        self.answered = 0
        self._handling = staff.handling
        self._matter_of: dict[str, str] = {}

    def take(self, past: Past, decided: Settled) -> None:
        """Take a contact."""
        facts = past.grounds.facts
        if not needs_agent(past, decided):
            self.answered += decided.outcome is Outcome.ANSWER
            return
        holds = decided.outcome is Outcome.AGENT
        self._matter_of[past.id] = facts.intent or ""
        case = Case(
            id=past.id,
            at=past.at,
            queue=decided.queue,
            language=facts.language.value,
            priority=decided.priority,
            target_at=decided.target_at,
            takes=self._handling.takes(past.id, facts.intent),
            patience=past.left_after if holds else None,
        )
        self._note(self.desk.arrive(case))

    def close(self) -> None:
        """Let the last shift end."""
        self._note(self.desk.close())

    def total(self) -> Tally:
        """Return everything together."""
        return sum(self.queues.values(), Tally())

    def _note(self, served: Iterable[Served]) -> None:
        for one in served:
            minutes, step = measured(one)
            self.queues[one.case.queue].add(one, minutes, step)
            self.matters[self._matter_of.pop(one.case.id)].add(one, minutes, step)


def needs_agent(past: Past, decided: Settled) -> bool:
    """Whether somebody has to take a contact: not an answer (unless a person was asked for), nor a danger's numbers."""
    if decided.outcome is Outcome.ANSWER:
        return past.grounds.facts.wants_agent
    return decided.outcome is not Outcome.EMERGENCY


class Replay:
    """Replays contacts, one after the other, in the order of `InOrder`.

    `older` were decided by other versions of the rules than the published one, which decides `outdated` of them
    otherwise: another outcome or queue.
    """

    def __init__(self, published: RuleBook, draft: RuleBook, staff: Staff, examples: int = 3) -> None:
        self.contacts = self.samples = self.other_rule = self.older = self.outdated = 0
        self.changes: Counter[Change] = Counter()
        self.examples: defaultdict[Change, list[Example]] = defaultdict(list)
        self.before = Side(staff, {queue.name: queue.skills for queue in published.queues.values()})
        self.after = Side(staff, {queue.name: queue.skills for queue in draft.queues.values()})
        self._published, self._draft = DecidingAgain(published), DecidingAgain(draft)
        self._examples = examples

    def take(self, past: Past) -> None:
        """Replay a contact."""
        now = self._draft.decide(past)
        then = self._as_published(past, now)
        self.contacts += 1
        self.samples += past.is_sample
        if (then.outcome, then.queue) != (now.outcome, now.queue):
            change = Change(past.grounds.facts.intent or "", (then.outcome, then.queue), (now.outcome, now.queue))
            self.changes[change] += 1
            if len(self.examples[change]) < self._examples:
                self.examples[change].append(Example(past.id, past.at, past.heard, then.rule, now.rule))
        elif then.rule != now.rule:
            self.other_rule += 1
        self.before.take(past, then)
        self.after.take(past, now)

    def close(self) -> None:
        """Let the days end."""
        self.before.close()
        self.after.close()

    def _as_published(self, past: Past, now: Settled) -> Settled:
        """Return what the published rules decided, or decide where it was another version."""
        recorded = past.decided
        if past.version == self._published.version:
            return recorded
        then = now if self._draft.version == self._published.version else self._published.decide(past)
        self.older += 1
        self.outdated += (then.outcome, then.queue) != (recorded.outcome, recorded.queue)
        return then


class InOrder:
    """Puts contacts, which come in the order in which they began, into the order in which they were decided."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, str, Past]] = []

    def add(self, began: datetime, past: Past | None) -> Iterator[Past]:
        """Take a contact (None: one that was not decided); yield those that nobody can come before any more."""
        while self._waiting and self._waiting[0][0] <= began:
            yield heapq.heappop(self._waiting)[2]
        if past is not None:
            heapq.heappush(self._waiting, (past.at, past.id, past))

    def rest(self) -> Iterator[Past]:
        """Yield those that are left."""
        while self._waiting:
            yield heapq.heappop(self._waiting)[2]
