"""The live board: who waits, who is there to serve them, how today goes beside a usual day. Pure, but for `Boards`.

A snapshot is made once a second at most, whoever looks, and only while somebody looks. A usual day is the mean of the
same weekday in the four weeks before, hour by hour.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from guichet.console.fresh import Fresh
from guichet.core.clock import Clock
from guichet.core.ids import RequestId
from guichet.routing.agent import Agent, Presence
from guichet.routing.agent_store import AgentStore
from guichet.routing.measures import By, Key, Measures, Period

WEEKS = 4
"""Weeks before, of which a usual day is made."""
AT_RISK = timedelta(minutes=15)
"""A target that runs out within this time is at risk."""
FRESH = timedelta(seconds=1)
"""How long a snapshot serves everybody who looks."""
MEASURED, LONGEST = timedelta(seconds=5), timedelta(seconds=60)
"""How long the figures of today serve; who looks after LONGEST waits for new ones."""
HOURS = 24
MOST_HELPS = 20
"""Calls for help that a board shows."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Those who wait in a queue by one way (`hold`, `callback`, `text`); `being_called` are rung or talked to now."""

    queue: str
    kind: str
    waiting: int
    being_called: int
    oldest: datetime | None
    late: int
    at_risk: int


@dataclass(frozen=True, slots=True)
class Help:
    """An agent's call for help that nobody has answered: about which request, of which queue."""

    id: str
    name: str
    request: RequestId
    reference: str
    queue: str
    at: datetime


class BoardStore(Protocol):
    """Reads who waits, inside the current transaction."""

    async def waiting(self, now: datetime) -> Sequence[Waiting]:
        """Return those who wait by queue and way, `late` and `at_risk` by their targets."""
        ...

    async def helps(self) -> Sequence[Help]:
        """Return the calls for help that nobody has answered, the oldest first."""
        ...


class MeasureStore(Protocol):
    """Reads figures."""

    async def of(self, period: Period, by: By, now: datetime) -> dict[Key, Measures]:
        """Return the figures of each group, as they were counted lately."""
        ...

    async def count(self, day: date, zone: ZoneInfo, now: datetime) -> Mapping[By, Mapping[Key, Measures]]:
        """Count a day, by everything that a day is told apart by."""
        ...


class BoardUnit(Protocol):
    """What a board reads."""

    @property
    def board(self) -> BoardStore:
        """Who waits."""
        ...

    @property
    def agents(self) -> AgentStore:
        """The agents."""
        ...

    @property
    def kept_measures(self) -> MeasureStore:
        """The figures."""
        ...


ReadBoard = Callable[[], AbstractAsyncContextManager[BoardUnit]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Today so far, by channel, and hour by hour beside a usual day; the hours to come are None."""

    today: Measures
    channels: Mapping[Key, Measures]
    hours: tuple[int | None, ...]
    usual: tuple[float | None, ...]
    usual_so_far: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """A snapshot. `presences` counts the agents by what they do, in the order of `Presence`."""

    at: datetime
    waiting: tuple[Waiting, ...]
    agents: tuple[Agent, ...]
    helps: tuple[Help, ...]
    figures: Figures

    @property
    def presences(self) -> dict[Presence, int]:
        """How many agents do what."""
        return {one: sum(agent.presence is one for agent in self.agents) for one in Presence}

    @property
    def all_waiting(self) -> int:
        """How many wait."""
        return sum(one.waiting for one in self.waiting)

    @property
    def late(self) -> int:
        """How many wait longer than was promised."""
        return sum(one.late for one in self.waiting)

    @property
    def at_risk(self) -> int:
        """Of how many the target runs out soon."""
        return sum(one.at_risk for one in self.waiting)


class Boards:
    """Makes snapshots. `zone` gives the counter's time zone."""

    def __init__(self, read: ReadBoard, clock: Clock, zone: Callable[[], ZoneInfo]) -> None:
        self._read = read
        self._clock = clock
        self._zone = zone
        self._turn = asyncio.Lock()
        self._board: Board | None = None
        self._usual: tuple[date, tuple[float | None, ...]] | None = None
        self._figures: Fresh[Figures] = Fresh(clock, MEASURED, LONGEST)

    async def now(self) -> Board:
        """Return a snapshot of this second."""
        async with self._turn:
            now = self._clock.now()
            if self._board is None or not timedelta() <= now - self._board.at < FRESH:
                self._board = await self._made(now)
            return self._board

    async def close(self) -> None:
        """End what is being counted."""
        await self._figures.close()

    async def _made(self, now: datetime) -> Board:
        async with self._read() as unit:
            waiting = tuple(await unit.board.waiting(now))
            agents = await unit.agents.all()
            helps = tuple(await unit.board.helps())
        return Board(now, waiting, agents, helps, (await self._figures.of("", self._counted)).value)

    async def _counted(self, now: datetime) -> Figures:
        zone = self._zone()
        local = now.astimezone(zone)
        async with self._read() as unit:
            today = await unit.kept_measures.count(local.date(), zone, now)
        hours = today[By.HOUR]
        usual = await self._usual_of(local.date(), zone, now)
        seen = tuple(hours[at].contacts if at in hours else 0 for at in range(local.hour + 1))
        part = (local.minute * 60 + local.second) / 3600
        return Figures(
            today[By.ALL].get("", Measures()),
            today[By.CHANNEL],
            (*seen, *[None] * (HOURS - len(seen))),
            usual,
            _so_far(usual, local.hour, part),
            now,
        )

    async def _usual_of(self, day: date, zone: ZoneInfo, now: datetime) -> tuple[float | None, ...]:
        """Return the contacts of each hour on a usual day of that weekday, counted once a day."""
        if self._usual is None or self._usual[0] != day:
            async with self._read() as unit:
                days = [day - timedelta(weeks=weeks) for weeks in range(1, WEEKS + 1)]
                found = [await unit.kept_measures.of(Period(one, one, zone), By.HOUR, now) for one in days]
            self._usual = day, usual_day(found)
        return self._usual[1]


def usual_day(days: Sequence[Mapping[Key, Measures]]) -> tuple[float | None, ...]:
    """Return the mean contacts of each hour over the days that had any; None for all where none had."""
    busy = [one for one in days if any(measures.contacts for measures in one.values())]
    if not busy:
        return (None,) * HOURS
    return tuple(sum(one.get(at, Measures()).contacts for one in busy) / len(busy) for at in range(HOURS))


def _so_far(usual: Sequence[float | None], hour: int, part: float) -> float | None:
    """Return how many contacts a usual day has by now: whole hours, and the part of this one that has passed."""
    if usual[0] is None:
        return None
    whole = sum(one or 0.0 for one in usual[:hour])
    return whole + (usual[hour] or 0.0) * part
