"""What is in the database when a journey is over, as plain rows."""

from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.tables import attempts, requests
from guichet.citizens.tables import contacts
from guichet.gateway.database import Database
from guichet.gateway.outbox import outbox
from guichet.ivr.tables import calls, turns
from guichet.routing.tables import agents
from guichet.sms.tables import consents, messages
from guichet.transcripts.tables import transcript_lines

Rows = tuple[sa.Row[Any], ...]
_TABLES = (contacts, calls, turns, requests, attempts, messages, consents, transcript_lines, outbox, agents)


@dataclass(frozen=True, slots=True)
class Tables:
    """Every row that a journey may have left, oldest first."""

    contacts: Rows
    calls: Rows
    turns: Rows
    requests: Rows
    attempts: Rows
    messages: Rows
    consents: Rows
    lines: Rows
    jobs: Rows
    agents: Rows

    @property
    def sent(self) -> Rows:
        """The texts of ours."""
        return tuple(message for message in self.messages if message.direction == "out")

    @property
    def open_requests(self) -> Rows:
        """The requests that somebody still waits for."""
        return tuple(request for request in self.requests if request.closed_at is None)


async def read(database: Database) -> Tables:
    """Read them all."""
    async with database.read() as unit:
        found = [
            tuple((await unit.connection.execute(sa.select(table).order_by(*table.primary_key.columns))).all())
            for table in _TABLES
        ]
    return Tables(**dict(zip((field.name for field in fields(Tables)), found, strict=True)))
