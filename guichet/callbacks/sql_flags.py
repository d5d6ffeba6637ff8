"""Flags in SQL."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.flag import Flag, Incivility
from guichet.callbacks.tables import flags
from guichet.core.tables import by_name


class SqlFlagStore:
    """The flags on one connection (one transaction)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, flag: Flag) -> None:
        """Keep it."""
        await self._connection.execute(sa.insert(flags), asdict(flag))

    async def standing(self, subjects: Collection[str], now: datetime) -> Sequence[Flag]:
        """Return those that stand, by the index of subjects."""
        own = flags.c
        stands = sa.and_(own.lifted_at.is_(None), own.expires_at > now)
        query = sa.select(flags).where(own.subject.in_(sorted(subjects)), stands)
        rows = await self._connection.execute(query.order_by(own.at.desc(), own.id.desc()))
        return [Flag(**{**by_name(row), "kind": Incivility(row.kind)}) for row in rows]

    async def lift(self, flag_id: str, by: str, now: datetime) -> bool:
        """Take it back, if it stands."""
        own = flags.c
        stands = sa.and_(own.id == flag_id, own.lifted_at.is_(None), own.expires_at > now)
        lifted = sa.update(flags).where(stands).values(lifted_at=now, lifted_by=by).returning(own.id)
        return (await self._connection.execute(lifted)).first() is not None
