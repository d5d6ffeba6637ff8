"""Erasing a person: their record goes, what they said and wrote goes, what is counted stays without anybody in it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from guichet.callbacks.request import RequestState
from guichet.callbacks.service import close_request
from guichet.callbacks.tables import requests
from guichet.citizens.postings import citizen_number
from guichet.citizens.tables import citizen_files, citizen_keys, citizen_mandates, citizen_phones, citizens, contacts
from guichet.core.errors import Conflict
from guichet.core.ids import RequestId
from guichet.gateway.privacy.forgetting import anonymise_contacts, anonymise_requests, anonymise_surveys, forget_words
from guichet.gateway.privacy.person import Person, Rows, rows_of
from guichet.gateway.privacy.stripping import without_person
from guichet.gateway.units import SqlUnit
from guichet.ivr.tables import calls, recordings, turns
from guichet.sms.tables import consents, messages, surveys

_REASON = "erased"


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the way, or has to be done elsewhere, before somebody is erased.

    `open_requests` are references; `recordings` ids of messages whose sound is here or at the carrier.
    """

    rows: Rows
    open_requests: tuple[str, ...]
    talking: bool
    recordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """How many of each were removed, or are nobody's now."""

    records: int = 0
    files: int = 0
    mandates: int = 0
    contacts: int = 0
    transcripts: int = 0
    texts: int = 0
    requests: int = 0
    closed_requests: int = 0
    recordings: int = 0
    unclear_texts: int = 0
    consents: int = 0
    mentions: int = 0

    def as_data(self) -> dict[str, int]:
        """Return it for programs and for the trail, which holds nothing else."""
        return asdict(self)


async def standing(unit: SqlUnit, person: Person) -> Standing:
    """Look at what would be erased."""
    rows = await rows_of(unit, person)
    is_open = sa.and_(requests.c.id.in_(rows.requests), requests.c.closed_at.is_(None))
    found = (await unit.connection.execute(sa.select(requests.c.reference, requests.c.state).where(is_open))).all()
    calling = sa.and_(contacts.c.id.in_(rows.contacts), contacts.c.ended_at.is_(None), contacts.c.channel == "voice")
    on_the_line = await unit.connection.scalar(sa.select(sa.func.count()).select_from(contacts).where(calling))
    held = sa.select(recordings.c.id).where(recordings.c.contact.in_(rows.contacts))
    return Standing(
        rows,
        tuple(sorted(row.reference for row in found)),
        bool(on_the_line) or any(row.state == RequestState.TALKING.value for row in found),
        tuple((await unit.connection.scalars(held)).all()),
    )


async def erase(unit: SqlUnit, person: Person, found: Standing, now: datetime) -> Erased:
    """Erase; open requests are cancelled, which lets an agent go who is being rung. Raises Conflict in a call."""
    if found.talking:
        raise Conflict("they are on the line at this moment: erase when the call is over")
    for request in await _open(unit, found.rows):
        await close_request(unit, RequestId(request), RequestState.CANCELLED, _REASON, now)
    rows, numbers = found.rows, [number.e164 for number in person.numbers]
    texts = await _gone(unit, messages, messages.c.id, rows.messages)
    words = await forget_words(unit, rows.contacts)
    await anonymise_contacts(unit, rows.contacts)
    await anonymise_requests(unit, rows.requests)
    record = await _record(unit, person)
    mentions = await _mentions(unit, person)
    return Erased(
        **record,
        contacts=len(rows.contacts),
        transcripts=words.transcripts,
        texts=texts + words.texts + await _gone(unit, messages, messages.c.number, numbers),
        requests=len(rows.requests),
        closed_requests=len(found.open_requests),
        recordings=words.recordings,
        unclear_texts=words.unclear_texts,
        consents=await _gone(unit, consents, consents.c.number, numbers),
        mentions=mentions + await _numbers(unit, numbers),
    )


async def _open(unit: SqlUnit, rows: Rows) -> Sequence[str]:
    query = sa.select(requests.c.id).where(requests.c.id.in_(rows.requests), requests.c.closed_at.is_(None))
    return (await unit.connection.scalars(query)).all()


async def _record(unit: SqlUnit, person: Person) -> Mapping[str, int]:
    """Remove the record, its index and files, and mandates both ways."""
    if person.id is None:
        return {}
    own = [person.id]
    await _gone(unit, citizen_keys, citizen_keys.c.citizen, [citizen_number(person.id)])
    await _gone(unit, citizen_phones, citizen_phones.c.citizen_id, own)
    files = await _gone(unit, citizen_files, citizen_files.c.citizen_id, own)
    mandates = await _gone(unit, citizen_mandates, citizen_mandates.c.citizen_id, own)
    mandates += await _gone(unit, citizen_mandates, citizen_mandates.c.holder_id, own)
    return {"files": files, "mandates": mandates, "records": await _gone(unit, citizens, citizens.c.id, own)}


async def _mentions(unit: SqlUnit, person: Person) -> int:
    """Take them out of what is others', where they were a candidate or a helper: a look at every contact and call."""
    if person.id is None:
        return 0
    await anonymise_surveys(unit, surveys.c.citizen == person.id)
    held = sa.select(calls.c.id).where(
        calls.c.state.contains(person.id, autoescape=True), calls.c.ended_at.is_not(None)
    )
    over = (await unit.connection.scalars(held)).all()
    await _gone(unit, turns, turns.c.call, over)
    await _gone(unit, calls, calls.c.id, over)
    query = sa.select(contacts.c.id, contacts.c.file).where(
        sa.cast(contacts.c.file, sa.Text).contains(person.id, autoescape=True)
    )
    found = (await unit.connection.execute(query)).all()
    for row in found:
        file = without_person(row.file, person.id)
        await unit.connection.execute(sa.update(contacts).where(contacts.c.id == row.id).values(file=file))
    return len(found)


async def _numbers(unit: SqlUnit, numbers: Sequence[str]) -> int:
    """Take their numbers out of what is others', for whom they have called; an open request keeps where to call."""
    if not numbers:
        return 0
    await anonymise_surveys(unit, surveys.c.number.in_(numbers))
    calling = sa.and_(contacts.c.caller.in_(numbers), contacts.c.outcome != "")
    told = await unit.connection.execute(sa.update(contacts).where(calling).values(caller=None))
    for column in (requests.c.number, requests.c.callback_number):
        ended = sa.and_(column.in_(numbers), requests.c.closed_at.is_not(None))
        await unit.connection.execute(sa.update(requests).where(ended).values({column.name: None}))
    return told.rowcount


async def _gone(unit: SqlUnit, table: sa.Table, key: sa.Column[str], values: Sequence[object]) -> int:
    """Remove the rows whose column has one of the values."""
    return (await unit.connection.execute(sa.delete(table).where(key.in_(values)))).rowcount if values else 0
