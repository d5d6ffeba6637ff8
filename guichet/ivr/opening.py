"""New calls are kept together: what arrives while one transaction is under way shares the next one (group commit).

    webhook ─┐
    webhook ─┼→ waiting ──→ one transaction ──→ each webhook goes on
    webhook ─┘

Each webhook waits for the commit that holds its call: nothing is answered that is not kept. A batch that fails is
tried again call by call, so that one bad call harms no other.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from guichet.citizens.contact import Contact
from guichet.ivr.ports import Begin
from guichet.ivr.record import CallRecord, TurnRecord

LARGEST_BATCH = 250


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new call leaves in the database."""

    contact: Contact
    call: CallRecord
    turn: TurnRecord


class Keeper(Protocol):
    """Keeps new calls: `Openings`, or what is quicker for a kind of database."""

    async def add(self, opening: Opening) -> None:
        """Return when the call is kept. Raises what the database raises; harmless when repeated."""
        ...


class Openings:
    """Keeps new calls, many in one transaction, over any database."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._waiting: list[tuple[Opening, asyncio.Future[None]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def add(self, opening: Opening) -> None:
        """Return when the call is kept. Raises what the database raises; harmless when repeated."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((opening, done))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        await done

    async def _work(self) -> None:
        """Keep batch after batch until nothing waits."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
                await self._keep_batch(batch)
        finally:
            self._worker = None

    async def _keep_batch(self, batch: Sequence[tuple[Opening, "asyncio.Future[None]"]]) -> None:
        """Keep a batch, or each of its calls where the batch fails."""
        try:
            await self._keep([opening for opening, _ in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is each webhook's to answer for
            if len(batch) == 1:
                _tell(batch[0][1], error)
                return
            for one in batch:
                await self._keep_batch([one])
        else:
            for _, done in batch:
                _tell(done, None)

    async def _keep(self, openings: Sequence[Opening]) -> None:
        """Keep calls in one transaction."""
        async with self._begin() as unit:
            await unit.contacts.add_many([opening.contact for opening in openings])
            await unit.calls.open_many([(opening.call, opening.turn) for opening in openings])


def _tell(done: "asyncio.Future[None]", error: Exception | None) -> None:
    """Wake a webhook, unless it has gone."""
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
