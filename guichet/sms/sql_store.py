"""Texts and consents in SQL, the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.ids import ContactId, MessageId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.core.tables import by_name
from guichet.sms.consent import Consent, Purpose
from guichet.sms.delivery import before
from guichet.sms.message import DeliveryState, Direction, Message
from guichet.sms.store import News
from guichet.sms.tables import consents, messages

_FIELDS = tuple(field.name for field in fields(Message))


def _message(row: sa.Row[Any]) -> Message:
    values = by_name(row, _FIELDS)
    values["direction"] = Direction(row.direction)
    values["number"] = PhoneNumber(row.number)
    values["line"] = PhoneNumber(row.line)
    values["language"] = Language(row.language)
    values["state"] = DeliveryState(row.state)
    return Message(**values)


class SqlMessageStore:
    """The texts on one connection (one transaction)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def receive(self, message: Message) -> bool:
        """Insert unless the carrier's id is known."""
        return await self.put(message)

    async def put(self, message: Message) -> bool:
        """Insert unless the key is known."""
        values = {name: getattr(message, name) for name in _FIELDS}
        values["number"], values["line"] = message.number.e164, message.line.e164
        insert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(messages).values(values).on_conflict_do_nothing().returning(messages.c.id)
        return (await self._connection.execute(statement)).first() is not None

    async def get(self, message_id: MessageId) -> Message | None:
        """Return a text."""
        return await self._first(sa.select(messages).where(messages.c.id == message_id))

    async def by_key(self, key: str) -> Message | None:
        """Return the text of that key."""
        return await self._first(sa.select(messages).where(messages.c.key == key))

    async def of_carrier(self, carrier_id: str) -> Message | None:
        """Return the text of the carrier's id."""
        return await self._first(sa.select(messages).where(messages.c.carrier_id == carrier_id))

    async def of_contact(self, contact: ContactId) -> Sequence[Message]:
        """Return the texts of a conversation, oldest first."""
        query = sa.select(messages).where(messages.c.contact == contact)
        rows = await self._connection.execute(query.order_by(messages.c.created_at, messages.c.id))
        return [_message(row) for row in rows]

    async def of_request(self, request: RequestId) -> Sequence[Message]:
        """Return our texts about a request, oldest first."""
        query = sa.select(messages).where(messages.c.request == request)
        rows = await self._connection.execute(query.order_by(messages.c.created_at, messages.c.id))
        return [_message(row) for row in rows]

    async def claim(self, message_id: MessageId, now: datetime) -> Message | None:
        """Make a pending text sending, in one statement."""
        pending = sa.and_(messages.c.id == message_id, messages.c.state == DeliveryState.PENDING)
        changes = {"state": DeliveryState.SENDING, "asked_at": now}
        return await self._first(sa.update(messages).where(pending).values(changes).returning(messages))

    async def tell(self, message_id: MessageId, news: News) -> bool:
        """Write the new state where it may follow the present one, in one statement."""
        fits = sa.and_(messages.c.id == message_id, messages.c.state.in_(sorted(before(news.state))))
        if news.asked_at is not None:
            fits = sa.and_(fits, messages.c.asked_at == news.asked_at)
        changes: dict[str, Any] = {"state": news.state, "error": news.error}
        if news.carrier_id is not None:
            changes["carrier_id"] = news.carrier_id
        statement = sa.update(messages).where(fits).values(changes).returning(messages.c.id)
        return (await self._connection.execute(statement)).first() is not None

    async def answers_since(self, number: PhoneNumber, line: PhoneNumber, since: datetime) -> int:
        """Count by the index of numbers."""
        ours = sa.and_(
            messages.c.number == number.e164,
            messages.c.line == line.e164,
            messages.c.direction == Direction.OUT,
            messages.c.created_at >= since,
            messages.c.state != DeliveryState.WITHDRAWN,
        )
        query = sa.select(sa.func.count()).select_from(messages).where(ours)
        return int((await self._connection.execute(query)).scalar_one())

    async def last_leaving(self, line: PhoneNumber, before: datetime) -> datetime | None:
        """Return the last moment, by its index."""
        query = sa.select(messages.c.leaves_at).where(messages.c.line == line.e164, messages.c.leaves_at < before)
        row = (await self._connection.execute(query.order_by(messages.c.leaves_at.desc()).limit(1))).first()
        return row.leaves_at if row is not None else None

    async def last_from(self, number: PhoneNumber, line: PhoneNumber, *, but: str | None = None) -> Message | None:
        """Return the last text that a citizen wrote to a line of ours."""
        written = sa.and_(
            messages.c.number == number.e164, messages.c.line == line.e164, messages.c.direction == Direction.IN
        )
        query = sa.select(messages).where(written).order_by(messages.c.created_at.desc(), messages.c.id.desc())
        if but is not None:
            query = query.where(messages.c.carrier_id != but)
        return await self._first(query.limit(1))

    async def _first(self, statement: sa.Select[Any] | sa.UpdateBase) -> Message | None:
        row = (await self._connection.execute(statement)).first()
        return None if row is None else _message(row)


class SqlConsentStore:
    """The consents on one connection (one transaction)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, consent: Consent) -> None:
        """Insert."""
        values = {"number": consent.number.e164, "purpose": consent.purpose, "granted": consent.granted}
        await self._connection.execute(sa.insert(consents).values(**values, at=consent.at, proof=consent.proof))

    async def current(self, number: PhoneNumber, purpose: Purpose) -> Consent | None:
        """Return their last word."""
        query = sa.select(consents).where(consents.c.number == number.e164, consents.c.purpose == purpose)
        row = (await self._connection.execute(query.order_by(consents.c.id.desc()).limit(1))).first()
        return None if row is None else self._consent(row)

    async def all_of(self, number: PhoneNumber) -> Sequence[Consent]:
        """Return all they said, first to last."""
        query = sa.select(consents).where(consents.c.number == number.e164).order_by(consents.c.id)
        return [self._consent(row) for row in await self._connection.execute(query)]

    @staticmethod
    def _consent(row: sa.Row[Any]) -> Consent:
        return Consent(PhoneNumber(row.number), Purpose(row.purpose), row.granted, row.at, row.proof)
