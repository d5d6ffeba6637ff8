"""The queues in which callers wait, and how somebody is taken out of one."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from guichet.carrier.simulator.calls import new_sid
from guichet.carrier.simulator.leg import Leg
from guichet.carrier.simulator.steps import Target

MOST = 1000


@dataclass(frozen=True, slots=True)
class Taken:
    """Who dialled the queue, and what the caller hears before the bridge (with the document's URL)."""

    by: Leg
    connected: Target | None
    url: str


@dataclass(eq=False, slots=True)
class Member:
    """A caller in a queue."""

    leg: Leg
    since: float
    taken: "asyncio.Future[Taken]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    parted: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def seconds(self) -> int:
        """Whole simulated seconds in the queue."""
        return int(self.leg.record.seconds - self.since)


class Queue:
    """First in, first out."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sid = new_sid("QU")
        self.created = datetime.now(UTC)
        self.members: list[Member] = []
        self._arrival = asyncio.Event()

    def join(self, leg: Leg) -> Member:
        """Stand at the end."""
        member = Member(leg, leg.record.seconds)
        self.members.append(member)
        self._arrival.set()
        return member

    def leave(self, member: Member) -> None:
        """Go, if still there."""
        if member in self.members:
            self.members.remove(member)

    def position(self, member: Member) -> int:
        """Return the place, from 1; a caller just taken out was the first."""
        return self.members.index(member) + 1 if member in self.members else 1

    async def first(self, patience: float) -> Member | None:
        """Take the first caller out, waiting so many real seconds for one."""
        try:
            async with asyncio.timeout(patience):
                while not self.members:
                    self._arrival.clear()
                    await self._arrival.wait()
        except TimeoutError:
            return None
        return self.members.pop(0)


class Queues:
    """The queues by name; made when first used, as Twilio does."""

    def __init__(self) -> None:
        self._queues: dict[str, Queue] = {}

    def open(self, name: str) -> Queue:
        """Return the queue of that name, new or not."""
        return self._queues.setdefault(name, Queue(name))

    def find(self, name: str) -> Queue | None:
        """Return the queue of that name if there is one."""
        return self._queues.get(name)

    def all(self) -> tuple[Queue, ...]:
        """Return every queue, oldest first."""
        return tuple(self._queues.values())
