"""Calls and turns in SQL, on SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.bulk import insert_new
from guichet.core.ids import CallSid, ContactId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.ivr import wire
from guichet.ivr.record import CallRecord, StreamState, TurnRecord, TurnResult
from guichet.ivr.tables import calls, turns


class SqlCallStore:
    """A CallStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open_many(self, opened: Sequence[tuple[CallRecord, TurnRecord]]) -> None:
        """Keep new calls with their first turns, in two statements."""
        if opened:
            await self._insert_new(calls, [call_row(record) for record, _ in opened])
            await self._insert_new(turns, [turn_row(turn) for _, turn in opened])

    async def find(self, call: CallSid) -> CallRecord | None:
        """Return a call, or None."""
        row = (await self._connection.execute(sa.select(calls).where(calls.c.id == call))).mappings().first()
        return None if row is None else _call(row)

    async def turn(self, call: CallSid, number: int) -> TurnRecord | None:
        """Return a turn, or None."""
        query = sa.select(turns).where(turns.c.call == call, turns.c.number == number)
        row = (await self._connection.execute(query)).mappings().first()
        return None if row is None else _turn(row)

    async def take(self, call: CallSid, number: int) -> bool:
        """Take a turn; the row stays locked until the transaction ends."""
        free = sa.and_(calls.c.id == call, calls.c.turn == number, calls.c.ended_at.is_(None))
        update = sa.update(calls).where(free).values(turn=number + 1)
        return (await self._connection.execute(update)).rowcount == 1

    async def save(self, record: CallRecord) -> None:
        """Write what a turn has changed."""
        row = call_row(record)
        changed = {name: row[name] for name in ("language", "turn", "request", "state", "answer")}
        await self._connection.execute(sa.update(calls).where(calls.c.id == record.id).values(changed))

    async def open_turn(self, turn: TurnRecord) -> None:
        """Keep a new turn."""
        await self._insert_new(turns, [turn_row(turn)])

    async def claim(self, call: CallSid, number: int, opened_after: datetime) -> TurnRecord | None:
        """Take the stream of a turn."""
        ended = sa.select(calls.c.id).where(calls.c.id == turns.c.call, calls.c.ended_at.is_not(None)).exists()
        update = (
            sa.update(turns)
            .where(turns.c.call == call, turns.c.number == number, turns.c.stream == StreamState.NONE.value)
            .where(turns.c.opened_at > opened_after, ~ended)
            .values(stream=StreamState.OPEN.value)
            .returning(turns)
        )
        row = (await self._connection.execute(update)).mappings().first()
        return None if row is None else _turn(row)

    async def release(self, call: CallSid, number: int) -> None:
        """Give back an open stream."""
        open_one = sa.and_(turns.c.call == call, turns.c.number == number, turns.c.stream == StreamState.OPEN.value)
        await self._connection.execute(sa.update(turns).where(open_one).values(stream=StreamState.NONE.value))

    async def finish(self, call: CallSid, number: int, result: TurnResult) -> bool:
        """Keep what the stream has brought."""
        # The lock makes this wait for a call that is being ended: its values are forgotten then, and stay so.
        ended = sa.select(calls.c.ended_at).where(calls.c.id == call).with_for_update(read=True)
        value = result.value if await self._connection.scalar(ended) is None else None
        update = (
            sa.update(turns)
            .where(turns.c.call == call, turns.c.number == number, turns.c.stream == StreamState.OPEN.value)
            .values(stream=StreamState.DONE.value, result=wire.result_to_text(result), value=value)
        )
        return (await self._connection.execute(update)).rowcount == 1

    async def forget_values(self, call: CallSid) -> None:
        """Empty the values of a call's turns."""
        await self._connection.execute(sa.update(turns).where(turns.c.call == call).values(value=None))

    async def open_since(self, before: datetime) -> Sequence[CallSid]:
        """Return the calls that began before that moment and have not ended."""
        query = sa.select(calls.c.id).where(calls.c.ended_at.is_(None), calls.c.started_at < before)
        return [CallSid(found) for found in await self._connection.scalars(query.order_by(calls.c.started_at))]

    async def end(self, call: CallSid, now: datetime) -> CallRecord | None:
        """Note that a call has ended."""
        update = (
            sa.update(calls).where(calls.c.id == call, calls.c.ended_at.is_(None)).values(ended_at=now).returning(calls)
        )
        row = (await self._connection.execute(update)).mappings().first()
        return None if row is None else _call(row)

    async def _insert_new(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows, leaving known ones alone."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(postgresql.insert(table).on_conflict_do_nothing(), rows)
        else:
            await self._connection.exec_driver_sql(*insert_new(table, rows))


def call_row(record: CallRecord) -> dict[str, Any]:
    """Write a call as a row."""
    return {
        "id": record.id,
        "contact": record.contact,
        "line": record.line.e164,
        "caller": record.caller.e164 if record.caller else None,
        "language": record.state.language.value,
        "started_at": record.started_at,
        "ended_at": record.ended_at,
        "turn": record.turn,
        "request": record.state.request,
        "state": wire.call_to_text(record.state),
        "answer": record.answer,
    }


def _call(row: sa.RowMapping) -> CallRecord:
    """Read a call from its row."""
    return CallRecord(
        id=CallSid(row["id"]),
        contact=ContactId(row["contact"]),
        line=PhoneNumber(row["line"]),
        caller=PhoneNumber(row["caller"]) if row["caller"] else None,
        started_at=row["started_at"],
        state=wire.call_from_text(row["state"]),
        turn=row["turn"],
        answer=row["answer"],
        ended_at=row["ended_at"],
    )


def turn_row(turn: TurnRecord) -> dict[str, Any]:
    """Write a turn as a row."""
    return {
        "call": turn.call,
        "number": turn.number,
        "contact": turn.contact,
        "language": turn.language.value,
        "expects": wire.expectation_to_text(turn.expects),
        "keys": turn.keys,
        "listen": turn.listen,
        "opened_at": turn.opened_at,
        "stream": turn.stream.value,
        "grace": turn.grace,
        "result": wire.result_to_text(turn.result) if turn.result else None,
        "value": turn.result.value if turn.result else None,
    }


def _turn(row: sa.RowMapping) -> TurnRecord:
    """Read a turn from its row."""
    return TurnRecord(
        call=CallSid(row["call"]),
        number=row["number"],
        contact=ContactId(row["contact"]),
        language=Language(row["language"]),
        expects=wire.expectation_from_text(row["expects"]),
        keys=row["keys"],
        listen=row["listen"],
        opened_at=row["opened_at"],
        stream=StreamState(row["stream"]),
        grace=row["grace"],
        result=wire.result_from_text(row["result"], row["value"]) if row["result"] else None,
    )
