"""Who waits, counted in SQL over the open requests alone: their partial index is as long as the queue is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.request import RequestState
from guichet.callbacks.tables import IS_OPEN, requests
from guichet.console.board import AT_RISK, MOST_HELPS, Help, Waiting
from guichet.console.tables import IS_UNSETTLED, accounts, case_flags
from guichet.console.work import Flag
from guichet.core.tables import by_name

_own = requests.c
_waits = _own.state == RequestState.WAITING


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


class SqlBoardStore:
    """A BoardStore on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def waiting(self, now: datetime) -> Sequence[Waiting]:
        """Return those who wait by queue and way."""
        columns: list[sa.ColumnElement[Any]] = [
            _sum(_waits).label("waiting"),
            _sum(sa.not_(_waits)).label("being_called"),
            sa.func.min(sa.case((_waits, _own.opened_at)), type_=_own.opened_at.type).label("oldest"),
            _sum(sa.and_(_waits, _own.target_at < now)).label("late"),
            _sum(sa.and_(_waits, _own.target_at >= now, _own.target_at < now + AT_RISK)).label("at_risk"),
        ]
        query = sa.select(_own.queue, _own.kind, *columns).where(IS_OPEN).group_by(_own.queue, _own.kind)
        rows = await self._connection.execute(query.order_by(_own.queue, _own.kind))
        return [_waiting(row) for row in rows]

    async def helps(self) -> Sequence[Help]:
        """Return the calls for help that nobody has answered, the oldest first."""
        own = case_flags.c
        query: sa.Select[Any] = (
            sa.select(own.id, own.at, accounts.c.name, _own.id.label("request"), _own.reference, _own.queue)
            .join_from(case_flags, accounts, accounts.c.id == own.account)
            .join(requests, _own.id == own.request)
            .where(own.kind == Flag.HELP.value, IS_UNSETTLED)
            .order_by(own.at, own.id)
            .limit(MOST_HELPS)
        )
        return [Help(**by_name(row)) for row in await self._connection.execute(query)]


def _waiting(row: sa.Row[Any]) -> Waiting:
    counts = {name: int(getattr(row, name)) for name in ("waiting", "being_called", "late", "at_risk")}
    return Waiting(row.queue, row.kind, oldest=row.oldest, **counts)
