"""What supervisors do with named drafts: keep what they write under a name, take one up again, delete one."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from guichet.console.account import Account
from guichet.console.audit import AuditStore, Entry
from guichet.console.rule_desk import RuleDesk
from guichet.console.rule_draft import Draft, DraftStore
from guichet.core.clock import Clock
from guichet.core.errors import Conflict, NotFound
from guichet.routing.draft_shelf import DraftShelf, NamedDraft, changed


class ShelfUnit(Protocol):
    """One transaction over both kinds of drafts, and the trail."""

    @property
    def rule_drafts(self) -> DraftStore:
        """What each account is writing."""
        ...

    @property
    def draft_shelf(self) -> DraftShelf:
        """The named drafts."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...


class BeginShelf(Protocol):
    """Opens a transaction."""

    def __call__(self) -> AbstractAsyncContextManager[ShelfUnit]:
        """Open one."""
        ...


class ShelfDesk:
    """The supervisors' shelf of named drafts."""

    def __init__(self, begin: BeginShelf, read: BeginShelf, desk: RuleDesk, clock: Clock) -> None:
        self._begin = begin
        self._read = read
        self._desk = desk
        self._clock = clock

    async def all(self) -> tuple[NamedDraft, ...]:
        """Return the drafts, latest change first."""
        async with self._read() as unit:
            return await unit.draft_shelf.all()

    async def keep(self, account: Account, name: str, note: str) -> NamedDraft:
        """Keep what an account is writing under a name: a new one, or the one it was taken from.

        Raises BadInput for what is no name, Conflict where somebody has kept another draft under it.
        """
        mine, name = await self._desk.draft(account), " ".join(name.split())
        now = self._clock.now()
        async with self._begin() as unit:
            known = await unit.draft_shelf.find(name)
            seen = mine.revision if mine.name == name else 0
            if known is not None and known.revision != seen:
                raise changed(name)
            revision = (known.revision if known else 0) + 1
            draft = NamedDraft(name, mine.text, account.name, note, mine.based_on, now, revision)
            await unit.draft_shelf.put(draft)
            await unit.rule_drafts.save(mine.evolve(name=name, revision=revision, changed_at=now))
            await self._note(unit, account, "rules.draft_kept", name)
        return draft

    async def take_up(self, account: Account, name: str, *, over: bool) -> None:
        """Go on with a named draft. Raises NotFound; Conflict where what one writes would be lost, unless `over`."""
        mine = await self._desk.draft(account)
        is_kept = over or await self._is_kept(mine)
        async with self._begin() as unit:
            draft = await unit.draft_shelf.find(name)
            if draft is None:
                raise NotFound(f"there is no draft '{name}'")
            if not is_kept:
                raise Conflict("what you are writing is kept nowhere else")
            taken = Draft(account.id, draft.text, draft.based_on, self._clock.now(), draft.name, draft.revision)
            await unit.rule_drafts.save(taken)

    async def delete(self, account: Account, name: str) -> None:
        """Delete a named draft; who is writing on it keeps what they write. Raises NotFound."""
        async with self._begin() as unit:
            if not await unit.draft_shelf.delete(name):
                raise NotFound(f"there is no draft '{name}'")
            await self._note(unit, account, "rules.draft_deleted", name)

    async def _is_kept(self, mine: Draft) -> bool:
        """Whether what somebody is writing stands elsewhere: in the version it began with, or under its name."""
        if mine.text == await self._desk.text(mine.based_on):
            return True
        async with self._read() as unit:
            known = await unit.draft_shelf.find(mine.name) if mine.name else None
        return known is not None and known.text == mine.text

    async def _note(self, unit: ShelfUnit, account: Account, action: str, name: str) -> None:
        await unit.audit.note(Entry(self._clock.now(), account.actor, action, f"draft:{name}"))
