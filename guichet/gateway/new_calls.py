"""The transaction of new calls: their rows are collected in the block and added in one go at its end."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from guichet.citizens.contact import Contact
from guichet.citizens.contact_sql_store import contact_row
from guichet.citizens.tables import contacts
from guichet.ivr.record import CallRecord, TurnRecord
from guichet.ivr.sql_store import call_row, turn_row
from guichet.ivr.tables import calls, turns


class NewContacts:
    """The contacts of new calls."""

    def __init__(self, rows: list[tuple[sa.Table, Sequence[Mapping[str, Any]]]]) -> None:
        self._rows = rows

    async def add_many(self, new: Sequence[Contact]) -> None:
        """Collect contacts."""
        self._rows.append((contacts, [contact_row(contact) for contact in new]))


class NewCalls:
    """New calls and their first turns."""

    def __init__(self, rows: list[tuple[sa.Table, Sequence[Mapping[str, Any]]]]) -> None:
        self._rows = rows

    async def open_many(self, opened: Sequence[tuple[CallRecord, TurnRecord]]) -> None:
        """Collect calls."""
        self._rows.append((calls, [call_row(record) for record, _ in opened]))
        self._rows.append((turns, [turn_row(turn) for _, turn in opened]))


class NewCallsUnit:
    """What `ivr.opening` needs of a transaction; `rows` are what is to be added."""

    def __init__(self) -> None:
        self.rows: list[tuple[sa.Table, Sequence[Mapping[str, Any]]]] = []
        self.contacts = NewContacts(self.rows)
        self.calls = NewCalls(self.rows)
