"""The work on cases in SQL, the same on SQLite and PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.console.account import AccountId
from guichet.console.tables import IS_UNSETTLED, case_drafts, case_flags, case_notes, case_outcomes
from guichet.console.work import Concluded, Draft, Flag, Note, Outcome, Raised
from guichet.console.work_store import MOST, merged
from guichet.core.ids import RequestId


class SqlWorkStore:
    """A WorkStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(self, note: Note) -> None:
        """Keep a note."""
        await self._connection.execute(case_notes.insert(), asdict(note))

    async def notes_of(self, request: RequestId) -> Sequence[Note]:
        """Return the notes about a request."""
        query = sa.select(case_notes).where(case_notes.c.request == request).order_by(case_notes.c.id)
        rows = await self._connection.execute(query)
        return [Note(row.id, RequestId(row.request), AccountId(row.account), row.at, row.text) for row in rows]

    async def draft(self, account: AccountId, request: RequestId) -> Mapping[str, str]:
        """Return what is being typed."""
        mine = sa.and_(case_drafts.c.account == account, case_drafts.c.request == request)
        fields = (await self._connection.execute(sa.select(case_drafts.c.fields).where(mine))).scalar_one_or_none()
        return dict(fields or {})

    async def keep_draft(self, draft: Draft) -> None:
        """Keep what is being typed."""
        fields = merged(await self.draft(draft.account, draft.request), draft.fields)
        values = {**asdict(draft), "fields": fields}
        insert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        keys = [case_drafts.c.account, case_drafts.c.request]
        changes = {"fields": fields, "changed_at": draft.changed_at}
        statement = insert(case_drafts).values(values).on_conflict_do_update(index_elements=keys, set_=changes)
        await self._connection.execute(statement)

    async def conclude(self, concluded: Concluded) -> None:
        """Keep how a case ended."""
        await self._connection.execute(case_outcomes.insert(), asdict(concluded))

    async def outcomes_of(self, request: RequestId) -> Sequence[Concluded]:
        """Return how a case ended."""
        query = sa.select(case_outcomes).where(case_outcomes.c.request == request).order_by(case_outcomes.c.id)
        return [_concluded(row) for row in await self._connection.execute(query)]

    async def to_follow_up(self, account: AccountId, until: date) -> Sequence[Concluded]:
        """Return what somebody has to come back to."""
        column = case_outcomes.c
        query = sa.select(case_outcomes).where(
            column.account == account, column.settled_at.is_(None), column.follow_up <= until
        )
        query = query.order_by(column.follow_up, column.id).limit(MOST)
        return [_concluded(row) for row in await self._connection.execute(query)]

    async def settle_outcome(self, outcome: str, account: AccountId, at: datetime) -> bool:
        """Note that it is settled."""
        column = case_outcomes.c
        own = sa.and_(column.id == outcome, column.account == account, column.settled_at.is_(None))
        settled = sa.update(case_outcomes).where(own).values(settled_at=at).returning(column.id)
        return (await self._connection.execute(settled)).first() is not None

    async def raise_flag(self, raised: Raised) -> None:
        """Keep a flag."""
        await self._connection.execute(case_flags.insert(), asdict(raised))

    async def flags_of(self, request: RequestId) -> Sequence[Raised]:
        """Return the flags about a request."""
        query = sa.select(case_flags).where(case_flags.c.request == request).order_by(case_flags.c.id)
        return [_raised(row) for row in await self._connection.execute(query)]

    async def unsettled(self, kind: Flag) -> Sequence[Raised]:
        """Return the flags that nobody has settled."""
        query = sa.select(case_flags).where(case_flags.c.kind == kind, IS_UNSETTLED)
        rows = await self._connection.execute(query.order_by(case_flags.c.at, case_flags.c.id).limit(MOST))
        return [_raised(row) for row in rows]

    async def settle_flag(self, flag: str, account: AccountId, at: datetime) -> bool:
        """Note who has settled a flag."""
        left = sa.and_(case_flags.c.id == flag, IS_UNSETTLED)
        settled = sa.update(case_flags).where(left).values(settled_at=at, settled_by=account).returning(case_flags.c.id)
        return (await self._connection.execute(settled)).first() is not None


def _concluded(row: sa.Row[Any]) -> Concluded:
    return Concluded(
        id=row.id,
        request=RequestId(row.request),
        account=AccountId(row.account),
        at=row.at,
        outcome=Outcome(row.outcome),
        next_step=row.next_step,
        follow_up=row.follow_up,
        settled_at=row.settled_at,
    )


def _raised(row: sa.Row[Any]) -> Raised:
    return Raised(
        id=row.id,
        kind=Flag(row.kind),
        request=RequestId(row.request),
        account=AccountId(row.account),
        at=row.at,
        settled_at=row.settled_at,
        settled_by=AccountId(row.settled_by) if row.settled_by else None,
    )
