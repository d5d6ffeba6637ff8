"""What was not understood: masked texts, alike ones together, with the matter they may belong to; settling them."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from guichet.console.account import Account
from guichet.console.audit import AuditStore, Entry
from guichet.console.fresh import Fresh
from guichet.core.clock import Clock
from guichet.core.errors import NotFound
from guichet.core.ids import ContactId
from guichet.routing.unclear import Group, grouped
from guichet.routing.unclear_store import UnclearStore
from guichet.transcripts.redact import without_labels

FRESH, LONGEST = timedelta(minutes=2), timedelta(minutes=10)
"""How long groups serve, but for what is settled."""
MANY = 20
"""Texts that are grouped at once, so quickly that nothing is kept."""
MOST = 400
"""Texts that are grouped at once: the latest. Each asks the matcher for its nearest matter."""


class UnclearUnit(Protocol):
    """One transaction over what was not understood, and the trail of it."""

    @property
    def unclear(self) -> UnclearStore:
        """What was not understood."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...


BeginUnclear = Callable[[], AbstractAsyncContextManager[UnclearUnit]]


class Understanding:
    """Groups and settles. `nearest` names the likeliest matter of a text."""

    def __init__(
        self, begin: BeginUnclear, read: BeginUnclear, nearest: Callable[[str], str | None], clock: Clock
    ) -> None:
        self._begin = begin
        self._read = read
        self._nearest = nearest
        self._clock = clock
        self._groups: Fresh[Sequence[Group]] = Fresh(clock, FRESH, LONGEST, _is_costly)
        self._settled: set[str] = set()

    async def groups(self, days: int) -> Sequence[Group]:
        """Return the groups of the last days, the largest first, without what was settled here since they were made."""
        found = await self._groups.of(days, partial(self._found, days))
        left = (
            replace(group, texts=tuple(one for one in group.texts if one.id not in self._settled))
            for group in found.value
        )
        return [group for group in left if group.texts]

    async def close(self) -> None:
        """End what is being grouped."""
        await self._groups.close()

    async def _found(self, days: int, now: datetime) -> Sequence[Group]:
        """Group; the matcher works in a thread."""
        async with self._read() as unit:
            texts = await unit.unclear.since(now - timedelta(days=days))
        if not texts:
            return ()
        return await asyncio.to_thread(grouped, texts[:MOST], lambda text: self._nearest(without_labels(text)))

    async def settle(self, account: Account, names: Sequence[str]) -> None:
        """Mark texts (`con_…:3`) as dealt with, all of them or none. Raises NotFound."""
        now = self._clock.now()
        async with self._begin() as unit:
            for name in names:
                contact, _, turn = name.partition(":")
                if not turn.isdecimal() or not await unit.unclear.settle(ContactId(contact), int(turn), now):
                    raise NotFound("no such text waits to be looked at")
            await unit.audit.note(Entry(now, account.actor, "unclear.settled", "", {"texts": len(names)}))
        self._settled.update(names)


def _is_costly(groups: Sequence[Group]) -> bool:
    return sum(len(group.texts) for group in groups) > MANY
