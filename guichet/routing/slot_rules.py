"""The rules of callback slots: how long they are, and how many agents are planned for them. Pure."""

from dataclasses import dataclass

from guichet.routing.hours import Hours


@dataclass(frozen=True, slots=True)
class Planned:
    """So many agents call back for a queue during these hours."""

    queue: str
    hours: Hours
    agents: int


@dataclass(frozen=True, slots=True)
class SlotRules:
    """Slots that citizens may choose. `minutes` is how long one is (0: none are offered).

    `call_minutes` is what a callback takes, so that an agent makes `minutes // call_minutes` of them in a slot. A queue
    for which nothing is planned counts on the agents who are at work when the citizen asks, and on one if nobody is.
    """

    minutes: int = 60
    call_minutes: int = 15
    planned: tuple[Planned, ...] = ()

    def plans(self, queue: str) -> tuple[Planned, ...]:
        """Return what is planned for a queue."""
        return tuple(each for each in self.planned if each.queue == queue)
