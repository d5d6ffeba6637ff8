"""Everything that is kept of a person, across all tables, as plain values: the access right."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.tables import attempts, flags, request_events, requests
from guichet.citizens.tables import citizen_files, citizen_mandates, citizen_phones, citizens, contacts
from guichet.console.tables import case_notes, case_outcomes
from guichet.gateway.privacy.person import CHUNK, Person, Rows, rows_of
from guichet.gateway.units import SqlUnit
from guichet.ivr.tables import calls, recordings
from guichet.routing.tables import unclear_texts
from guichet.sms.tables import consents, messages, surveys
from guichet.transcripts.tables import transcript_lines

Row = dict[str, Any]


async def export(unit: SqlUnit, person: Person, now: datetime) -> dict[str, Any]:
    """Return everything, one key a kind; numbers in full: it is theirs."""
    rows = await rows_of(unit, person)
    return {
        "exported_at": now.isoformat(),
        "record": await _record(unit, person),
        "contacts": await _contacts(unit, rows),
        "requests": await _requests(unit, rows),
        "texts": await _all(unit, messages, messages.c.id, rows.messages, messages.c.created_at),
        "consents": await _all(unit, consents, consents.c.number, _numbers(person), consents.c.at),
    }


def _numbers(person: Person) -> list[str]:
    return [number.e164 for number in person.numbers]


async def _record(unit: SqlUnit, person: Person) -> dict[str, Any] | None:
    """Return what the record says of them, with files, and mandates of and for others."""
    if person.id is None:
        return None
    (own,) = await _all(unit, citizens, citizens.c.id, [person.id], citizens.c.id)
    of, held = citizen_mandates.c.citizen_id, citizen_mandates.c.holder_id
    return {
        **{name: value for name, value in own.items() if name not in {"number", "seen_in"}},
        "phones": await _all(unit, citizen_phones, citizen_phones.c.citizen_id, [person.id], citizen_phones.c.position),
        "files": await _all(unit, citizen_files, citizen_files.c.citizen_id, [person.id], citizen_files.c.number),
        "mandates": await _all(unit, citizen_mandates, of, [person.id], citizen_mandates.c.key),
        "speaks_for": await _all(unit, citizen_mandates, held, [person.id], citizen_mandates.c.key),
    }


async def _contacts(unit: SqlUnit, rows: Rows) -> list[Row]:
    """Return calls and conversations, each with what was heard of it."""
    found = await _all(unit, contacts, contacts.c.id, rows.contacts, contacts.c.started_at)
    lines = transcript_lines.c
    parts = {
        "transcript": await _by(unit, transcript_lines, lines.contact, rows.contacts, lines.turn),
        "call": await _by(unit, calls, calls.c.contact, rows.contacts, calls.c.id),
        "recordings": await _by(unit, recordings, recordings.c.contact, rows.contacts, recordings.c.place),
        "surveys": await _by(unit, surveys, surveys.c.contact, rows.contacts, surveys.c.asked_at),
        "unclear": await _by(unit, unclear_texts, unclear_texts.c.contact, rows.contacts, unclear_texts.c.turn),
    }
    for contact in found:
        contact.update({name: held[contact["id"]] for name, held in parts.items() if contact["id"] in held})
        for call in contact.get("call", ()):
            call.pop("answer")
    return found


async def _requests(unit: SqlUnit, rows: Rows) -> list[Row]:
    """Return requests, each with what happened to it and the tries to reach them; of agents, ids alone."""
    found = await _all(unit, requests, requests.c.id, rows.requests, requests.c.opened_at)
    events = await _by(unit, request_events, request_events.c.request, rows.requests, request_events.c.id)
    tries = await _by(unit, attempts, attempts.c.request, rows.requests, attempts.c.started_at)
    notes = await _by(unit, case_notes, case_notes.c.request, rows.requests, case_notes.c.id)
    outcomes = await _by(unit, case_outcomes, case_outcomes.c.request, rows.requests, case_outcomes.c.id)
    flagged = await _by(unit, flags, flags.c.request, rows.requests, flags.c.at)
    for request in found:
        parts = {"events": events, "attempts": tries, "notes": notes, "outcomes": outcomes, "flags": flagged}
        request.update({name: held.get(request["id"], []) for name, held in parts.items()})
    return found


async def _by(
    unit: SqlUnit, table: sa.Table, key: sa.Column[Any], values: Sequence[str], order: sa.Column[Any]
) -> dict[str, list[Row]]:
    """Return rows by the value of a column."""
    grouped: dict[str, list[Row]] = {}
    for row in await _all(unit, table, key, values, order):
        grouped.setdefault(row[key.name], []).append(row)
    return grouped


async def _all(
    unit: SqlUnit, table: sa.Table, key: sa.Column[Any], values: Sequence[str], order: sa.Column[Any]
) -> list[Row]:
    """Return the rows whose column has one of the values, as plain JSON values."""
    found: list[Row] = []
    for start in range(0, len(values), CHUNK):
        query = sa.select(table).where(key.in_(values[start : start + CHUNK])).order_by(order)
        found += [_plain(row) for row in (await unit.connection.execute(query)).mappings()]
    return found


def _plain(row: sa.RowMapping) -> Row:
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in row.items()}
