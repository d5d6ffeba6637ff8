"""Recorded messages in SQL, on SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.carrier.events import RecordingSid
from guichet.core.ids import CallSid, ContactId
from guichet.core.language import Language
from guichet.ivr.recording import Recording, RecordingState
from guichet.ivr.tables import recordings


class SqlRecordingStore:
    """A RecordingStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, recording: Recording) -> bool:
        """Keep a new one."""
        is_postgresql = self._connection.dialect.name == "postgresql"
        insert = postgresql.insert(recordings) if is_postgresql else sqlite.insert(recordings)
        done = await self._connection.execute(insert.values(_row(recording)).on_conflict_do_nothing())
        return done.rowcount == 1

    async def get(self, recording: RecordingSid) -> Recording | None:
        """Return a recording, or None."""
        found = await self._all(recordings.c.id == recording)
        return found[0] if found else None

    async def of(self, contact: ContactId) -> Sequence[Recording]:
        """Return a contact's recordings."""
        return await self._all(recordings.c.contact == contact)

    async def save(self, recording: Recording) -> None:
        """Write a changed recording."""
        update = sa.update(recordings).where(recordings.c.id == recording.id)
        await self._connection.execute(update.values(_row(recording)))

    async def expired(self, now: datetime) -> Sequence[Recording]:
        """Return those that may no longer be kept here."""
        return await self._all(recordings.c.kept_until <= now)

    async def _all(self, condition: sa.ColumnElement[bool]) -> Sequence[Recording]:
        query = sa.select(recordings).where(condition).order_by(recordings.c.contact, recordings.c.place)
        return [_recording(row) for row in (await self._connection.execute(query)).mappings()]


def _row(recording: Recording) -> dict[str, Any]:
    """Write a recording as a row."""
    return {
        "id": recording.id,
        "contact": recording.contact,
        "call": recording.call,
        "place": recording.place,
        "language": recording.language.value,
        "announced_at": recording.announced_at,
        "seconds": recording.seconds,
        "state": recording.state.value,
        "worked": recording.worked,
        "words": recording.words,
        "reason": recording.reason,
        "deleted_at": recording.deleted_at,
        "kept_until": recording.kept_until,
    }


def _recording(row: sa.RowMapping) -> Recording:
    """Read a recording from its row."""
    return Recording(
        id=RecordingSid(row["id"]),
        contact=ContactId(row["contact"]),
        call=CallSid(row["call"]),
        place=row["place"],
        language=Language(row["language"]),
        announced_at=row["announced_at"],
        seconds=row["seconds"],
        state=RecordingState(row["state"]),
        worked=row["worked"],
        words=row["words"],
        reason=row["reason"],
        deleted_at=row["deleted_at"],
        kept_until=row["kept_until"],
    )
