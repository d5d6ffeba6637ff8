"""Transcripts in SQL, on SQLite and PostgreSQL."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.clock import Clock
from guichet.core.ids import ContactId
from guichet.core.language import Language
from guichet.transcripts.heard import Ending, Heard, Word
from guichet.transcripts.line import TranscriptLine
from guichet.transcripts.tables import transcript_lines as lines


class SqlTranscriptStore:
    """A TranscriptStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    async def add(self, contact: ContactId, turn: int, source: str, heard: Heard) -> None:
        """Keep a line, unless it is there."""
        line = TranscriptLine.masked(contact, turn, source, self._clock.now(), heard)
        is_postgresql = self._connection.dialect.name == "postgresql"
        insert = postgresql.insert(lines) if is_postgresql else sqlite.insert(lines)
        await self._connection.execute(
            insert.values(
                contact=contact,
                turn=turn,
                source=source,
                at=line.at,
                language=line.heard.language.value,
                text=line.heard.text,
                words=[[word.text, word.start, word.end, word.confidence] for word in line.heard.words],
                alternatives=list(line.heard.alternatives),
                seconds=line.heard.seconds,
                confidence=line.heard.confidence,
                ending=line.heard.ending.value,
            ).on_conflict_do_nothing()
        )

    async def of(self, contact: ContactId) -> tuple[TranscriptLine, ...]:
        """Return a contact's lines in order."""
        query = sa.select(lines).where(lines.c.contact == contact).order_by(lines.c.turn, lines.c.at, lines.c.source)
        return tuple(_line(row) for row in (await self._connection.execute(query)).mappings())

    async def remove(self, contact: ContactId) -> int:
        """Remove a contact's lines."""
        return (await self._connection.execute(sa.delete(lines).where(lines.c.contact == contact))).rowcount


def _line(row: sa.RowMapping) -> TranscriptLine:
    """Read a line from its row."""
    heard = Heard(
        Language(row["language"]),
        row["text"],
        tuple(Word(*word) for word in row["words"]),
        tuple(row["alternatives"]),
        row["seconds"],
        Ending(row["ending"]),
    )
    return TranscriptLine(ContactId(row["contact"]), row["turn"], row["source"], row["at"], heard)
