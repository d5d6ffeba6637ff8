"""Slots for callbacks: which there are, how many callbacks fit into one, and which suit a wish best. Pure.

A slot is a piece of the counter's day (`rappels`, `creneaux` in the rule book) that lies inside its hours and, on the
citizen's own clock, inside decent ones. As many callbacks fit as the agents planned for it can make; what is promised
already takes its place wherever it overlaps, so that a book with other slots breaks no promise.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guichet.callbacks.request import Request
from guichet.callbacks.windows import counter_hours, home_calendar
from guichet.core.language import Bilingual
from guichet.routing.hours import DAY_MINUTES, Calendar, Hours, Span, instant, spans
from guichet.routing.hours_in_words import day_in_words, joined, time_in_words
from guichet.routing.rule_book import RuleBook
from guichet.transcripts.spoken.when import When

NOON = time(12, 0)
MOST_OF_A_HALF = 2
"""Slots of one half-day that are offered instead of a full one: who cannot then needs another day."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """From when to when somebody is called back, in UTC; the end is outside."""

    starts: datetime
    ends: datetime

    def meets(self, other: "Slot") -> bool:
        """Whether they have time in common."""
        return self.starts < other.ends and other.starts < self.ends

    def gap_to(self, other: "Slot") -> tuple[timedelta, timedelta]:
        """Return the time between them, and between their beginnings."""
        gap = max(other.starts - self.ends, self.starts - other.ends, timedelta())
        return gap, abs(other.starts - self.starts)


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot and how it is said on the telephone, for the citizen's own clock."""

    slot: Slot
    told: Bilingual


@dataclass(frozen=True, slots=True)
class Taken:
    """So many callbacks are promised for a slot."""

    slot: Slot
    count: int


@dataclass(frozen=True, slots=True)
class Board:
    """All slots of a request in some stretch of time, in order, and those of them that have room."""

    slots: tuple[Slot, ...] = ()
    free: tuple[Slot, ...] = ()

    def without(self, unwished: Slot | None) -> "Board":
        """Return the board without the slots that meet a time which does not suit."""
        if unwished is None:
            return self
        slots, free = (tuple(slot for slot in some if not slot.meets(unwished)) for some in (self.slots, self.free))
        return Board(slots, free)


def slots_between(book: RuleBook, request: Request, since: datetime, until: datetime) -> tuple[Slot, ...]:
    """Return the slots that start in a stretch of time, in order."""
    length = book.calling.slots.minutes
    if not length:
        return ()
    zone = book.calendar.zone
    day, last = since.astimezone(zone).date() - timedelta(days=1), until.astimezone(zone).date()
    found: set[Slot] = set()
    while day <= last:
        open_spans = list(_open_spans(book, request, day))
        for piece in _pieces(zone, day, length) if open_spans else ():
            if since <= piece.starts < until and any(_inside(piece, span) for span in open_spans):
                found.add(piece)
        day += timedelta(days=1)
    return tuple(sorted(found))


def _open_spans(book: RuleBook, request: Request, day: date) -> Iterator[Span]:
    """Yield when the counter is open on a day of its own, and it is a decent hour where the citizen lives."""
    home = home_calendar(book, request)
    decent = [span for ahead in (-1, 0, 1, 2) for span in spans(book.calling.hours, home, day + timedelta(days=ahead))]
    for counter in spans(counter_hours(book, request), book.calendar, day):
        for other in decent:
            both = Span(max(counter.start, other.start), min(counter.end, other.end))
            if both.start < both.end:
                yield both


def _pieces(zone: ZoneInfo, day: date, length: int) -> Iterator[Slot]:
    """Yield the pieces of a day, and of the night after it; one that a clock change shortens or repeats is left out."""
    for minutes in range(0, 2 * DAY_MINUTES, length):
        starts, ends = instant(zone, day, minutes), instant(zone, day, minutes + length)
        if ends - starts == timedelta(minutes=length):
            yield Slot(starts, ends)


def _inside(slot: Slot, span: Span) -> bool:
    return span.start <= slot.starts and slot.ends <= span.end


def capacity(book: RuleBook, queue: str, slot: Slot, at_work: int) -> int:
    """Return how many callbacks fit into a slot, with the agents planned or, without a plan, those who are at work."""
    rules = book.calling.slots
    plans = rules.plans(queue)
    agents = max(1, at_work)
    if plans:
        agents = sum(plan.agents for plan in plans if _covers(plan.hours, book.calendar, slot))
    return agents * (rules.minutes // rules.call_minutes)


def _covers(hours: Hours, calendar: Calendar, slot: Slot) -> bool:
    """Whether a slot lies inside some hours."""
    day = slot.starts.astimezone(calendar.zone).date()
    return any(_inside(slot, span) for ahead in (-1, 0) for span in spans(hours, calendar, day + timedelta(days=ahead)))


def with_room(
    book: RuleBook, queue: str, slots: Iterable[Slot], taken: Sequence[Taken], at_work: int
) -> tuple[Slot, ...]:
    """Return the slots into which one more callback fits."""
    return tuple(
        slot
        for slot in slots
        if sum(other.count for other in taken if other.slot.meets(slot)) < capacity(book, queue, slot, at_work)
    )


def wished(when: When, zone: ZoneInfo) -> Slot:
    """Return the time that somebody wishes, said on the clock of that zone."""
    starts, ends = (datetime.combine(when.day, at, zone).astimezone(UTC) for at in (when.starts, when.ends))
    return Slot(starts, max(ends, starts + timedelta(minutes=1)))


def unwished(when: When, zone: ZoneInfo) -> Slot | None:
    """Return the time that a wish excepts, if any."""
    if when.but is None:
        return None
    starts, ends = (datetime.combine(when.day, at, zone).astimezone(UTC) for at in when.but)
    return Slot(starts, ends)


def suiting(slots: Sequence[Slot], wish: Slot) -> tuple[Slot, ...]:
    """Return the slots that suit a wish, the best first.

    Those that lie inside it; those that start in it; and last the one in which it begins (`à 16 h 30`, before closing).
    """
    inside = [slot for slot in slots if wish.starts <= slot.starts and slot.ends <= wish.ends]
    start_in = [slot for slot in slots if wish.starts <= slot.starts < wish.ends]
    begin = [slot for slot in slots if slot.starts <= wish.starts < slot.ends]
    return tuple(dict.fromkeys((*inside, *start_in, *begin)))


def nearest(slots: Iterable[Slot], wish: Slot, zone: ZoneInfo, count: int) -> tuple[Slot, ...]:
    """Return the slots nearest to a wish, in order of time; two of a half-day at most."""
    chosen: list[Slot] = []
    halves: Counter[tuple[date, bool]] = Counter()
    for slot in sorted(slots, key=wish.gap_to):
        half = _half_day(slot, zone)
        halves[half] += 1
        if halves[half] <= MOST_OF_A_HALF:
            chosen.append(slot)
    return tuple(sorted(chosen[:count]))


def _half_day(slot: Slot, zone: ZoneInfo) -> tuple[date, bool]:
    """Return the citizen's day, and whether it is the afternoon."""
    local = slot.starts.astimezone(zone)
    return local.date(), local.time() >= NOON


def by_half_days(slots: Sequence[Slot], zone: ZoneInfo, count: int) -> tuple[Slot, ...]:
    """Return the first slot of each morning and afternoon of the citizen's, for the first so many of them."""
    first: dict[tuple[date, bool], Slot] = {}
    for slot in slots:
        first.setdefault(_half_day(slot, zone), slot)
    return tuple(first.values())[:count]


def slot_in_words(slot: Slot, now: datetime, zone: ZoneInfo) -> Bilingual:
    """Say a slot: `demain entre 9 heures et 10 heures`, `on Thursday 5 March between 2 pm and 3 pm`."""
    day = day_in_words(slot.starts, now, zone)
    local = [moment.astimezone(zone) for moment in (slot.starts, slot.ends)]
    hours = joined([time_in_words(at.hour * 60 + at.minute) for at in local], " et ", " and ")
    return Bilingual(f"{day.fr} entre {hours.fr}", f"{day.en} between {hours.en}")
