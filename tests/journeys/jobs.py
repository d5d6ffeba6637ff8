"""The outbox drained in the test's own process: ids of jobs come from the real relay, and run as tasks."""

import asyncio
from collections.abc import Sequence

from guichet.gateway.aside import Aside
from guichet.gateway.job_runner import JobRunner
from guichet.gateway.relay import Relay
from guichet.gateway.services import Services


class Workshop:
    """The relay, a hand in place of RQ's, and the jobs under way."""

    def __init__(self, services: Services) -> None:
        self._runner = JobRunner(services.database, services.perform)
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[bool]] = set()
        self._relay = Relay(services.database, self._hand)
        self._aside = Aside(services.database, self._runner)
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self.done = 0
        self.lost = 0
        """How many of the next jobs handed over are forgotten, as by a Redis that loses everything."""
        services.database.on_commit = self._wake.set

    async def run(self) -> None:
        """Hand over after every commit, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while await self._hand_over():
                pass

    async def _hand_over(self) -> int:
        """Hand over what is due; one at a time, so that nothing is between the outbox and its task."""
        async with self._turn:
            return await self._relay.once() + await self._aside.once()

    def _hand(self, ids: Sequence[str]) -> None:
        """Start jobs; called in a thread of the relay's."""
        self._loop.call_soon_threadsafe(self._start, list(ids))

    def _start(self, ids: Sequence[str]) -> None:
        for job in ids:
            if self.lost:
                self.lost -= 1
                continue
            self.done += 1
            task = asyncio.create_task(self._runner.run(job))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        """Do what is due, and what that makes due, until nothing is at this moment of the clock."""
        while await self._hand_over() or self._tasks:
            await asyncio.gather(*self._tasks)
            await self._aside.idle()

    async def close(self) -> None:
        """Abandon what is under way."""
        await self._aside.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
