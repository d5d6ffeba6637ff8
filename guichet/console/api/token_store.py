"""Where tokens are kept, on SQLite and PostgreSQL."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.console.api.tables import api_tokens as tokens
from guichet.console.api.token import SEEN_EVERY, ApiToken, Scope
from guichet.core.errors import NotFound
from guichet.core.tables import by_name


class SqlTokenStore:
    """The tokens on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, token: ApiToken) -> None:
        """Keep a new token."""
        row = {column.name: getattr(token, column.name) for column in tokens.c if column.name != "scopes"}
        await self._connection.execute(tokens.insert(), {**row, "scopes": sorted(token.scopes)})

    async def get(self, token_id: str) -> ApiToken | None:
        """Return a token, expired and revoked ones too."""
        row = (await self._connection.execute(sa.select(tokens).where(tokens.c.id == token_id))).first()
        return None if row is None else _token(row)

    async def all(self) -> tuple[ApiToken, ...]:
        """Return every token, oldest first."""
        rows = await self._connection.execute(sa.select(tokens).order_by(tokens.c.id))
        return tuple(map(_token, rows))

    async def used(self, token: ApiToken, now: datetime) -> None:
        """Note that it was used, to the minute."""
        stale = sa.or_(tokens.c.last_used_at.is_(None), tokens.c.last_used_at <= now - SEEN_EVERY)
        mark = sa.update(tokens).where(tokens.c.id == token.id, stale).values(last_used_at=now)
        await self._connection.execute(mark)

    async def revoke(self, token_id: str, now: datetime) -> ApiToken:
        """End a token for good; once more changes nothing. Raises NotFound."""
        good = sa.and_(tokens.c.id == token_id, tokens.c.revoked_at.is_(None))
        await self._connection.execute(sa.update(tokens).where(good).values(revoked_at=now))
        token = await self.get(token_id)
        if token is None:
            raise NotFound(f"there is no token {token_id}; see `guichet api token list`")
        return token


def _token(row: sa.Row[Any]) -> ApiToken:
    known = set(Scope)
    return ApiToken(**{**by_name(row), "scopes": frozenset(Scope(one) for one in row.scopes if one in known)})
