"""Attempts in SQL."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.expected_wait import Handled
from guichet.callbacks.lifecycle import Cause, Event, written_up
from guichet.callbacks.request import Attempt, AttemptState
from guichet.callbacks.sql_store import record
from guichet.callbacks.store import MOST_HANDLED, acquainted_by
from guichet.callbacks.tables import IS_LIVE, attempts, requests
from guichet.core.ids import AgentId, AttemptId, CallSid, RequestId
from guichet.core.tables import by_name
from guichet.routing.agent_store import Acquainted

_FIELDS = tuple(field.name for field in fields(Attempt))


def _attempt(row: sa.Row[Any]) -> Attempt:
    values = by_name(row, _FIELDS)
    values["state"] = AttemptState(row.state)
    return Attempt(**values)


_TRIES_OF = (
    sa.select(attempts.c.agent, attempts.c.result, attempts.c.bridged_at)
    .where(attempts.c.request == sa.bindparam("own"))
    .order_by(attempts.c.started_at.desc(), attempts.c.id)
)

_HANDLED = (
    sa.select(requests.c.queue, attempts.c.started_at, attempts.c.wrapped_up_at)
    .join_from(attempts, requests, requests.c.id == attempts.c.request)
    .where(
        attempts.c.ended_at >= sa.bindparam("since", type_=attempts.c.ended_at.type),
        attempts.c.bridged_at.is_not(None),
        attempts.c.wrapped_up_at.is_not(None),
    )
    .order_by(attempts.c.ended_at.desc())
    .limit(MOST_HANDLED)
)


@cache
def _adding(dialect: str) -> sa.Executable:
    """Return the statement that inserts an attempt unless its request or its agent has a live one; built once."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(attempts).on_conflict_do_nothing().returning(attempts.c.id)


class SqlAttemptStore:
    """The attempts on one connection (one transaction)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, attempt: Attempt) -> bool:
        """Insert unless the request or the agent has a live one."""
        values = {name: getattr(attempt, name) for name in _FIELDS}
        return (await self._connection.execute(_adding(self._connection.dialect.name), values)).first() is not None

    async def get(self, attempt_id: AttemptId) -> Attempt | None:
        """Return an attempt."""
        return await self._first(attempts.c.id == attempt_id)

    async def lock(self, attempt_id: AttemptId) -> Attempt | None:
        """Return an attempt, its row locked (SQLite has one writer at a time anyway)."""
        query = sa.select(attempts).where(attempts.c.id == attempt_id).with_for_update()
        row = (await self._connection.execute(query)).first()
        return None if row is None else _attempt(row)

    async def live_of(self, request_id: RequestId) -> Attempt | None:
        """Return the live attempt of a request."""
        return await self._first(sa.and_(attempts.c.request == request_id, IS_LIVE))

    async def of_call(self, call: CallSid) -> Attempt | None:
        """Return the attempt whose agent's leg is that call."""
        return await self._first(attempts.c.call == call)

    async def change(self, before: Attempt, after: Attempt, event: Event) -> bool:
        """Write the new state where it is still the same."""
        unmoved = sa.and_(attempts.c.id == before.id, attempts.c.state == before.state)
        changes = {
            "state": after.state,
            "ended_at": after.ended_at,
            "result": after.result,
            "bridged_at": after.bridged_at,
        }
        statement = sa.update(attempts).where(unmoved).values(changes).returning(attempts.c.id)
        if (await self._connection.execute(statement)).first() is None:
            return False
        await record(self._connection, event)
        return True

    async def written_up(self, attempt_id: AttemptId, cause: Cause) -> bool:
        """Record the moment, once."""
        own = attempts.c
        open_ = sa.and_(own.id == attempt_id, own.state == AttemptState.ENDED, own.wrapped_up_at.is_(None))
        at = sa.literal(cause.at, own.ended_at.type)
        moment = sa.case((own.ended_at > at, own.ended_at), else_=at)
        statement = sa.update(attempts).where(open_).values(wrapped_up_at=moment).returning(*attempts.c)
        row = (await self._connection.execute(statement)).first()
        if row is None:
            return False
        attempt = _attempt(row)
        await record(self._connection, written_up(attempt, replace(cause, at=attempt.wrapped_up_at or cause.at)))
        return True

    async def acquainted(self, request_id: RequestId) -> Acquainted:
        """Return who knows it, and who has parted with it."""
        rows = await self._connection.execute(_TRIES_OF, {"own": request_id})
        return acquainted_by((AgentId(row.agent), row.result, row.bridged_at is not None) for row in rows)

    async def name_call(self, attempt_id: AttemptId, call: CallSid) -> bool:
        """Record the leg unless another one is recorded."""
        free = sa.and_(attempts.c.id == attempt_id, sa.or_(attempts.c.call.is_(None), attempts.c.call == call))
        statement = sa.update(attempts).where(free).values(call=call).returning(attempts.c.id)
        return (await self._connection.execute(statement)).first() is not None

    async def name_citizen_call(self, attempt_id: AttemptId, call: CallSid) -> bool:
        """Record the citizen's leg unless another one is recorded."""
        named = attempts.c.citizen_call
        free = sa.and_(attempts.c.id == attempt_id, sa.or_(named.is_(None), named == call))
        statement = sa.update(attempts).where(free).values(citizen_call=call).returning(attempts.c.id)
        return (await self._connection.execute(statement)).first() is not None

    async def handled(self, since: datetime) -> Sequence[Handled]:
        """Return what ended last, by the index of endings."""
        rows = await self._connection.execute(_HANDLED, {"since": since})
        return [Handled(row.queue, (row.wrapped_up_at - row.started_at).total_seconds()) for row in rows]

    async def results_of(self, request_id: RequestId) -> Sequence[str]:
        """Return the results, first to last."""
        query = sa.select(attempts.c.result).where(attempts.c.request == request_id, attempts.c.ended_at.is_not(None))
        return list(await self._connection.scalars(query.order_by(attempts.c.started_at, attempts.c.id)))

    async def _first(self, condition: sa.ColumnElement[bool]) -> Attempt | None:
        row = (await self._connection.execute(sa.select(attempts).where(condition))).first()
        return None if row is None else _attempt(row)
