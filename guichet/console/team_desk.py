"""Who is in the team, what they know, when they plan to be there, and what they are told."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from guichet.console.account import Account, AccountId
from guichet.console.account_store import AccountStore
from guichet.console.audit import AuditStore, Entry
from guichet.console.team import Note, Shift, TeamStore
from guichet.core.clock import Clock
from guichet.core.errors import BadInput
from guichet.core.ids import AgentId, new_id
from guichet.routing.agent import Agent
from guichet.routing.agent_store import AgentStore

AHEAD = timedelta(days=14)
"""How far ahead planned presence is shown."""


class TeamUnit(Protocol):
    """One transaction over the team, and the trail of it."""

    @property
    def accounts(self) -> AccountStore:
        """The accounts."""
        ...

    @property
    def agents(self) -> AgentStore:
        """The agents."""
        ...

    @property
    def team(self) -> TeamStore:
        """Notes and planned presence."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...


BeginTeam = Callable[[], AbstractAsyncContextManager[TeamUnit]]


@dataclass(frozen=True, slots=True)
class Team:
    """The accounts, the agents by id, and the presences planned."""

    accounts: Sequence[Account]
    agents: Mapping[AgentId, Agent]
    shifts: Sequence[Shift]

    def agent_of(self, account: Account) -> Agent | None:
        """Return the agent whom an account is."""
        return self.agents.get(account.agent) if account.agent else None

    def next_shift(self, account: Account) -> Shift | None:
        """Return the presence that an account has planned next."""
        return next((shift for shift in self.shifts if shift.account == account.id), None)

    @property
    def unaccounted(self) -> list[Agent]:
        """The agents who have no account."""
        known = {account.agent for account in self.accounts}
        return [agent for agent in self.agents.values() if agent.id not in known]


class TeamDesk:
    """The supervisors' side of the team."""

    def __init__(self, begin: BeginTeam, read: BeginTeam, clock: Clock) -> None:
        self._begin = begin
        self._read = read
        self._clock = clock

    async def team(self) -> Team:
        """Return the team, with what is planned from now on."""
        now = self._clock.now()
        async with self._read() as unit:
            accounts, agents = await unit.accounts.all(), await unit.agents.all()
            shifts = await unit.team.shifts(now, now + AHEAD)
        return Team(accounts, {agent.id: agent for agent in agents}, shifts)

    async def member(self, account_id: AccountId) -> tuple[Account, Sequence[Note]]:
        """Return an account and the notes about it. Raises NotFound."""
        async with self._read() as unit:
            return await unit.accounts.get(account_id), await unit.team.notes_of(account_id)

    async def tell(self, author: Account, account_id: AccountId, text: str) -> None:
        """Write a coaching note. Raises BadInput for an empty one."""
        if not text:
            raise BadInput("a note has words")
        now = self._clock.now()
        note = Note(new_id("note"), account_id, author.name, now, text)
        async with self._begin() as unit:
            await unit.accounts.get(account_id)
            await unit.team.add_note(note)
            await unit.audit.note(Entry(now, author.actor, "coaching.written", f"account:{account_id}"))

    async def plan(self, author: Account, account_id: AccountId, starts_at: datetime, ends_at: datetime) -> None:
        """Plan somebody's presence. Raises BadInput (see `Shift`)."""
        shift = Shift(new_id("shift"), account_id, starts_at, ends_at)
        async with self._begin() as unit:
            await unit.accounts.get(account_id)
            await unit.team.plan(shift)
            await self._note(unit, author, "presence.planned", account_id)

    async def unplan(self, author: Account, account_id: AccountId, shift: str) -> None:
        """Forget a presence that was planned."""
        async with self._begin() as unit:
            await unit.team.unplan(shift)
            await self._note(unit, author, "presence.unplanned", account_id)

    async def own_notes(self, account: Account) -> Sequence[Note]:
        """Return the notes about somebody to themselves, which marks them as read."""
        async with self._begin() as unit:
            notes = await unit.team.notes_of(account.id)
            await unit.team.mark_read(account.id, self._clock.now())
        return notes

    async def _note(self, unit: TeamUnit, author: Account, action: str, account_id: AccountId) -> None:
        await unit.audit.note(Entry(self._clock.now(), author.actor, action, f"account:{account_id}"))
