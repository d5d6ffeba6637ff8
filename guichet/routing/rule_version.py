"""A version of a book, of rules or intents: what was published, by whom, why, from when it is in force. Pure.

    1 ──→ 2 ──→ 3 ──→ 4 (restores 2) ──→ 5 (restores 1)      a rollback is a publication too: nothing is ever unmade

In force is the version whose moment came last; of two with the same moment, the later publication.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A publication, without its text.

    `digest` is that of the text, as decisions record it. `restores` is the earlier version that a rollback has put
    back. A version that was withdrawn before its moment never comes into force.
    """

    number: int
    digest: str
    author: str
    note: str
    published_at: datetime
    in_force_at: datetime
    restores: int | None = None
    withdrawn_at: datetime | None = None

    @property
    def origin(self) -> int:
        """The version that had this text first."""
        return self.restores or self.number


def in_force(versions: Iterable[RuleVersion], now: datetime) -> RuleVersion | None:
    """Return the version in force at a moment; None before the first."""
    begun = [one for one in versions if one.withdrawn_at is None and one.in_force_at <= now]
    return max(begun, key=lambda one: (one.in_force_at, one.number), default=None)


def scheduled(versions: Iterable[RuleVersion], now: datetime) -> tuple[RuleVersion, ...]:
    """Return the versions whose moment is to come, soonest first."""
    coming = [one for one in versions if one.withdrawn_at is None and one.in_force_at > now]
    return tuple(sorted(coming, key=lambda one: (one.in_force_at, one.number)))


def before(versions: Sequence[RuleVersion], current: RuleVersion, now: datetime) -> RuleVersion | None:
    """Return the version that a rollback goes to: the one in force before the current text was published first.

    Two rollbacks in a row go back two steps, not there and back.
    """
    by_number = {one.number: one for one in versions}
    first = by_number.get(current.origin, current)
    older = [one for one in versions if (one.in_force_at, one.number) < (first.in_force_at, first.number)]
    previous = in_force(older, now)
    return by_number.get(previous.origin, previous) if previous else None
