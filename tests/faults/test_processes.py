"""Real processes killed with -9 in mid-flow, real Redis emptied; minutes pass by starting again with a later clock."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from guichet.carrier.simulator.pace import Pace
from guichet.carrier.simulator.simulator import Simulator, SimulatorSettings
from guichet.core.clock import SystemClock
from guichet.gateway.database import Database
from guichet.gateway.outbox import outbox
from guichet.gateway.services import open_database
from guichet.gateway.settings import Settings
from guichet.routing.agent import Presence
from tests.faults import checker
from tests.faults.evidence import gather
from tests.faults.people import ACCEPTS, PICKS_UP
from tests.gateway.processes import ACCOUNT, PUBLIC, TOKEN, Gateway, gateway, kill, of_folder, until
from tests.journeys.moments import OPEN
from tests.journeys.people import CATHERINE, CLAIRE, EMMA, ENGLISH_LINE, KATHERINE, LINE, LUCAS, agent, keys, person

pytestmark = pytest.mark.faults
TEXT = "bjr jvoudrai un rdv pr ma carte didentite svp"
FAST = 40.0
LOOKS = 8
LEAPS = (20, 40, 60, 80, 100)
"""Minutes after the beginning at which everything is started again."""


class Night:
    """A carrier that stays, and a gateway with its worker and Redis that are killed and started again."""

    def __init__(self, folder: Path, carrier: Simulator, offset: timedelta) -> None:
        self.folder = folder
        self.carrier = carrier
        self._offset = offset

    def offset(self, minutes: int) -> timedelta:
        """Return how far the clock is ahead once so many minutes have passed."""
        return self._offset + timedelta(minutes=minutes)

    @asynccontextmanager
    async def up(self, minutes: int) -> AsyncIterator[Gateway]:
        """Start the gateway, so many minutes later; at the end kill it, if it is not dead."""
        seconds = int(self.offset(minutes).total_seconds())
        own = {"twilio_api_url": self.carrier.api_url, "clock_offset": seconds}
        async with gateway(self.folder, "--embedded", "--role", "web", **own) as started:
            object.__setattr__(self.carrier._address, "local", started.url)
            yield started
            await started.killed()

    @asynccontextmanager
    async def database(self, minutes: int = 0) -> AsyncIterator[Database]:
        """Open the database beside it."""
        clock = SystemClock(self.offset(minutes))
        async with open_database(Settings(data_dir=self.folder), clock) as database:
            yield database

    def killed(self, *words: str) -> None:
        """Kill -9 what has these words in its command."""
        found = of_folder(self.folder, *words)
        if found:
            kill(found)

    async def stalled(self, seconds: float, *words: str) -> None:
        """Stop a process for a while."""
        found = of_folder(self.folder, *words)
        for pid in found:
            os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(seconds)
        for pid in found.keys() & of_folder(self.folder, *words).keys():
            os.kill(pid, signal.SIGCONT)

    def rung(self, direction: str) -> Callable[[], bool]:
        """Whether such a telephone has rung."""
        return lambda: any(call.direction == direction for call in self.carrier.calls)

    async def come_back(self, minutes: int) -> None:
        """Let agents who were taken for absent sign in again."""
        async with self.database(minutes) as database, database.begin() as unit:
            for one in await unit.agents.all():
                await unit.agents.change(one.id, Presence.AWAY, Presence.AVAILABLE, one.since)

    async def due(self, minutes: int) -> Sequence[str]:
        """Return the jobs that will be due when so many minutes have passed."""
        async with self.database(minutes) as database, database.read() as unit:
            due = sa.select(outbox.c.id).where(outbox.c.due_at <= SystemClock(self.offset(minutes)).now())
            return (await unit.connection.scalars(due)).all()

    async def until_done(self, jobs: Sequence[str]) -> None:
        """Wait until these jobs are done, no other has begun, and no telephone rings or talks."""

        async def is_done() -> bool:
            async with self.database() as database, database.read() as unit:
                waits = sa.and_(outbox.c.id.in_(jobs), outbox.c.done_at.is_(None), outbox.c.tries == 0)
                open_ones = sa.or_(waits, outbox.c.started_at.is_not(None))
                is_open = await unit.connection.scalar(sa.select(sa.exists().where(open_ones)))
            return not is_open and all(call.state.is_final for call in self.carrier.calls)

        for _ in range(LOOKS):  # what one job or call has caused may be on its way to the worker
            await until(is_done)
            await asyncio.sleep(0.3)

    async def broken(self) -> list[str]:
        """Return the promises that are broken; what is due later is no such thing."""
        async with self.database() as database:
            found = list(checker.violations(await gather(self.carrier, database)))
        return [one for one in found if not one.startswith(("stuck: the call", "stuck: the job"))]


def _open_today() -> timedelta:
    """Return how far the clock is from a Tuesday morning on which every desk is open."""
    return OPEN - datetime.now(UTC)


async def test_real_processes_killed_at_every_turn_break_no_promise(tmp_path: Path) -> None:
    offset = _open_today()
    settings = SimulatorSettings(ACCOUNT, TOKEN, public_url=PUBLIC, pace=Pace(FAST), clock=SystemClock(offset))
    async with Simulator(settings) as carrier:
        night = Night(tmp_path, carrier, offset)
        carrier.party(CLAIRE, ACCEPTS)
        carrier.party(KATHERINE, PICKS_UP)
        wishes = person(("Say in one", keys("8")), ("press 1", keys("4")), ("date of birth", keys("27091979")))
        async with night.up(0) as first:
            texts = [asyncio.create_task(carrier.text(number, LINE, TEXT)) for number in (CATHERINE, LUCAS, EMMA)]
            await until(lambda: carrier.messages.all)
            night.killed("guichet worker")
            await asyncio.gather(*texts)
            night.killed("valkey")
            await carrier.call(KATHERINE, ENGLISH_LINE, wishes)
            async with night.database() as database, database.begin() as unit:
                await unit.agents.add(agent("claire", CLAIRE))
            await first.killed()
        async with night.up(3):
            await until(night.rung("outbound-api"))
            night.killed("guichet worker")
            await until(night.rung("outbound-dial"))
        async with night.up(9):
            for who in ("guichet worker", "guichet serve", "valkey"):
                await night.stalled(1.0, who)
            night.killed("valkey")
        for minutes in LEAPS:
            await night.come_back(minutes)
            due = await night.due(minutes)
            async with night.up(minutes):
                await night.until_done(due)
            if not await night.broken():
                break
        assert await night.broken() == []
