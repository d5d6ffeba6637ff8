"""What was said, looked through in SQL: FTS5 on SQLite, a text search index on PostgreSQL."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.tables import request_contacts
from guichet.citizens.tables import contacts
from guichet.console.said import MOST, Line, Wish
from guichet.console.said_tables import WORDS, said
from guichet.core.ids import CitizenId, ContactId
from guichet.sms.tables import messages
from guichet.transcripts.tables import transcript_lines

FEW = 500
"""Contacts of which all lines are read and put in order."""
_turn = sa.cast(transcript_lines.c.turn, sa.String)
_is_line = sa.and_(
    transcript_lines.c.contact == said.c.contact,
    transcript_lines.c.source == said.c.source,
    _turn == said.c.place,
)
_is_message = sa.and_(said.c.source == "message", messages.c.id == said.c.place)
_text = sa.func.coalesce(transcript_lines.c.text, messages.c.body, "")
_own_line = transcript_lines.alias("own_line")
_is_told_twice = sa.and_(
    said.c.source == "message",
    messages.c.direction == "in",
    sa.exists().where(
        _own_line.c.contact == said.c.contact, _own_line.c.source == "sms", _own_line.c.text == messages.c.body
    ),
)
"""A text received is a message and, masked, a line of the transcript: where these are the same, the line will do."""
_SIMPLE: sa.ColumnElement[str] = sa.literal_column("'simple'")
"""Words as they are, as the index has them (`said_tables`)."""
_who = sa.case((said.c.source != "message", said.c.source), (messages.c.direction == "in", "sms"), else_="us")


class SqlSaidStore:
    """A SaidStore on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, wish: Wish) -> Sequence[Line]:
        """Return the lines wanted, latest first."""
        query = _lines()
        if await self._is_broad(wish):
            query = query.where(said.c.id.in_(_latest(wish)))
        else:
            query = query.where(*_of_lines(wish), *_of_contacts(wish), *self._having(wish.words))
        rows = await self._connection.execute(query.order_by(said.c.id.desc()).limit(MOST))
        return [_line(row) for row in rows]

    async def of(self, contact: ContactId) -> Sequence[Line]:
        """Return every line of a contact, first to last."""
        query = _lines().where(said.c.contact == contact).order_by(said.c.at, said.c.id)
        return [_line(row) for row in await self._connection.execute(query)]

    async def _is_broad(self, wish: Wish) -> bool:
        """Whether so many may be wanted that lines are looked through, the latest first, until there are enough."""
        if wish.words or wish.citizen or wish.number or wish.request:
            return False
        if not wish.intent:
            return True
        some = sa.select(contacts.c.id).where(*_of_contacts(wish)).limit(FEW).subquery()
        return (await self._connection.scalar(sa.select(sa.func.count()).select_from(some))) == FEW

    def _having(self, words: Sequence[str]) -> Iterator[sa.ColumnElement[bool]]:
        """Return what asks for words, each as the beginning of one."""
        if not words:
            return
        if self._connection.dialect.name == "postgresql":
            asked = " & ".join(f"{word}:*" for word in words)
            yield sa.func.to_tsvector(_SIMPLE, said.c.folded).op("@@")(sa.func.to_tsquery(_SIMPLE, asked))
            return
        asked = " ".join(f'"{word}"*' for word in words)
        found = sa.text(f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH :asked").bindparams(asked=asked)  # noqa: S608
        yield said.c.id.in_(found)


def _lines() -> sa.Select[Any]:
    own = contacts.c
    columns = said.c.id, said.c.contact, said.c.at, own.channel, own.intent, own.outcome, own.citizen
    return (
        sa.select(*columns, _text.label("text"), _who.label("who"))
        .join_from(said, contacts, own.id == said.c.contact)
        .join(transcript_lines, _is_line, isouter=True)
        .join(messages, _is_message, isouter=True)
        .where(sa.not_(_is_told_twice))
    )


def _latest(wish: Wish) -> sa.Select[Any]:
    """Select the numbers of the latest lines wanted, with room for those that are told twice."""
    theirs = sa.exists().where(contacts.c.id == said.c.contact, *_of_contacts(wish))
    return sa.select(said.c.id).where(*_of_lines(wish), theirs).order_by(said.c.id.desc()).limit(2 * MOST)


def _of_contacts(wish: Wish) -> Iterator[sa.ColumnElement[bool]]:
    """Return what is asked of contacts."""
    own = contacts.c
    equal = ((own.citizen, wish.citizen), (own.intent, wish.intent), (own.outcome, wish.outcome))
    for column, value in (*equal, (own.channel, wish.channel), (own.caller, wish.number and wish.number.e164)):
        if value:
            yield column == value


def _of_lines(wish: Wish) -> Iterator[sa.ColumnElement[bool]]:
    """Return what is asked of lines themselves."""
    if wish.request is not None:
        asked = sa.select(request_contacts.c.contact).where(request_contacts.c.request == wish.request)
        yield said.c.contact.in_(asked)
    if wish.since is not None:
        yield said.c.at >= wish.since
    if wish.until is not None:
        yield said.c.at < wish.until
    if wish.before is not None:
        yield said.c.id < wish.before


def _line(row: sa.Row[Any]) -> Line:
    citizen = CitizenId(row.citizen) if row.citizen else None
    return Line(
        row.id,
        ContactId(row.contact),
        row.who,
        row.at,
        row.text,
        row.channel,
        row.intent or "",
        row.outcome,
        citizen,
    )
