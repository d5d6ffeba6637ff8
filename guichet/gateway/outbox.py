"""The outbox: jobs written in the transaction of their cause, until a worker has done them.

A row goes: due → handed to RQ (leased) → started by a worker → done, or due again later, or given up. RQ only carries
the row's id: when Redis loses everything, leases run out and the rows are handed over again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.clock import Clock
from guichet.core.ids import new_id
from guichet.core.jobs import (
    AskSatisfaction,
    ConfirmRequest,
    CountDays,
    DeliverHook,
    Job,
    LapseInHand,
    MoveCaller,
    OfferNext,
    ReconcileAttempt,
    RingAgent,
    SendMessage,
    TextAgent,
    TextContact,
    TextRequest,
    TranscribeRecording,
    WarnCaller,
)
from guichet.core.tables import UtcDateTime, identifier, metadata

KINDS: dict[str, type[Job]] = {
    kind.__name__: kind
    for kind in (
        SendMessage,
        ConfirmRequest,
        TextContact,
        TextRequest,
        TextAgent,
        MoveCaller,
        WarnCaller,
        RingAgent,
        OfferNext,
        LapseInHand,
        AskSatisfaction,
        ReconcileAttempt,
        TranscribeRecording,
        DeliverHook,
        CountDays,
    )
}
ASIDE = frozenset({DeliverHook.__name__})
"""Jobs that wait for systems of others: gateways do them, so that no worker is held up, and nobody's call behind it."""
HANDED_LEASE = timedelta(seconds=60)
"""A job that RQ has not started by then is handed over again."""
STARTED_LEASE = timedelta(seconds=120)
"""A job that a worker has not finished by then has died with it."""
BACKOFF = (2, 5, 15, 60, 300, 900, 3600)
"""Seconds before each new try of a job that failed but may succeed; then it is given up, visibly."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", identifier(), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("key", sa.String(160), unique=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime, index=True, doc="null when done or given up"),
    sa.Column("started_at", UtcDateTime),
    sa.Column("done_at", UtcDateTime),
    sa.Column("failed_at", UtcDateTime),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("error", sa.String(200)),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that this worker has taken, at that moment: `tries` counts this one."""

    id: str
    job: Job
    tries: int
    started_at: datetime


def _is_for(*, aside: bool) -> sa.ColumnElement[bool]:
    return outbox.c.kind.in_(ASIDE) if aside else outbox.c.kind.not_in(ASIDE)


def _is_to_be_done_again(*, is_later: bool) -> sa.ColumnElement[bool]:
    """Select a job that was begun too early for who puts it again with its key.

    Whoever asks for a look at a moment needs a run that begins then, or later: one that began before, as after a clock
    has jumped, has not seen what they mean. And a run in what is now the future was by a clock that has gone back
    since: what asks for itself every so often would end there.
    """
    moment = outbox.c.done_at.type
    begun = sa.func.coalesce(outbox.c.done_at, outbox.c.started_at, type_=moment)
    in_future = begun > sa.bindparam("now", type_=moment)
    return sa.or_(in_future, begun < sa.bindparam("wanted_at", type_=moment)) if is_later else in_future


@cache
def _put(dialect: str, *, is_later: bool) -> sa.Executable:
    """Return the statement that writes a job, or makes one of the same key due anew; built once."""
    put = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(outbox)
    anew = {"due_at": put.excluded.due_at, "done_at": None, "started_at": None, "tries": 0}
    return put.on_conflict_do_update(index_elements=["key"], set_=anew, where=_is_to_be_done_again(is_later=is_later))


class SqlOutbox:
    """The job queue port on SQL, and what the relay and the workers need of it."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self.put_now = False
        """Whether this transaction has put a job that is due at once."""

    async def put(self, job: Job, *, key: str | None = None, not_before: datetime | None = None) -> None:
        """Write the job; with a `key` seen before, do nothing, unless that job was begun too early for this moment."""
        now = self._clock.now()
        later = not_before if not_before is not None and not_before > now else None
        row = {
            "id": new_id("job"),
            "kind": type(job).__name__,
            "payload": msgspec.to_builtins(job),
            "key": key,
            "created_at": now,
            "due_at": later or now,
        }
        asked = {"now": now, "wanted_at": not_before} if not_before else {"now": now}
        put = _put(self._connection.dialect.name, is_later=not_before is not None)
        await self._connection.execute(put, row | asked)
        self.put_now = self.put_now or later is None

    async def hand_over(self, limit: int = 200, *, aside: bool = False) -> list[str]:
        """Lease the due jobs and return their ids, oldest first: to RQ, or those that are done `aside`."""
        now = self._clock.now()
        due = sa.select(outbox.c.id).where(outbox.c.due_at <= now, _is_for(aside=aside))
        due = due.order_by(outbox.c.due_at, outbox.c.id).limit(limit)
        if self._connection.dialect.name == "postgresql":
            due = due.with_for_update(skip_locked=True)
        ids = list((await self._connection.scalars(due)).all())
        if ids:
            lease = sa.update(outbox).where(outbox.c.id.in_(ids)).values(due_at=now + HANDED_LEASE)
            await self._connection.execute(lease)
        return ids

    async def is_anything_due(self, *, aside: bool = False) -> bool:
        """Whether `hand_over` would find something."""
        due = sa.select(sa.exists().where(outbox.c.due_at <= self._clock.now(), _is_for(aside=aside)))
        return bool(await self._connection.scalar(due))

    async def take_back(self, ids: list[str]) -> None:
        """Make jobs due again that could not be handed over, and that nobody has done all the same."""
        waits = sa.and_(outbox.c.due_at.is_not(None), outbox.c.started_at.is_(None))
        again = sa.update(outbox).where(outbox.c.id.in_(ids), waits)
        await self._connection.execute(again.values(due_at=self._clock.now()))

    async def take(self, job_id: str) -> Taken | None:
        """Start a job; None if it is done, given up, or another worker has it."""
        now = self._clock.now()
        free = sa.or_(outbox.c.started_at.is_(None), outbox.c.started_at < now - STARTED_LEASE)
        start = (
            sa.update(outbox)
            .where(outbox.c.id == job_id, outbox.c.due_at.is_not(None), free)
            .values(started_at=now, due_at=now + STARTED_LEASE, tries=outbox.c.tries + 1)
            .returning(outbox.c.kind, outbox.c.payload, outbox.c.tries)
        )
        row = (await self._connection.execute(start)).one_or_none()
        if row is None:
            return None
        return Taken(job_id, msgspec.convert(row.payload, KINDS[row.kind]), row.tries, now)

    async def done(self, taken: Taken) -> None:
        """Note that the job is done."""
        await self._set(taken, done_at=self._clock.now(), due_at=None, started_at=None, error=None)

    async def failed(self, taken: Taken, error: Exception, *, retry: bool) -> None:
        """Note a failure: due again later if it may succeed, else given up. The message is kept without details."""
        now = self._clock.now()
        name = type(error).__name__
        if retry and taken.tries <= len(BACKOFF):
            later = now + timedelta(seconds=BACKOFF[taken.tries - 1])
            await self._set(taken, due_at=later, started_at=None, error=name)
        else:
            await self._set(taken, due_at=None, started_at=None, failed_at=now, error=name)

    async def _set(self, taken: Taken, **values: object) -> None:
        """Change the row of a job that is still ours: neither another worker's by now, nor put anew while it ran."""
        still_ours = sa.and_(outbox.c.id == taken.id, outbox.c.started_at == taken.started_at)
        await self._connection.execute(sa.update(outbox).where(still_ours).values(**values))

    async def counts(self) -> dict[str, int]:
        """Count jobs waiting and given up, for `/metrics`."""
        waiting = sa.func.count(sa.case((outbox.c.due_at.is_not(None), 1)))
        failed = sa.func.count(outbox.c.failed_at)
        open_or_failed = sa.or_(outbox.c.due_at.is_not(None), outbox.c.failed_at.is_not(None))
        row = (await self._connection.execute(sa.select(waiting, failed).where(open_or_failed))).one()
        return {"waiting": row[0], "failed": row[1]}
