"""What supervisors work on: a draft of the rule book each, and replays of drafts; the ports to where both are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from guichet.console.account import AccountId

SILENT = timedelta(seconds=30)
"""A replay that has told nothing for so long was interrupted: the process that ran it has ended."""
KEPT = 20
"""Replays of an account that a list shows."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that an account is writing, and the version it began with.

    `name` is the named draft that it was taken from or kept as (empty: none), `revision` the one of it that was seen.
    """

    account: AccountId
    text: str
    based_on: int
    changed_at: datetime
    name: str = ""
    revision: int = 0

    def evolve(self, **changes: Any) -> "Draft":
        """Return a copy with changes."""
        return replace(self, **changes)


class State(StrEnum):
    """How far a replay is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Run:
    """A replay of a draft over the last days. `result` is what `replay_as_json` tells, once it is done."""

    id: str
    account: AccountId
    days: int
    draft: str
    against: int
    state: State
    started_at: datetime
    changed_at: datetime
    total: int = 0
    done: int = 0
    result: dict[str, Any] | None = None

    def evolve(self, **changes: Any) -> "Run":
        """Return a copy with changes."""
        return replace(self, **changes)

    def seen(self, now: datetime) -> "Run":
        """Return it as it stands now: one that runs no more although nobody has ended it was interrupted."""
        is_dead = self.state is State.RUNNING and now - self.changed_at > SILENT
        return self.evolve(state=State.INTERRUPTED) if is_dead else self


class DraftStore(Protocol):
    """Keeps drafts and replays, inside the current transaction."""

    async def draft(self, account: AccountId) -> Draft | None:
        """Return an account's draft."""
        ...

    async def save(self, draft: Draft) -> None:
        """Keep an account's draft in place of the one before."""
        ...

    async def discard(self, account: AccountId) -> None:
        """Forget an account's draft."""
        ...

    async def save_run(self, run: Run) -> None:
        """Keep a replay as it stands."""
        ...

    async def run(self, run_id: str) -> Run | None:
        """Return a replay."""
        ...

    async def runs(self, account: AccountId) -> Sequence[Run]:
        """Return an account's replays without results, latest first, KEPT at most."""
        ...


class MemoryDraftStore:
    """The twin in memory."""

    def __init__(self) -> None:
        self._drafts: dict[AccountId, Draft] = {}
        self._runs: dict[str, Run] = {}

    async def draft(self, account: AccountId) -> Draft | None:
        """Return an account's draft."""
        return self._drafts.get(account)

    async def save(self, draft: Draft) -> None:
        """Keep an account's draft."""
        self._drafts[draft.account] = draft

    async def discard(self, account: AccountId) -> None:
        """Forget an account's draft."""
        self._drafts.pop(account, None)

    async def save_run(self, run: Run) -> None:
        """Keep a replay as it stands."""
        self._runs[run.id] = run

    async def run(self, run_id: str) -> Run | None:
        """Return a replay."""
        return self._runs.get(run_id)

    async def runs(self, account: AccountId) -> Sequence[Run]:
        """Return an account's replays, latest first."""
        own = [run.evolve(result=None) for run in self._runs.values() if run.account == account]
        return sorted(own, key=lambda run: run.id, reverse=True)[:KEPT]
