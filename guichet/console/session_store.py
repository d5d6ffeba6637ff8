"""Where sessions and attempts to sign in are kept: the ports, and their twins in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from guichet.console.account import AccountId
from guichet.console.session import Session
from guichet.core.ids import new_id

MOST_FAILURES = 200
"""Failures that are looked at: more change nothing."""


class SessionStore(Protocol):
    """The sessions, inside the current transaction."""

    async def add(self, session: Session) -> None:
        """Keep a new session."""
        ...

    async def get(self, session_id: str) -> Session | None:
        """Return a session, alive or not."""
        ...

    async def save(self, session: Session) -> None:
        """Write a changed session; one that has been ended meanwhile stays ended."""
        ...

    async def of_account(self, account: AccountId) -> Sequence[Session]:
        """Return the sessions of an account, last seen first."""
        ...

    async def end(self, session_id: str) -> None:
        """End a session."""
        ...

    async def end_all(self, account: AccountId, *, but: str = "") -> int:
        """End every session of an account but one; return how many."""
        ...

    async def forget_expired(self, now: datetime) -> None:
        """Remove the sessions whose time is over."""
        ...


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt to sign in: the digest of the login, from where, when, and whether it succeeded.

    It is kept as a failure before the password is looked at: however many try at once, each is counted.
    """

    login: str
    address: str
    at: datetime
    succeeded: bool = False
    id: str = field(default_factory=lambda: new_id("try"))


class TryStore(Protocol):
    """The attempts to sign in, inside the current transaction."""

    async def add(self, attempt: Try) -> None:
        """Keep an attempt."""
        ...

    async def succeeded(self, attempt: Try) -> None:
        """Note that an attempt has succeeded."""
        ...

    async def failures(self, login: str, address: str, since: datetime) -> Sequence[Try]:
        """Return the last MOST_FAILURES failures of a login, or from an address, since a moment, oldest first."""
        ...

    async def last_success(self, login: str, address: str) -> datetime | None:
        """Return when a login was last opened from an address."""
        ...

    async def forget_before(self, moment: datetime) -> None:
        """Remove older ones."""
        ...


class MemorySessionStore:
    """The twin in memory."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    async def add(self, session: Session) -> None:
        """Keep a new session."""
        self._sessions[session.id] = session

    async def get(self, session_id: str) -> Session | None:
        """Return a session."""
        return self._sessions.get(session_id)

    async def save(self, session: Session) -> None:
        """Write a changed session."""
        if session.id in self._sessions:
            self._sessions[session.id] = session

    async def of_account(self, account: AccountId) -> Sequence[Session]:
        """Return the sessions of an account."""
        own = [one for one in self._sessions.values() if one.account == account]
        return sorted(own, key=lambda one: (one.seen_at, one.id), reverse=True)

    async def end(self, session_id: str) -> None:
        """End a session."""
        self._sessions.pop(session_id, None)

    async def end_all(self, account: AccountId, *, but: str = "") -> int:
        """End the sessions of an account."""
        ended = [one.id for one in self._sessions.values() if one.account == account and one.id != but]
        for session_id in ended:
            del self._sessions[session_id]
        return len(ended)

    async def forget_expired(self, now: datetime) -> None:
        """Remove what is over."""
        self._sessions = {key: one for key, one in self._sessions.items() if one.expires_at > now}


class MemoryTryStore:
    """The twin in memory."""

    def __init__(self) -> None:
        self._tries: list[Try] = []

    async def add(self, attempt: Try) -> None:
        """Keep an attempt."""
        self._tries.append(attempt)

    async def succeeded(self, attempt: Try) -> None:
        """Note that an attempt has succeeded."""
        self._tries = [replace(one, succeeded=True) if one.id == attempt.id else one for one in self._tries]

    async def failures(self, login: str, address: str, since: datetime) -> Sequence[Try]:
        """Return the last failures of a login or from an address."""
        about = [one for one in self._tries if one.at >= since and (one.login == login or one.address == address)]
        return sorted((one for one in about if not one.succeeded), key=lambda one: one.at)[-MOST_FAILURES:]

    async def last_success(self, login: str, address: str) -> datetime | None:
        """Return when a login was last opened from an address."""
        here = [one.at for one in self._tries if (one.login, one.address, one.succeeded) == (login, address, True)]
        return max(here, default=None)

    async def forget_before(self, moment: datetime) -> None:
        """Remove older ones."""
        self._tries = [one for one in self._tries if one.at >= moment]
