"""How well citizens are served: what is counted, and the rates made of it (exact definitions: docs/measures.md). Pure.

A contact is a call or a conversation by text. A demand is a request, however often the citizen asks again, or a contact
that was to get a person and ended before any request was opened.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_HOUR = timedelta(hours=1)

RATED = "rated"
"""The outcome of a text that says how its writer was served."""
NO_CONTENT = ("opt_in", "opt_out", "silent", RATED)
"""Outcomes of texts that ask for nothing: START, STOP, what is not to be answered, scores. They count nowhere."""
SELF_SERVED = ("answer", "status", "cancel", "cancelled", "moved", "other_number", "help")
"""Outcomes of contacts that got what they came for without an agent."""
TOLD = "emergency"
"""The outcome of contacts that were told the emergency numbers: served, unless a person was to come besides."""
INFORMED = "informed"
"""The outcome of callers who were content with the urgent message: they are counted apart."""
TO_A_PERSON = ("agent", "callback")
"""Decisions by which a contact needs an agent."""
MERGED = "merged"
"""How the reason of a request begins that was closed as another one's: it is no demand of its own."""
UNFINISHED = timedelta(days=1)
"""A contact that has no outcome yet is not counted for so long; then it counts as one who left."""
COMES_BACK = timedelta(days=7)
"""Who comes back about the same matter within this time was not settled at the first contact."""


class By(StrEnum):
    """What the figures are told apart by; the keys are texts (a month: `2026-03`) but for hours (0 to 23) and days."""

    ALL = "all"
    LINE = "line"
    QUEUE = "queue"
    MATTER = "matter"
    CHANNEL = "channel"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


Key = str | int | date


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the administration, first and last included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """When the first day begins."""
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """When the day after the last begins."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def offsets(self) -> tuple[tuple[datetime, timedelta], ...]:
        """Return the offsets from UTC in these days, in order, each with the moment it begins at (on a full hour)."""
        found: list[tuple[datetime, timedelta]] = []
        at = self.start
        while at < self.end:
            offset = at.astimezone(self.zone).utcoffset() or timedelta()
            if not found or found[-1][1] != offset:
                found.append((at, offset))
            at += _HOUR
        return tuple(found)

    def months(self) -> tuple["Period", ...]:
        """Return the months of these days, the first and the last as far as they are in it."""
        found: list[Period] = []
        first = self.first
        while first <= self.last:
            after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
            found.append(Period(first, min(after - timedelta(days=1), self.last), self.zone))
            first = after
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Measures:
    """What was counted of one group. Times are whole microseconds; None where there is nothing to measure.

    Of contacts: `served` with or without an agent, `gone` before it was known what they wanted, `informed` apart;
    `samples` are invented ones (`sample_history`).
    Of demands (`needing`): `handled`, `waiting`, `abandoned` on hold, `left` before any request, `withdrawn`, `lost`.
    `overtakes` are demands that an agent took before others of their queue who had come earlier, `overtaken` how many
    those were. Of texts of ours that left: `texts`, `text_parts`, and `text_cost` in millionths of a unit of currency.
    Of surveys: `surveyed` who were asked, `rated` who answered, `satisfied` of them, the sum of their `score`.
    The rest is in the properties and in docs/measures.md.
    """

    contacts: int = 0
    served: int = 0
    gone: int = 0
    informed: int = 0
    samples: int = 0
    needing: int = 0
    handled: int = 0
    waiting: int = 0
    abandoned: int = 0
    left: int = 0
    withdrawn: int = 0
    lost: int = 0
    held: int = 0
    due: int = 0
    in_time: int = 0
    calls_due: int = 0
    calls_kept: int = 0
    settled: int = 0
    at_first_contact: int = 0
    waited: int = 0
    wait_median: int | None = None
    wait_of_9_in_10: int | None = None
    held_through: int = 0
    hold_median: int | None = None
    hold_of_9_in_10: int | None = None
    talks: int = 0
    talked: int = 0
    talk_median: int | None = None
    write_ups: int = 0
    written_up: int = 0
    handling_median: int | None = None
    handling_of_9_in_10: int | None = None
    overtakes: int = 0
    overtaken: int = 0
    texts: int = 0
    text_parts: int = 0
    text_cost: int = 0
    surveyed: int = 0
    rated: int = 0
    satisfied: int = 0
    score: int = 0

    @property
    def answer_rate(self) -> float | None:
        """Handled by an agent, of those who needed one."""
        return _part(self.handled, self.needing)

    @property
    def overall_rate(self) -> float | None:
        """Served, with or without an agent, of all contacts."""
        return _part(self.served, self.contacts)

    @property
    def service_level(self) -> float | None:
        """Handled within the target, of the demands whose target has come or that have ended."""
        return _part(self.in_time, self.due)

    @property
    def abandonment(self) -> float | None:
        """Hung up on hold, of those who held."""
        return _part(self.abandoned, self.held)

    @property
    def callbacks_kept(self) -> float | None:
        """Called by the time that was promised, of the callbacks promised."""
        return _part(self.calls_kept, self.calls_due)

    @property
    def first_contact(self) -> float | None:
        """Settled at the first contact, of what was settled."""
        return _part(self.at_first_contact, self.settled)

    @property
    def satisfaction(self) -> float | None:
        """Satisfied (4 or 5 of 5), of those who answered the survey."""
        return _part(self.satisfied, self.rated)

    @property
    def survey_answers(self) -> float | None:
        """Answered the survey, of those who were asked."""
        return _part(self.rated, self.surveyed)

    @property
    def score_mean(self) -> float | None:
        """The mean score, from 1 to 5."""
        return _part(self.score, self.rated)

    @property
    def wait_mean(self) -> float | None:
        """The mean wait of those handled, in microseconds."""
        return _part(self.waited, self.handled)

    @property
    def talk_mean(self) -> float | None:
        """The mean length of a conversation, in microseconds."""
        return _part(self.talked, self.talks)

    @property
    def write_up_mean(self) -> float | None:
        """The mean time of writing one up, in microseconds."""
        return _part(self.written_up, self.write_ups)

    @property
    def handling_mean(self) -> float | None:
        """The mean of conversation and writing up, in microseconds."""
        return _part(self.talked + self.written_up, self.talks)


def _part(some: int, every: int) -> float | None:
    return some / every if every else None


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period: all together, by channel (calls and texts wait alike, or it shows), and by something.

    By month, `months` has the channels of each. `oldest` is when the day was counted that was counted longest ago
    (None: all of them at `now`).
    """

    period: Period
    now: datetime
    by: By
    all: Measures
    channels: dict[Key, Measures]
    rows: dict[Key, Measures]
    months: dict[str, dict[Key, Measures]] = field(default_factory=dict)
    oldest: datetime | None = None
