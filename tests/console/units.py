"""The console's transaction in memory, and people who sign in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from argon2 import PasswordHasher

from guichet.console.account import Account, AccountId
from guichet.console.account_store import MemoryAccountStore
from guichet.console.audit import Look, MemoryAuditStore
from guichet.console.role import Role
from guichet.console.session_store import MemorySessionStore, MemoryTryStore
from guichet.console.sign_in import Browser

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SECRET = "trois chevaux sur le toit"
HERE = Browser("192.0.2.7", "Firefox")
ELSEWHERE = Browser("198.51.100.1", "curl")


@dataclass
class MemoryUnit:
    """A transaction that never rolls back: enough where nothing fails on the way."""

    accounts: MemoryAccountStore = field(default_factory=MemoryAccountStore)
    sessions: MemorySessionStore = field(default_factory=MemorySessionStore)
    tries: MemoryTryStore = field(default_factory=MemoryTryStore)
    audit: MemoryAuditStore = field(default_factory=MemoryAuditStore)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["MemoryUnit"]:
        """Open a transaction."""
        yield self

    async def done(self) -> list[str]:
        """Return what was done, first to last."""
        return [entry.action for entry in reversed(await self.audit.find(Look(limit=200)))]


def account(login: str = "awa", **changes: Any) -> Account:
    known = {"password": CHEAP.hash(SECRET), "role": Role.AGENT, "name": login.title(), "created_at": NOON}
    return Account(**{"id": AccountId(f"acc_{login}"), "login": login, **known, **changes})
