"""Writes a sample history into an empty database: contacts, agents, and the requests that these have served."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.lifecycle import WRITTEN_UP
from guichet.callbacks.request import AttemptState, RequestKind, RequestState
from guichet.callbacks.tables import attempts, request_contacts, request_events, requests
from guichet.citizens.contact import Channel, Contact
from guichet.core.bulk import MOST_VALUES, insert_new
from guichet.core.errors import BadInput
from guichet.core.ids import AgentId, ContactId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.database import Database
from guichet.gateway.units import SqlUnit
from guichet.routing.agent import Agent, Presence
from guichet.routing.decision import Outcome
from guichet.routing.decision_file import of_decision, of_grounds
from guichet.routing.queueing import REST, Case, Desk, Served
from guichet.routing.rule_book import RuleBook
from guichet.routing.sample_history import SampleContact, SampleHistory

_BATCH = 1000


async def write(
    database: Database, book: RuleBook, history: SampleHistory, progress: Callable[[int], None] = lambda _count: None
) -> None:
    """Write a history, in batches. Raises BadInput for a database that has contacts: they may be citizens'."""
    async with database.read() as unit:
        if await unit.contacts.count(datetime.min.replace(tzinfo=UTC)):
            raise BadInput(
                "this database has contacts: a sample history is for an empty one (another GUICHET_DATA_DIR)"
            )
    workers = history.workers()
    desk = Desk({one.id: one for one in workers}, {queue.name: queue.skills for queue in book.queues.values()})
    lines = dict.fromkeys(book.queues, book.lines[0].number)
    async with database.begin() as unit:
        for number, worker in enumerate(workers):
            languages = frozenset(Language(one) for one in worker.languages)
            phone = PhoneNumber(f"+3319900{5000 + number:04}")
            name = f"Exemple {number + 1:03}"
            since = worker.shifts[0][0] if worker.shifts else datetime.now(UTC)
            await unit.agents.add(
                Agent(AgentId(worker.id), name, phone, worker.skills, languages, Presence.AWAY, since)
            )
    matters: dict[str, SampleContact] = {}
    contacts: list[Contact] = []
    served: list[Served] = []
    written = 0
    for one in history:
        case = history.case(one)
        contacts.append(_contact(one, case))
        if case is not None:
            matters[one.past.id] = one
            served.extend(desk.arrive(case))
        if len(contacts) == _BATCH:
            written += len(contacts)
            await _keep(database, contacts, served, matters, lines)
            contacts, served = [], []
            progress(written)
    await _keep(database, contacts, [*served, *desk.close()], matters, lines)
    progress(written + len(contacts))


async def _keep(
    database: Database,
    contacts: Sequence[Contact],
    served: Iterable[Served],
    matters: dict[str, SampleContact],
    lines: Mapping[str, PhoneNumber],
) -> None:
    done = [(one, matters.pop(one.case.id)) for one in served]
    async with database.begin() as unit:
        await unit.contacts.add_many(contacts)
        rows = [_request(one, contact, lines[one.case.queue]) for one, contact in done]
        await _insert(unit, requests, rows)
        await _insert(unit, request_contacts, [_link(one.case) for one, _ in done])
        await _insert(unit, attempts, [_attempt(one) for one, _ in done if one.at is not None])
        await _insert(unit, request_events, [event for one, contact in done for event in _events(one, contact)])


async def _insert(unit: SqlUnit, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    step = min(_BATCH, MOST_VALUES // len(rows[0])) if rows else _BATCH
    for start in range(0, len(rows), step):
        batch = rows[start : start + step]
        if unit.connection.dialect.name == "sqlite":
            await unit.connection.exec_driver_sql(*insert_new(table, batch))
        else:
            await unit.connection.execute(table.insert(), list(batch))


def _contact(one: SampleContact, case: Case | None) -> Contact:
    facts = one.past.grounds.facts
    return Contact(
        id=ContactId(one.past.id),
        channel=Channel(facts.channel),
        carrier_id=one.past.id.removeprefix("con_"),
        line=facts.line,
        caller=None,
        language=facts.language,
        started_at=one.began,
        ended_at=one.ended,
        intent=facts.intent,
        outcome=one.outcome,
        request=RequestId(_id("req_", case)) if case else None,
        file={
            "sample": True,
            "heard": one.past.heard,
            "decision": of_decision(one.decision),
            "grounds": of_grounds(one.past.grounds),
        },
    )


def _id(kind: str, case: Case) -> str:
    return case.id.replace("con_", kind, 1)


def _request(one: Served, contact: SampleContact, line: PhoneNumber) -> dict[str, Any]:
    case, holds = one.case, contact.past.decided.outcome is Outcome.AGENT
    state = RequestState.DONE if one.at else RequestState.CANCELLED
    ended = _ended(one)
    return {
        "id": _id("req_", case),
        "reference": f"EX-{int(case.id[-8:]):08}",
        "subject": f"contact:{case.id}",
        "kind": (RequestKind.HOLD if holds else RequestKind.CALLBACK).value,
        "state": state.value,
        "citizen": None,
        "number": None,
        "line": line.e164,
        "language": case.language,
        "intent": contact.past.grounds.facts.intent or "",
        "queue": case.queue,
        "priority": case.priority,
        "opened_at": case.at,
        "target_at": case.target_at or case.at + timedelta(hours=4),
        "changed_at": ended,
        "closed_at": ended,
        "contact": case.id,
        "call": None,
        "agent": one.worker,
        "reminders": 0,
        "held_since": case.at if holds else None,
        "connected_at": one.at,
        "not_before": None,
        "callback_number": None,
        "warned_at": None,
        "put_off_until": None,
        "slot_at": None,
        "slot_until": None,
        "wanted": None,
        "passed_by": None,
        "passed_note": "",
    }


def _attempt(one: Served) -> dict[str, Any]:
    return {
        "id": _id("att_", one.case),
        "request": _id("req_", one.case),
        "agent": one.worker,
        "state": AttemptState.ENDED.value,
        "started_at": one.at,
        "call": None,
        "ended_at": _ended(one),
        "result": "sample",
        "citizen_call": None,
        "bridged_at": one.at,
        "wrapped_up_at": _ended(one) + REST,
    }


def _ended(one: Served) -> datetime:
    """Return when a case was over: with the conversation, or when somebody gave up."""
    case = one.case
    return one.at + case.takes if one.at else case.at + (case.patience or case.takes)


def _link(case: Case) -> dict[str, Any]:
    return {"request": _id("req_", case), "contact": case.id, "at": case.at}


def _events(one: Served, contact: SampleContact) -> list[dict[str, Any]]:
    """Return what happened to a request and its attempt, in order: rung and taken at once, or cancelled."""
    request, ended = _id("req_", one.case), _ended(one)
    if one.at is None:
        return [_event(request, None, "waiting", "cancelled", ended)]
    attempt = _id("att_", one.case)
    states = ["waiting", "dialing_agent", "dialing_citizen", "talking"]
    if contact.past.decided.outcome is Outcome.AGENT:
        states.remove("dialing_citizen")
    tries = ["prepared", "ringing", "accepted", "bridged"]
    return [
        *(_event(request, attempt, before, after, one.at) for before, after in pairwise(tries)),
        *(_event(request, None, before, after, one.at) for before, after in pairwise(states)),
        _event(request, attempt, "bridged", "ended", ended),
        _event(request, None, "talking", "done", ended),
        _event(request, attempt, "ended", WRITTEN_UP, ended + REST),
    ]


def _event(request: str, attempt: str | None, before: str, after: str, at: datetime) -> dict[str, Any]:
    told = {"request": request, "attempt": attempt, "before": before, "after": after}
    return {**told, "actor": "system", "at": at, "reason": "sample"}
