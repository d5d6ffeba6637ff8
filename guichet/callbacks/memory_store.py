"""Requests and attempts in memory: the twins that behave like SQL."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from guichet.callbacks.expected_wait import Handled
from guichet.callbacks.joining import citizen_subject, subject_of
from guichet.callbacks.lifecycle import Cause, Event, written_up
from guichet.callbacks.order import Place, place_of
from guichet.callbacks.request import Attempt, AttemptState, Request, RequestKind, RequestState
from guichet.callbacks.slots import Slot, Taken
from guichet.callbacks.store import (
    HOLDING_STATES,
    MOST_BEFORE,
    MOST_HANDLED,
    MOST_OVERTAKEN,
    NEAREST,
    Served,
    acquainted_by,
)
from guichet.core.ids import AgentId, AttemptId, CallSid, CitizenId, ContactId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent_store import Acquainted


def _is_due(request: Request, now: datetime) -> bool:
    if request.state is not RequestState.WAITING:
        return False
    return request.kind is RequestKind.HOLD or request.not_before is None or request.not_before <= now


def _is_for_phones(request: Request, now: datetime) -> bool:
    return request.kind is not RequestKind.TEXT and _is_due(request, now)


class MemoryRequestStore:
    """The requests in a dict; `events` is shared with the attempts' twin."""

    def __init__(self, events: list[Event] | None = None) -> None:
        self.rows: dict[RequestId, Request] = {}
        self.events: list[Event] = [] if events is None else events
        self._subjects: dict[RequestId, str] = {}
        self._contacts: dict[RequestId, dict[ContactId, datetime]] = {}

    async def open(self, request: Request) -> Request | None:
        """Insert, or return the one that is open."""
        subject = subject_of(request.citizen, request.number, request.contact)
        if existing := await self.open_of_subject(subject, request.intent):
            return existing
        self.rows[request.id] = request
        self._subjects[request.id] = subject
        return None

    async def get(self, request_id: RequestId) -> Request | None:
        """Return a request."""
        return self.rows.get(request_id)

    async def open_of_subject(self, subject: str, intent: str) -> Request | None:
        """Return the open request of a subject for an intent."""
        for request in self.rows.values():
            if request.state.is_open and request.intent == intent and self._subjects[request.id] == subject:
                return request
        return None

    async def open_of_number(self, number: PhoneNumber, intent: str | None = None) -> Sequence[Request]:
        """Return the open requests that would be answered at a number, oldest first."""
        found = [row for row in self.rows.values() if row.state.is_open and row.number == number]
        return sorted((row for row in found if intent in (None, row.intent)), key=lambda row: row.id)

    async def open_of_citizen(self, citizen: CitizenId) -> Sequence[Request]:
        """Return the open requests of a citizen, oldest first."""
        found = [row for row in self.rows.values() if row.state.is_open and row.citizen == citizen]
        return sorted(found, key=lambda row: row.id)

    async def change(self, before: Request, after: Request, event: Event | None = None) -> bool:
        """Write where the state is still the same."""
        now = self.rows.get(before.id)
        if now is None or now.state is not before.state:
            return False
        if after.state is RequestState.OFFERED and after.agent is not None:
            held = await self.in_hand_of(after.agent)
            if held is not None and held.id != before.id:
                return False
        if after.intent != now.intent and await self.open_of_subject(self._subjects[now.id], after.intent):
            return False
        self.rows[before.id] = after.evolve(citizen=now.citizen, reminders=now.reminders)
        if event is not None:
            self.events.append(event)
        return True

    async def note(self, event: Event) -> None:
        """Append an event."""
        self.events.append(event)

    async def adopt(self, request: Request, citizen: CitizenId) -> bool:
        """Give it to a citizen unless they have one."""
        now = self.rows[request.id]
        subject = citizen_subject(citizen)
        if now.citizen is not None or not now.state.is_open or await self.open_of_subject(subject, now.intent):
            return False
        self.rows[request.id] = now.evolve(citizen=citizen)
        self._subjects[request.id] = subject
        return True

    async def give(self, request: Request, citizen: CitizenId | None, cause: Cause) -> bool:
        """Change whose it is unless they have one."""
        now = self.rows[request.id]
        subject = subject_of(citizen, now.number, now.contact)
        other = await self.open_of_subject(subject, now.intent) if now.state.is_open else None
        if other is not None and other.id != now.id:
            return False
        self.rows[request.id] = now.evolve(citizen=citizen)
        self._subjects[request.id] = subject
        self.events.append(Event(request.id, None, now.state, now.state, cause))
        return True

    async def of_contact(self, contact: ContactId) -> Sequence[Request]:
        """Return the requests a contact is about."""
        return [self.rows[request_id] for request_id in sorted(self._contacts) if contact in self._contacts[request_id]]

    async def unlink(self, request_id: RequestId, contact: ContactId) -> bool:
        """Forget a contact; take a reminder back."""
        if self._contacts.get(request_id, {}).pop(contact, None) is None:
            return False
        request = self.rows[request_id]
        left = await self.contacts_of(request_id)
        opener = left[0] if left and request.contact == contact else request.contact
        self.rows[request_id] = request.evolve(reminders=max(0, request.reminders - 1), contact=opener)
        return True

    async def link(self, request_id: RequestId, contact: ContactId, at: datetime, *, reminds: bool = True) -> bool:
        """Remember a contact; count a reminder unless it is the one that opened the request."""
        known = self._contacts.setdefault(request_id, {})
        if contact in known:
            return False
        known[contact] = at
        request = self.rows[request_id]
        if reminds and request.contact != contact:
            self.rows[request_id] = request.evolve(reminders=request.reminders + 1)
        return True

    async def contacts_of(self, request_id: RequestId) -> Sequence[ContactId]:
        """Return the contacts about a request, first to last."""
        linked = self._contacts.get(request_id, {})
        return sorted(linked, key=lambda contact: linked[contact])

    async def events_of(self, request_id: RequestId) -> Sequence[Event]:
        """Return what happened, in order."""
        return [event for event in self.events if event.request == request_id]

    async def ahead(self, request: Request) -> int:
        """Count those before it."""
        return sum(1 for other in self._waiting(request.queue) if place_of(other) < place_of(request))

    async def first_in_order(self, served: Served, now: datetime, *, writing: Served = ()) -> Request | None:
        """Return the first in the order who is due."""
        due = [row for row in self.rows.values() if (row.queue, row.language) in served and _is_for_phones(row, now)]
        written = [row for row in self.rows.values() if (row.queue, row.language) in writing and _is_due(row, now)]
        return min([*due, *(row for row in written if row.kind is RequestKind.TEXT)], key=place_of, default=None)

    async def is_anyone_due(self, served: Served, now: datetime, *, writing: Served = ()) -> bool:
        """Whether there is one."""
        return await self.first_in_order(served, now, writing=writing) is not None

    async def nearest(self, until: datetime) -> Sequence[Request]:
        """Return the first of the one order, but for texts."""
        return sorted((row for row in self.rows.values() if _is_for_phones(row, until)), key=place_of)[:NEAREST]

    async def in_order(self, queue: str | None = None, limit: int = NEAREST) -> Sequence[Request]:
        """Return the first of those who wait."""
        waiting = [row for row in self.rows.values() if row.state is RequestState.WAITING]
        return sorted((row for row in waiting if queue in (None, row.queue)), key=place_of)[:limit]

    async def by_reference(self, reference: str) -> Request | None:
        """Return the request of a reference."""
        return next((row for row in self.rows.values() if row.reference == reference.upper()), None)

    async def in_hand_of(self, agent: AgentId) -> Request | None:
        """Return what an agent has in hand."""
        held = [row for row in self.rows.values() if row.agent == agent and row.state is RequestState.OFFERED]
        return held[0] if held else None

    async def bring_forward(self) -> int:
        """Forget the moment of those put off."""
        waiting = [row for row in self.rows.values() if row.state is RequestState.WAITING and row.put_off_until]
        put_off = [row for row in waiting if row.not_before == row.put_off_until]
        for row in put_off:
            self.rows[row.id] = row.evolve(not_before=None, put_off_until=None)
        return len(put_off)

    async def overtaken_by(self, request: Request, now: datetime) -> int:
        """Count those who wait in the same queue and language and came before it."""
        due = [row for row in self._waiting(request.queue) if row.language is request.language and _is_due(row, now)]
        return min(sum(1 for row in due if row.opened_at < request.opened_at), MOST_OVERTAKEN)

    async def lock_slots(self, queue: str) -> None:
        """Nothing to wait for: one loop, one writer."""

    async def slots_taken(self, queue: str, since: datetime, until: datetime, *, but: RequestId) -> Sequence[Taken]:
        """Count by slot."""
        waiting = [row for row in self.rows.values() if row.queue == queue and row.state.is_open and row.id != but]
        slots = [Slot(row.slot_at, row.slot_until) for row in waiting if row.slot_at and row.slot_until]
        counted = Counter(slot for slot in slots if slot.meets(Slot(since, until)))
        return [Taken(slot, counted[slot]) for slot in sorted(counted)]

    async def before(self, place: Place, now: datetime) -> Mapping[tuple[str, Language], int]:
        """Count by queue and language."""
        due = sorted((row for row in self.rows.values() if _is_for_phones(row, now)), key=place_of)
        return Counter((row.queue, row.language) for row in due[:MOST_BEFORE] if place_of(row) < place)

    async def holding(self, queue: str, language: Language) -> int:
        """Count the holders."""
        held = [row for row in self.rows.values() if row.queue == queue and row.kind is RequestKind.HOLD]
        return sum(1 for row in held if row.language is language and row.state in HOLDING_STATES)

    def _waiting(self, queue: str) -> list[Request]:
        return [row for row in self.rows.values() if row.queue == queue and row.state is RequestState.WAITING]


class MemoryAttemptStore:
    """The attempts in a dict."""

    def __init__(self, events: list[Event] | None = None, requests: MemoryRequestStore | None = None) -> None:
        self.rows: dict[AttemptId, Attempt] = {}
        self.events: list[Event] = [] if events is None else events
        self._requests = requests or MemoryRequestStore(self.events)

    async def add(self, attempt: Attempt) -> bool:
        """Insert unless the request or the agent has a live one."""
        live = [row for row in self.rows.values() if row.ended_at is None]
        if any(row.request == attempt.request or row.agent == attempt.agent for row in live):
            return False
        self.rows[attempt.id] = attempt
        return True

    async def get(self, attempt_id: AttemptId) -> Attempt | None:
        """Return an attempt."""
        return self.rows.get(attempt_id)

    async def lock(self, attempt_id: AttemptId) -> Attempt | None:
        """Return an attempt: one loop, one writer."""
        return self.rows.get(attempt_id)

    async def live_of(self, request_id: RequestId) -> Attempt | None:
        """Return the live attempt of a request."""
        found = [row for row in self.rows.values() if row.request == request_id and row.ended_at is None]
        return found[0] if found else None

    async def of_call(self, call: CallSid) -> Attempt | None:
        """Return the attempt whose agent's leg is that call."""
        found = [row for row in self.rows.values() if row.call == call]
        return found[0] if found else None

    async def change(self, before: Attempt, after: Attempt, event: Event) -> bool:
        """Write where the state is still the same."""
        now = self.rows.get(before.id)
        if now is None or now.state is not before.state:
            return False
        self.rows[before.id] = after.evolve(call=now.call, citizen_call=now.citizen_call)
        self.events.append(event)
        return True

    async def written_up(self, attempt_id: AttemptId, cause: Cause) -> bool:
        """Record the moment, once."""
        attempt = self.rows.get(attempt_id)
        if attempt is None or attempt.state is not AttemptState.ENDED or attempt.wrapped_up_at is not None:
            return False
        at = max(cause.at, attempt.ended_at or cause.at)
        self.rows[attempt_id] = attempt.evolve(wrapped_up_at=at)
        self.events.append(written_up(attempt, replace(cause, at=at)))
        return True

    async def acquainted(self, request_id: RequestId) -> Acquainted:
        """Return who knows it, and who has parted with it."""
        own = [row for row in self.rows.values() if row.request == request_id]
        latest = sorted(own, key=lambda row: row.started_at, reverse=True)
        return acquainted_by((row.agent, row.result, row.bridged_at is not None) for row in latest)

    async def name_call(self, attempt_id: AttemptId, call: CallSid) -> bool:
        """Record the leg unless another one is recorded."""
        attempt = self.rows.get(attempt_id)
        if attempt is None or attempt.call not in (None, call):
            return False
        self.rows[attempt_id] = attempt.evolve(call=call)
        return True

    async def name_citizen_call(self, attempt_id: AttemptId, call: CallSid) -> bool:
        """Record the citizen's leg unless another one is recorded."""
        attempt = self.rows.get(attempt_id)
        if attempt is None or attempt.citizen_call not in (None, call):
            return False
        self.rows[attempt_id] = attempt.evolve(citizen_call=call)
        return True

    async def handled(self, since: datetime) -> Sequence[Handled]:
        """Return what ended last; the queues are those of the requests' twin."""
        ended = [row for row in self.rows.values() if row.bridged_at and row.ended_at and row.ended_at >= since]
        latest = sorted(ended, key=lambda row: row.ended_at or since, reverse=True)
        timed = ((row, row.wrapped_up_at) for row in latest)
        known = [
            Handled(self._queue(row.request), (until - row.started_at).total_seconds()) for row, until in timed if until
        ]
        return known[:MOST_HANDLED]

    async def results_of(self, request_id: RequestId) -> Sequence[str]:
        """Return the results, first to last."""
        found = [row for row in self.rows.values() if row.request == request_id and row.ended_at is not None]
        return [row.result for row in sorted(found, key=lambda row: (row.started_at, row.id))]

    def _queue(self, request: RequestId) -> str:
        known = self._requests.rows.get(request)
        return known.queue if known else ""
