"""Statements that take words, and people, out of rows that stay: used to erase somebody and when their time is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.tables import attempts, flags, requests
from guichet.citizens.tables import contacts
from guichet.console.tables import case_drafts, case_flags, case_notes, case_outcomes
from guichet.gateway.privacy.person import CHUNK
from guichet.gateway.privacy.stripping import ANONYMOUS, anonymous, without_words
from guichet.gateway.units import SqlUnit
from guichet.ivr.tables import calls, recordings, turns
from guichet.routing.tables import unclear_texts
from guichet.sms.tables import messages, surveys
from guichet.transcripts.tables import transcript_lines


@dataclass(frozen=True, slots=True)
class Words:
    """How much of what was said and written has gone."""

    transcripts: int = 0
    texts: int = 0
    recordings: int = 0
    unclear_texts: int = 0

    def __add__(self, other: "Words") -> "Words":
        """Add up."""
        return Words(
            self.transcripts + other.transcripts,
            self.texts + other.texts,
            self.recordings + other.recordings,
            self.unclear_texts + other.unclear_texts,
        )


async def forget_words(unit: SqlUnit, ids: Sequence[str]) -> Words:
    """Forget what was said and written in contacts: transcripts, texts, unclear texts, state of calls, recordings.

    The sound of recordings is deleted before, by who asks for this.
    """
    total = Words()
    for start in range(0, len(ids), CHUNK):
        total += await _forget(unit, ids[start : start + CHUNK])
    return total


async def _forget(unit: SqlUnit, ids: Sequence[str]) -> Words:
    async def gone(table: sa.Table) -> int:
        return (await unit.connection.execute(sa.delete(table).where(table.c.contact.in_(ids)))).rowcount

    await gone(turns)
    await gone(calls)
    words = Words(await gone(transcript_lines), await gone(messages), await gone(recordings), await gone(unclear_texts))
    for row in await _files(unit, ids):
        await unit.connection.execute(
            sa.update(contacts).where(contacts.c.id == row.id).values(file=without_words(row.file))
        )
    return words


async def anonymise_contacts(unit: SqlUnit, ids: Sequence[str]) -> None:
    """Let contacts be nobody's: without number, person, or the carrier's id, by which the carrier would know them."""
    for start in range(0, len(ids), CHUNK):
        for row in await _files(unit, ids[start : start + CHUNK]):
            nobody = {"caller": None, "citizen": None, "carrier_id": f"{ANONYMOUS}:{row.id}"}
            await unit.connection.execute(
                sa.update(contacts).where(contacts.c.id == row.id).values(**nobody, file=anonymous(row.file))
            )
        await anonymise_surveys(unit, surveys.c.contact.in_(ids[start : start + CHUNK]))


async def anonymise_surveys(unit: SqlUnit, which: sa.ColumnElement[bool]) -> None:
    """Let answers how people were served be nobody's: the scores are counted on."""
    await unit.connection.execute(sa.update(surveys).where(which).values(number="", citizen=None))


async def anonymise_requests(unit: SqlUnit, ids: Sequence[str]) -> None:
    """Let requests that have ended be nobody's; what agents wrote of them goes."""
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        for table in (case_notes, case_drafts, case_flags, flags):
            await unit.connection.execute(sa.delete(table).where(table.c.request.in_(some)))
        written = sa.update(case_outcomes).where(case_outcomes.c.request.in_(some))
        await unit.connection.execute(written.values(next_step=""))
        nobody = {
            "citizen": None,
            "number": None,
            "callback_number": None,
            "call": None,
            "ask_for": None,
            "passed_note": "",
            "subject": sa.literal(f"{ANONYMOUS}:") + requests.c.id,
        }
        await unit.connection.execute(sa.update(requests).where(requests.c.id.in_(some)).values(nobody))
        legs = sa.update(attempts).where(attempts.c.request.in_(some))
        await unit.connection.execute(legs.values(citizen_call=None))


async def _files(unit: SqlUnit, ids: Sequence[str]) -> Sequence[Any]:
    query = sa.select(contacts.c.id, contacts.c.file).where(contacts.c.id.in_(ids))
    return (await unit.connection.execute(query)).all()
