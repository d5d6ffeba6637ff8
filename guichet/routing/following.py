"""The rules of requests that go on: what reminders add to their urgency, and what calls that were given up do. Pure."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """Each `every` reminders add `priority` to the urgency of a request, `most` in all (0: none do)."""

    every: int = 0
    priority: int = 10
    most: int = 30

    def added_at(self, reminders: int) -> int:
        """Return what the reminder of this number adds."""
        if not self.every or reminders <= 0 or reminders % self.every:
            return 0
        steps = reminders // self.every
        return min(steps * self.priority, self.most) - min((steps - 1) * self.priority, self.most)


@dataclass(frozen=True, slots=True)
class AbandonRules:
    """What a call does that its caller gives up.

    It `joins` the open request that it is about, as a reminder. Where there is none it opens a callback, for the
    matters of `opens` (None: for every matter that is known); nobody is called back who has not said what they want.
    """

    joins: bool = True
    opens: frozenset[str] | None = frozenset()

    def may_open(self, intent: str | None) -> bool:
        """Whether a given up call about a matter opens a callback."""
        return bool(intent) and (self.opens is None or intent in self.opens)


@dataclass(frozen=True, slots=True)
class Following:
    """How requests are followed."""

    reminders: ReminderRules = field(default_factory=ReminderRules)
    abandoned: AbandonRules = field(default_factory=AbandonRules)
