"""Sessions and attempts to sign in in SQL, the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.console.account import AccountId
from guichet.console.session import Session, Stage
from guichet.console.session_store import MOST_FAILURES, Try
from guichet.console.tables import console_sessions as sessions
from guichet.console.tables import login_attempts as tries


class SqlSessionStore:
    """A SessionStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, session: Session) -> None:
        """Keep a new session."""
        await self._connection.execute(sessions.insert(), asdict(session))

    async def get(self, session_id: str) -> Session | None:
        """Return a session."""
        row = (await self._connection.execute(sa.select(sessions).where(sessions.c.id == session_id))).first()
        return None if row is None else _session(row)

    async def save(self, session: Session) -> None:
        """Write a changed session."""
        await self._connection.execute(sa.update(sessions).where(sessions.c.id == session.id).values(asdict(session)))

    async def of_account(self, account: AccountId) -> Sequence[Session]:
        """Return the sessions of an account."""
        query = sa.select(sessions).where(sessions.c.account == account)
        query = query.order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
        return [_session(row) for row in await self._connection.execute(query)]

    async def end(self, session_id: str) -> None:
        """End a session."""
        await self._connection.execute(sa.delete(sessions).where(sessions.c.id == session_id))

    async def end_all(self, account: AccountId, *, but: str = "") -> int:
        """End the sessions of an account."""
        others = sa.and_(sessions.c.account == account, sessions.c.id != but)
        return (await self._connection.execute(sa.delete(sessions).where(others))).rowcount

    async def forget_expired(self, now: datetime) -> None:
        """Remove what is over."""
        await self._connection.execute(sa.delete(sessions).where(sessions.c.expires_at <= now))


def _session(row: sa.Row[Any]) -> Session:
    return Session(
        id=row.id,
        account=AccountId(row.account),
        stage=Stage(row.stage),
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        address=row.address,
        user_agent=row.user_agent,
        offered=row.offered,
    )


class SqlTryStore:
    """A TryStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, attempt: Try) -> None:
        """Keep an attempt."""
        await self._connection.execute(tries.insert(), asdict(attempt))

    async def succeeded(self, attempt: Try) -> None:
        """Note that an attempt has succeeded."""
        await self._connection.execute(sa.update(tries).where(tries.c.id == attempt.id).values(succeeded=True))

    async def failures(self, login: str, address: str, since: datetime) -> Sequence[Try]:
        """Return the last failures of a login or from an address."""
        about = sa.and_(sa.or_(tries.c.login == login, tries.c.address == address), ~tries.c.succeeded)
        query = sa.select(tries).where(tries.c.at >= since, about).order_by(tries.c.at.desc(), tries.c.id.desc())
        rows = (await self._connection.execute(query.limit(MOST_FAILURES))).all()
        return [Try(row.login, row.address, row.at, row.succeeded, row.id) for row in reversed(rows)]

    async def last_success(self, login: str, address: str) -> datetime | None:
        """Return when a login was last opened from an address."""
        here = sa.and_(tries.c.login == login, tries.c.address == address, tries.c.succeeded)
        query = sa.select(tries.c.at).where(here).order_by(tries.c.at.desc()).limit(1)
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def forget_before(self, moment: datetime) -> None:
        """Remove older ones."""
        await self._connection.execute(sa.delete(tries).where(tries.c.at < moment))
