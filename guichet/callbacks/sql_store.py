"""Requests in SQL, the same on SQLite and PostgreSQL. Each change is one statement that checks as it writes."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.callbacks import sql_order
from guichet.callbacks.joining import citizen_subject, subject_of
from guichet.callbacks.lifecycle import Cause, Event
from guichet.callbacks.order import Place
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.slots import Slot, Taken
from guichet.callbacks.store import NEAREST, Served
from guichet.callbacks.tables import IS_OPEN, request_contacts, request_events, requests
from guichet.core.errors import Conflict
from guichet.core.ids import AgentId, AttemptId, CitizenId, ContactId, RequestId, new_reference
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.core.tables import by_name

_TRIES = 5
_FIELDS = tuple(field.name for field in fields(Request))
_KEPT = frozenset({"id", "reference", "citizen", "contact", "opened_at", "reminders"})
"""What `change` never writes: made once, or counted and given elsewhere."""


def insert(connection: AsyncConnection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """Return the dialect's INSERT, which knows ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


_RECORD = sa.insert(request_events)


@cache
def _changing(names: tuple[str, ...]) -> sa.Update:
    """Return the statement that writes some columns of a request whose state is still the same; built once for each."""
    own = requests.c
    unmoved = sa.and_(own.id == sa.bindparam("own"), own.state == sa.bindparam("was"))
    new = {name: sa.bindparam(f"new_{name}", type_=own[name].type) for name in names}
    return sa.update(requests).where(unmoved).values(new)


async def record(connection: AsyncConnection, event: Event) -> None:
    """Keep an event."""
    values = {"request": event.request, "attempt": event.attempt, "before": event.before, "after": event.after}
    cause = event.cause
    await connection.execute(_RECORD, {**values, "actor": cause.actor, "at": cause.at, "reason": cause.reason})


def _values(request: Request) -> dict[str, Any]:
    values = {name: getattr(request, name) for name in _FIELDS}
    values["number"] = request.number.e164 if request.number else None
    values["line"] = request.line.e164
    values["callback_number"] = request.callback_number.e164 if request.callback_number else None
    values["closed_at"] = None if request.state.is_open else request.changed_at
    return values


def _request(row: sa.Row[Any]) -> Request:
    values = by_name(row, _FIELDS)
    values["kind"] = RequestKind(row.kind)
    values["state"] = RequestState(row.state)
    values["language"] = Language(row.language)
    values["number"] = PhoneNumber(row.number) if row.number else None
    values["line"] = PhoneNumber(row.line)
    values["callback_number"] = PhoneNumber(row.callback_number) if row.callback_number else None
    return Request(**values)


class SqlRequestStore:
    """The requests on one connection (one transaction)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, request: Request) -> Request | None:
        """Insert, or return the one that is open; again when the reference is taken or the open one just ended."""
        subject = subject_of(request.citizen, request.number, request.contact)
        values = {**_values(request), "subject": subject}
        for _ in range(_TRIES):
            statement = insert(self._connection, requests).values(values).on_conflict_do_nothing()
            if (await self._connection.execute(statement.returning(requests.c.id))).first():
                return None
            if existing := await self.open_of_subject(subject, request.intent):
                return existing
            values["reference"] = new_reference()
        raise Conflict("a request could not be opened: no free reference")

    async def get(self, request_id: RequestId) -> Request | None:
        """Return a request."""
        return await self._first(sa.select(requests).where(requests.c.id == request_id))

    async def open_of_subject(self, subject: str, intent: str) -> Request | None:
        """Return the open request of a subject for an intent, locked where the database can."""
        of_subject = sa.and_(requests.c.subject == subject, requests.c.intent == intent, IS_OPEN)
        return await self._first(sa.select(requests).where(of_subject).with_for_update())

    async def open_of_number(self, number: PhoneNumber, intent: str | None = None) -> Sequence[Request]:
        """Return the open requests that would be answered at a number, oldest first."""
        query = sa.select(requests).where(requests.c.number == number.e164, IS_OPEN).order_by(requests.c.id)
        if intent is not None:
            query = query.where(requests.c.intent == intent)
        return [_request(row) for row in await self._connection.execute(query)]

    async def open_of_citizen(self, citizen: CitizenId) -> Sequence[Request]:
        """Return the open requests of a citizen, oldest first."""
        query = sa.select(requests).where(requests.c.citizen == citizen, IS_OPEN).order_by(requests.c.id)
        return [_request(row) for row in await self._connection.execute(query)]

    async def change(self, before: Request, after: Request, event: Event | None = None) -> bool:
        """Write what differs where the state is still the same."""
        old, new = _values(before), _values(after)
        changes = {name: value for name, value in new.items() if value != old[name] and name not in _KEPT}
        if not changes:
            return True
        new = {f"new_{name}": value for name, value in changes.items()}
        asked = {"own": before.id, "was": before.state, **new}
        may_clash = after.state is RequestState.OFFERED or "intent" in changes
        if not await self._does(_changing(tuple(changes)), asked, may_clash=may_clash):
            return False
        if event is not None:
            await record(self._connection, event)
        return True

    async def note(self, event: Event) -> None:
        """Insert an event."""
        await record(self._connection, event)

    async def adopt(self, request: Request, citizen: CitizenId) -> bool:
        """Give it to a citizen, inside a savepoint: the unique index may say no."""
        unknown = sa.and_(requests.c.id == request.id, requests.c.citizen.is_(None), IS_OPEN)
        changes = {"citizen": citizen, "subject": citizen_subject(citizen)}
        statement = sa.update(requests).where(unknown).values(changes).returning(requests.c.id)
        try:
            async with self._connection.begin_nested():
                return (await self._connection.execute(statement)).first() is not None
        except IntegrityError:
            return False

    async def give(self, request: Request, citizen: CitizenId | None, cause: Cause) -> bool:
        """Change whose it is, inside a savepoint: the unique index may say no."""
        changes = {"citizen": citizen, "subject": subject_of(citizen, request.number, request.contact)}
        statement = sa.update(requests).where(requests.c.id == request.id).values(changes)
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(statement)
        except IntegrityError:
            return False
        await record(self._connection, Event(request.id, None, request.state, request.state, cause))
        return True

    async def of_contact(self, contact: ContactId) -> Sequence[Request]:
        """Return the requests a contact is about."""
        about = sa.select(request_contacts.c.request).where(request_contacts.c.contact == contact)
        query = sa.select(requests).where(requests.c.id.in_(about)).order_by(requests.c.id)
        return [_request(row) for row in await self._connection.execute(query)]

    async def unlink(self, request_id: RequestId, contact: ContactId) -> bool:
        """Forget a contact; take a reminder back."""
        linked = sa.and_(request_contacts.c.request == request_id, request_contacts.c.contact == contact)
        gone = await self._connection.execute(
            sa.delete(request_contacts).where(linked).returning(request_contacts.c.contact)
        )
        if gone.first() is None:
            return False
        left = await self.contacts_of(request_id)
        fewer = sa.case((requests.c.reminders > 0, requests.c.reminders - 1), else_=0)
        opener = sa.case((requests.c.contact == contact, left[0] if left else contact), else_=requests.c.contact)
        own = sa.update(requests).where(requests.c.id == request_id)
        await self._connection.execute(own.values(reminders=fewer, contact=opener))
        return True

    async def link(self, request_id: RequestId, contact: ContactId, at: datetime, *, reminds: bool = True) -> bool:
        """Remember a contact; count a reminder unless it is the one that opened the request."""
        values = {"request": request_id, "contact": contact, "at": at}
        statement = insert(self._connection, request_contacts).values(values).on_conflict_do_nothing()
        if (await self._connection.execute(statement.returning(request_contacts.c.contact))).first() is None:
            return False
        if not reminds:
            return True
        later = sa.and_(requests.c.id == request_id, requests.c.contact != contact)
        await self._connection.execute(sa.update(requests).where(later).values(reminders=requests.c.reminders + 1))
        return True

    async def contacts_of(self, request_id: RequestId) -> Sequence[ContactId]:
        """Return the contacts about a request, first to last."""
        linked = request_contacts
        query = sa.select(linked.c.contact).where(linked.c.request == request_id).order_by(linked.c.at)
        return [ContactId(row.contact) for row in await self._connection.execute(query)]

    async def events_of(self, request_id: RequestId) -> Sequence[Event]:
        """Return what happened, in order."""
        query = sa.select(request_events).where(request_events.c.request == request_id).order_by(request_events.c.id)
        return [
            Event(
                RequestId(row.request),
                AttemptId(row.attempt) if row.attempt else None,
                row.before,
                row.after,
                Cause(row.actor, row.at, row.reason),
            )
            for row in await self._connection.execute(query)
        ]

    async def ahead(self, request: Request) -> int:
        """Count by the order's index."""
        column = requests.c
        earlier = sa.tuple_(column.target_at, column.id) < sa.tuple_(
            sa.bindparam("target", request.target_at, type_=column.target_at.type),
            sa.bindparam("own_id", request.id, type_=column.id.type),
        )
        query = sa.select(sa.func.count()).where(
            column.queue == request.queue,
            column.state == RequestState.WAITING,
            IS_OPEN,
            sa.or_(column.priority > request.priority, sa.and_(column.priority == request.priority, earlier)),
        )
        return int((await self._connection.execute(query)).scalar_one())

    async def first_in_order(self, served: Served, now: datetime, *, writing: Served = ()) -> Request | None:
        """Return the first who is due, their row locked.

        On PostgreSQL, transactions that ask for this come one after the other (as all do on SQLite): else one that
        loses the last free agent to another would leave its request overtaken by the other's. Who is being changed at
        this moment (warned, joined by another contact) is waited for, not passed: they keep their place. They may be
        nobody's next then: it is looked again.
        """
        first, filled = sql_order.FIRST_OF_BOTH if writing else sql_order.FIRST, sql_order.served(served, writing, now)
        if self._connection.dialect.name != "postgresql":
            return await self._first(first, filled)
        await self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sql_order.ONE_ORDER)))
        for _ in range(_TRIES):
            found = await self._first(first, filled)
            if found is not None or not await self.is_anyone_due(served, now, writing=writing):
                return found
        raise Conflict("those who wait keep changing")

    async def is_anyone_due(self, served: Served, now: datetime, *, writing: Served = ()) -> bool:
        """Whether there is one."""
        anyone = sql_order.ANYONE_OF_BOTH if writing else sql_order.ANYONE
        return bool(await self._connection.scalar(anyone, sql_order.served(served, writing, now)))

    async def nearest(self, until: datetime) -> Sequence[Request]:
        """Return the first of the one order, but for texts."""
        query = sa.select(requests).where(sql_order.IS_WAITING, sql_order.IS_FOR_PHONES).order_by(*sql_order.PLACE)
        return [_request(row) for row in await self._connection.execute(query.limit(NEAREST), {"now": until})]

    async def in_order(self, queue: str | None = None, limit: int = NEAREST) -> Sequence[Request]:
        """Return the first of those who wait."""
        query = sa.select(requests).where(sql_order.IS_WAITING).order_by(*sql_order.PLACE).limit(limit)
        if queue is not None:
            query = query.where(requests.c.queue == queue)
        return [_request(row) for row in await self._connection.execute(query)]

    async def by_reference(self, reference: str) -> Request | None:
        """Return the request of a reference."""
        return await self._first(sa.select(requests).where(requests.c.reference == reference.upper()))

    async def in_hand_of(self, agent: AgentId) -> Request | None:
        """Return what an agent has in hand."""
        held = sa.and_(requests.c.agent == agent, requests.c.state == RequestState.OFFERED, IS_OPEN)
        return await self._first(sa.select(requests).where(held))

    async def bring_forward(self) -> int:
        """Forget the moment of those put off."""
        put_off = sa.and_(sql_order.IS_WAITING, requests.c.not_before == requests.c.put_off_until)
        at_once = sa.update(requests).where(put_off).values(not_before=None, put_off_until=None)
        return (await self._connection.execute(at_once)).rowcount

    async def overtaken_by(self, request: Request, now: datetime) -> int:
        """Count by the index of opening: it has them side by side."""
        asked = {"now": now, "queue": request.queue, "language": request.language.value}
        found = await self._connection.scalar(sql_order.OVERTAKEN, {**asked, "opened_at": request.opened_at})
        return int(found or 0)

    async def lock_slots(self, queue: str) -> None:
        """Wait for those who take a slot of this queue (SQLite has one writer at a time anyway)."""
        if self._connection.dialect.name == "postgresql":
            lock = sa.func.pg_advisory_xact_lock(sa.literal(sql_order.SLOTS, sa.Integer), sa.func.hashtext(queue))
            await self._connection.execute(sa.select(lock))

    async def slots_taken(self, queue: str, since: datetime, until: datetime, *, but: RequestId) -> Sequence[Taken]:
        """Count by the index of slots."""
        column = requests.c
        query = (
            sa.select(column.slot_at, column.slot_until, sa.func.count())
            .where(column.queue == queue, IS_OPEN, column.slot_at < until, column.slot_until > since, column.id != but)
            .group_by(column.slot_at, column.slot_until)
            .order_by(column.slot_at, column.slot_until)
        )
        return [Taken(Slot(starts, ends), count) for starts, ends, count in await self._connection.execute(query)]

    async def before(self, place: Place, now: datetime) -> Mapping[tuple[str, Language], int]:
        """Count by the index of the one order."""
        rows = await self._connection.execute(sql_order.BEFORE, sql_order.placed(place, now))
        return {(row.queue, Language(row.language)): row.number for row in rows}

    async def holding(self, queue: str, language: Language) -> int:
        """Count by the order's index."""
        asked = {"queue": queue, "language": language.value}
        return int(await self._connection.scalar(sql_order.HOLDING, asked) or 0)

    async def _does(self, statement: sa.Update, asked: Mapping[str, Any], *, may_clash: bool) -> bool:
        """Say whether a statement has changed a row; one that may meet a unique index has a savepoint of its own."""
        if not may_clash:
            return (await self._connection.execute(statement, asked)).rowcount == 1
        try:
            async with self._connection.begin_nested():
                return (await self._connection.execute(statement, asked)).rowcount == 1
        except IntegrityError:
            return False

    async def _first(self, query: sa.Select[Any], filled: Mapping[str, Any] | None = None) -> Request | None:
        row = (await self._connection.execute(query, filled)).first()
        return None if row is None else _request(row)
