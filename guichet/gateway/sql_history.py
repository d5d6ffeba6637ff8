"""The history of a citizen, read from every feature's tables: contacts, requests and their changes, messages."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks.tables import request_events, requests
from guichet.citizens.history import Entry, Happening, in_order
from guichet.citizens.tables import contacts
from guichet.core.ids import CitizenId
from guichet.sms.tables import messages

MOST = 1000
"""Entries of each kind: the latest ones."""


class SqlHistory:
    """Reads histories on one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, citizen: CitizenId) -> tuple[Entry, ...]:
        """Return all that happened with a citizen, first to last."""
        return in_order(
            [
                *await self._contacts(citizen),
                *await self._requests(citizen),
                *await self._changes(citizen),
                *await self._messages(citizen),
            ]
        )

    async def _contacts(self, citizen: CitizenId) -> list[Entry]:
        """Read the calls and conversations."""
        query = sa.select(contacts).where(contacts.c.citizen == citizen).order_by(contacts.c.started_at.desc())
        return [
            Entry(
                row.started_at,
                Happening.CONTACT,
                row.id,
                {
                    "channel": row.channel,
                    "intent": row.intent,
                    "outcome": row.outcome,
                    "request": row.request,
                    "heard": row.file.get("heard"),
                    "mandate": row.file.get("mandate"),
                    "undone": row.file.get("undone"),
                    "ended_at": row.ended_at and row.ended_at.isoformat(),
                },
            )
            for row in await self._connection.execute(query.limit(MOST))
        ]

    async def _requests(self, citizen: CitizenId) -> list[Entry]:
        """Read the requests."""
        query = sa.select(requests).where(requests.c.citizen == citizen).order_by(requests.c.opened_at.desc())
        return [
            Entry(
                row.opened_at,
                Happening.REQUEST,
                row.id,
                {
                    "reference": row.reference,
                    "kind": row.kind,
                    "intent": row.intent,
                    "queue": row.queue,
                    "state": row.state,
                    "contact": row.contact,
                    "reminders": row.reminders,
                },
            )
            for row in await self._connection.execute(query.limit(MOST))
        ]

    async def _changes(self, citizen: CitizenId) -> list[Entry]:
        """Read what happened to the requests, attempts to reach them included."""
        own = sa.select(requests.c.id).where(requests.c.citizen == citizen)
        query = sa.select(request_events).where(request_events.c.request.in_(own)).order_by(request_events.c.id.desc())
        return [
            Entry(
                row.at,
                Happening.CHANGE,
                f"{row.request}#{row.id:09}",
                {
                    "request": row.request,
                    "attempt": row.attempt,
                    "before": row.before,
                    "after": row.after,
                    "by": row.actor,
                    "reason": row.reason,
                },
            )
            for row in await self._connection.execute(query.limit(MOST))
        ]

    async def _messages(self, citizen: CitizenId) -> list[Entry]:
        """Read the texts, both ways, of their conversations and about their requests."""
        own_contacts = sa.select(contacts.c.id).where(contacts.c.citizen == citizen)
        own_requests = sa.select(requests.c.id).where(requests.c.citizen == citizen)
        # A text about a request, in a conversation of somebody else who has joined it, is theirs.
        about = sa.and_(messages.c.contact.is_(None), messages.c.request.in_(own_requests))
        query = sa.select(messages).where(sa.or_(messages.c.contact.in_(own_contacts), about))
        return [
            Entry(
                row.created_at,
                Happening.MESSAGE,
                row.id,
                {
                    "direction": row.direction,
                    "body": row.body,
                    "state": row.state,
                    "contact": row.contact,
                    "request": row.request,
                },
            )
            for row in await self._connection.execute(query.order_by(messages.c.created_at.desc()).limit(MOST))
        ]
