"""What is kept no longer than the rule book says: words, then people, then jobs that are done; day after day."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from guichet.callbacks.tables import requests
from guichet.citizens.tables import contacts
from guichet.gateway.database import Database
from guichet.gateway.outbox import outbox
from guichet.gateway.privacy.forgetting import Words, anonymise_contacts, anonymise_requests, forget_words
from guichet.gateway.privacy.stripping import ANONYMOUS
from guichet.gateway.privacy.trail import note
from guichet.gateway.units import SqlUnit
from guichet.ivr.tables import calls
from guichet.routing.retention import Retention
from guichet.routing.tables import unclear_texts
from guichet.sms.tables import messages
from guichet.transcripts.tables import transcript_lines

BATCH = 200
"""Rows of a transaction: callers wait for no longer one."""
BY = "system"


@dataclass(frozen=True, slots=True)
class Tidied:
    """How much was due: words by what they were, contacts and requests that are nobody's now, jobs that are gone."""

    transcripts: int = 0
    texts: int = 0
    unclear_texts: int = 0
    contacts: int = 0
    requests: int = 0
    jobs: int = 0

    def as_data(self) -> dict[str, int]:
        """Return it for programs and for the trail."""
        return asdict(self)


async def due(database: Database, keep: Retention, now: datetime) -> Tidied:
    """Count what is due, and change nothing."""

    async def count(unit: SqlUnit, table: sa.Table, condition: sa.ColumnElement[bool] | None) -> int:
        if condition is None:
            return 0
        return await unit.connection.scalar(sa.select(sa.func.count()).select_from(table).where(condition)) or 0

    async with database.read() as unit:
        return Tidied(
            transcripts=await count(unit, transcript_lines, _before(transcript_lines.c.at, keep.words, now)),
            texts=await count(unit, messages, _before(messages.c.created_at, keep.words, now)),
            unclear_texts=await count(unit, unclear_texts, _before(unclear_texts.c.at, keep.words, now)),
            contacts=await count(unit, contacts, _somebodys(keep, now)),
            requests=await count(unit, requests, _ended(keep, now)),
            jobs=await count(unit, outbox, _done(keep, now)),
        )


async def tidy(database: Database, keep: Retention, now: datetime, by: str = BY) -> Tidied:
    """Forget what is due, a batch a transaction; what was done is kept in the trail."""
    words = await _words(database, keep, now)
    done = Tidied(
        transcripts=words.transcripts,
        texts=words.texts,
        unclear_texts=words.unclear_texts,
        contacts=await _nobodys(database, contacts, _somebodys(keep, now), anonymise_contacts),
        requests=await _nobodys(database, requests, _ended(keep, now), anonymise_requests),
        jobs=await _jobs(database, keep, now),
    )
    if done != Tidied():
        async with database.begin() as unit:
            await note(unit, "tidied", by, done.as_data(), now)
    return done


async def _words(database: Database, keep: Retention, now: datetime) -> Words:
    """Forget what was said and written; a contact of which a word is due has none younger that matters."""
    total = Words()
    if keep.words is None:
        return total
    sources = ((transcript_lines, "at"), (messages, "created_at"), (unclear_texts, "at"), (calls, "ended_at"))
    for table, column in sources:
        while True:
            async with database.begin() as unit:
                found = await _contacts_before(unit, table, table.c[column], now - keep.words)
                words = await forget_words(unit, found)
                loose = await _loose_texts(unit, now - keep.words) if table is messages else 0
                total += replace(words, texts=words.texts + loose)
            if not found and not loose:
                break
    return total


async def _contacts_before(
    unit: SqlUnit, table: sa.Table, moment: sa.Column[datetime], limit: datetime
) -> Sequence[str]:
    """Return contacts that ended before a moment, and of which a row is older than it."""
    query = (
        sa.select(table.c.contact)
        .join(contacts, contacts.c.id == table.c.contact)
        .where(moment < limit, contacts.c.started_at < limit, contacts.c.outcome != "")
        .distinct()
        .limit(BATCH)
    )
    return (await unit.connection.scalars(query)).all()


async def _loose_texts(unit: SqlUnit, limit: datetime) -> int:
    """Remove texts of no conversation: those about a request."""
    old = sa.select(messages.c.id).where(messages.c.contact.is_(None), messages.c.created_at < limit).limit(BATCH)
    return (await unit.connection.execute(sa.delete(messages).where(messages.c.id.in_(old)))).rowcount


async def _nobodys(
    database: Database,
    table: sa.Table,
    condition: sa.ColumnElement[bool] | None,
    anonymise: Callable[[SqlUnit, Sequence[str]], Awaitable[None]],
) -> int:
    """Make rows nobody's, batch after batch."""
    total = 0
    while condition is not None:
        async with database.begin() as unit:
            ids = (await unit.connection.scalars(sa.select(table.c.id).where(condition).limit(BATCH))).all()
            if table is contacts:
                await forget_words(unit, ids)
            await anonymise(unit, ids)
        total += len(ids)
        if len(ids) < BATCH:
            break
    return total


async def _jobs(database: Database, keep: Retention, now: datetime) -> int:
    """Remove jobs that are done, or were given up, long ago."""
    total = 0
    while True:
        async with database.begin() as unit:
            old = sa.select(outbox.c.id).where(_done(keep, now)).limit(BATCH)
            gone = (await unit.connection.execute(sa.delete(outbox).where(outbox.c.id.in_(old)))).rowcount
        total += gone
        if gone < BATCH:
            return total


def _before(column: sa.Column[datetime], keep: timedelta | None, now: datetime) -> sa.ColumnElement[bool] | None:
    return None if keep is None else column < now - keep


def _somebodys(keep: Retention, now: datetime) -> sa.ColumnElement[bool] | None:
    """Select contacts whose time is over, and that are still somebody's."""
    if keep.people is None:
        return None
    somebodys = contacts.c.carrier_id.not_like(f"{ANONYMOUS}:%")
    return sa.and_(contacts.c.started_at < now - keep.people, contacts.c.outcome != "", somebodys)


def _ended(keep: Retention, now: datetime) -> sa.ColumnElement[bool] | None:
    """Select requests that ended long enough ago, and are still somebody's."""
    if keep.people is None:
        return None
    return sa.and_(requests.c.closed_at < now - keep.people, requests.c.subject.not_like(f"{ANONYMOUS}:%"))


def _done(keep: Retention, now: datetime) -> sa.ColumnElement[bool]:
    limit = now - keep.jobs
    return sa.and_(outbox.c.due_at.is_(None), sa.or_(outbox.c.done_at < limit, outbox.c.failed_at < limit))
