"""Reads what waits for an agent and what is in their hands: SQL over the requests. Writes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.request import AttemptState, RequestKind, RequestState
from guichet.callbacks.tables import IS_OPEN, attempts, requests
from guichet.citizens.tables import citizens
from guichet.core.ids import AgentId, RequestId
from guichet.core.language import Language

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A request as a list shows it; `name` is empty where nobody knows who it is."""

    id: RequestId
    reference: str
    kind: RequestKind
    state: RequestState
    intent: str
    queue: str
    language: Language
    opened_at: datetime
    target_at: datetime
    not_before: datetime | None
    reminders: int
    name: str


class QueueReader:
    """Reads on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def waiting(self, served: Collection[tuple[str, Language]], now: datetime) -> Sequence[Row]:
        """Return the first who wait for somebody who serves these queues, each with a language, in the one order."""
        if not served:
            return ()
        column = requests.c
        by_language: dict[Language, set[str]] = {}
        for queue, language in served:
            by_language.setdefault(language, set()).add(queue)
        here = sa.or_(
            *(sa.and_(column.language == one, column.queue.in_(sorted(some))) for one, some in by_language.items())
        )
        may_go = sa.or_(column.not_before.is_(None), column.not_before <= now)
        query = _rows().where(column.state == RequestState.WAITING, IS_OPEN, here, may_go)
        query = query.order_by(column.priority.desc(), column.target_at, column.id).limit(SHOWN)
        return [_row(row) for row in await self._connection.execute(query)]

    async def in_hand(self, agent: AgentId) -> Sequence[Row]:
        """Return the open requests that an agent has."""
        query = _rows().where(requests.c.agent == agent, IS_OPEN).order_by(requests.c.id)
        return [_row(row) for row in await self._connection.execute(query)]

    async def written_up(self, agent: AgentId, since: datetime) -> Sequence[Row]:
        """Return the request of the last conversation of an agent that ended since a moment."""
        last = sa.select(attempts.c.request).where(
            attempts.c.agent == agent, attempts.c.state == AttemptState.ENDED, attempts.c.ended_at >= since
        )
        last = last.order_by(attempts.c.ended_at.desc()).limit(1)
        query = _rows().where(requests.c.id.in_(last))
        return [_row(row) for row in await self._connection.execute(query)]

    async def named(self, ids: Collection[RequestId]) -> Sequence[Row]:
        """Return requests by their ids."""
        query = _rows().where(requests.c.id.in_(sorted(ids)))
        return [_row(row) for row in await self._connection.execute(query)]


def _rows() -> sa.Select[Any]:
    whole = sa.func.coalesce(sa.func.nullif(citizens.c.usual_name, ""), citizens.c.birth_name)
    name = sa.case((citizens.c.id.is_(None), ""), else_=citizens.c.given_names + " " + whole)
    joined = requests.outerjoin(citizens, citizens.c.id == requests.c.citizen)
    return sa.select(requests, name.label("person")).select_from(joined)


def _row(row: sa.Row[Any]) -> Row:
    return Row(
        id=RequestId(row.id),
        reference=row.reference,
        kind=RequestKind(row.kind),
        state=RequestState(row.state),
        intent=row.intent,
        queue=row.queue,
        language=Language(row.language),
        opened_at=row.opened_at,
        target_at=row.target_at,
        not_before=row.not_before,
        reminders=row.reminders,
        name=row.person,
    )
