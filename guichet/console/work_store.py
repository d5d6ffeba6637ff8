"""Where the work on cases is kept: the port, and its twin in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from guichet.console.account import AccountId
from guichet.console.work import Concluded, Draft, Flag, Note, Raised
from guichet.core.ids import RequestId

MOST = 100


class WorkStore(Protocol):
    """Notes, drafts, outcomes and flags, inside the current transaction."""

    async def note(self, note: Note) -> None:
        """Keep a note."""
        ...

    async def notes_of(self, request: RequestId) -> Sequence[Note]:
        """Return the notes about a request, oldest first."""
        ...

    async def draft(self, account: AccountId, request: RequestId) -> Mapping[str, str]:
        """Return what somebody has begun to type about a request, by the names of the fields."""
        ...

    async def keep_draft(self, draft: Draft) -> None:
        """Keep fields that are being typed; the others stay as they are, and empty ones go."""
        ...

    async def conclude(self, concluded: Concluded) -> None:
        """Keep how a case ended."""
        ...

    async def outcomes_of(self, request: RequestId) -> Sequence[Concluded]:
        """Return how a case ended, each time, oldest first."""
        ...

    async def to_follow_up(self, account: AccountId, until: date) -> Sequence[Concluded]:
        """Return what somebody has to come back to by a day, and has not settled, the earliest first."""
        ...

    async def settle_outcome(self, outcome: str, account: AccountId, at: datetime) -> bool:
        """Note that somebody has come back to it; False where it is not theirs, or settled."""
        ...

    async def raise_flag(self, raised: Raised) -> None:
        """Keep a flag."""
        ...

    async def flags_of(self, request: RequestId) -> Sequence[Raised]:
        """Return the flags about a request, oldest first."""
        ...

    async def unsettled(self, kind: Flag) -> Sequence[Raised]:
        """Return the flags of a kind that nobody has settled, the oldest first."""
        ...

    async def settle_flag(self, flag: str, account: AccountId, at: datetime) -> bool:
        """Note who has settled a flag; False where somebody has already."""
        ...


class MemoryWorkStore:
    """The twin in memory. No method awaits anything, so that each is atomic."""

    def __init__(self) -> None:
        self._notes: list[Note] = []
        self._drafts: dict[tuple[AccountId, RequestId], dict[str, str]] = {}
        self._outcomes: dict[str, Concluded] = {}
        self._flags: dict[str, Raised] = {}

    async def note(self, note: Note) -> None:
        """Keep a note."""
        self._notes.append(note)

    async def notes_of(self, request: RequestId) -> Sequence[Note]:
        """Return the notes about a request."""
        return sorted((one for one in self._notes if one.request == request), key=lambda one: one.id)

    async def draft(self, account: AccountId, request: RequestId) -> Mapping[str, str]:
        """Return what is being typed."""
        return dict(self._drafts.get((account, request), {}))

    async def keep_draft(self, draft: Draft) -> None:
        """Keep what is being typed."""
        key = (draft.account, draft.request)
        self._drafts[key] = merged(self._drafts.get(key, {}), draft.fields)

    async def conclude(self, concluded: Concluded) -> None:
        """Keep how a case ended."""
        self._outcomes[concluded.id] = concluded

    async def outcomes_of(self, request: RequestId) -> Sequence[Concluded]:
        """Return how a case ended."""
        return sorted((one for one in self._outcomes.values() if one.request == request), key=lambda one: one.id)

    async def to_follow_up(self, account: AccountId, until: date) -> Sequence[Concluded]:
        """Return what somebody has to come back to."""
        due = [
            (one.follow_up, one.id, one)
            for one in self._outcomes.values()
            if one.account == account and one.settled_at is None and one.follow_up and one.follow_up <= until
        ]
        return [one for _, _, one in sorted(due, key=lambda found: found[:2])][:MOST]

    async def settle_outcome(self, outcome: str, account: AccountId, at: datetime) -> bool:
        """Note that it is settled."""
        known = self._outcomes.get(outcome)
        if known is None or known.account != account or known.settled_at is not None:
            return False
        self._outcomes[outcome] = replace(known, settled_at=at)
        return True

    async def raise_flag(self, raised: Raised) -> None:
        """Keep a flag."""
        self._flags[raised.id] = raised

    async def flags_of(self, request: RequestId) -> Sequence[Raised]:
        """Return the flags about a request."""
        return sorted((one for one in self._flags.values() if one.request == request), key=lambda one: one.id)

    async def unsettled(self, kind: Flag) -> Sequence[Raised]:
        """Return the flags that nobody has settled."""
        left = [one for one in self._flags.values() if one.kind is kind and one.settled_at is None]
        return sorted(left, key=lambda one: (one.at, one.id))[:MOST]

    async def settle_flag(self, flag: str, account: AccountId, at: datetime) -> bool:
        """Note who has settled a flag."""
        known = self._flags.get(flag)
        if known is None or known.settled_at is not None:
            return False
        self._flags[flag] = replace(known, settled_at=at, settled_by=account)
        return True


def merged(kept: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a draft with what has been typed since."""
    return {name: text for name, text in {**kept, **typed}.items() if text}
