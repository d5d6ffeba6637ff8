"""The independent checker: from the carrier's log and the final tables alone, what of our promises was broken. Pure.

It knows nothing of what was injected. A citizen was promised something when they heard or read it, or when their text
was taken with a 200; whoever heard an apology, or silence, knows of our failure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from guichet.callbacks.lifecycle import WRITTEN_UP
from guichet.sms.delivery import FINAL
from tests.faults.evidence import Call, Evidence
from tests.faults.people import PROMISES

COMMANDS = ("STATUT", "ANNULER", "DEPLACER", "AUTRE", "STOP")
HANGING_UP = timedelta(seconds=45)
CHOOSING = timedelta(minutes=3)
WHEN = ("Pour être rappelé dès que possible, tapez 1", "To be called back as soon as possible, press 1")
CONFIRMED = ("Sa référence est", "Its reference is")
_UNTIL_CONNECTED = timedelta(minutes=2)
_FINAL = {state.value for state in FINAL}
_STUCK = {"ringing", "busy", "wrap_up"}
_ENDS = {"done", "cancelled", "expired", "exhausted", "ended", "failed"}
_MERGED = "merged into "
_CLOCKS = timedelta(hours=1)
"""No clock of ours is more than that ahead: who chose a time is not called earlier by more."""
Row = sa.Row[Any]


def violations(seen: Evidence) -> Iterator[str]:
    """Yield every promise that was broken, in words."""
    yield from lost(seen)
    yield from twice(seen)
    yield from invented(seen)
    yield from displaced(seen)
    yield from stuck(seen)
    yield from unkept(seen)


def lost(seen: Evidence) -> Iterator[str]:
    """No request lost: who was promised a call has a request, and it ended well or with a reason they know."""
    promised = {call.from_ for call in seen.calls if call.direction == "inbound" and _is_promised(call)}
    promised |= {text.number for text in seen.taken if not text.body.startswith(COMMANDS)}
    for number in sorted(promised):
        if not [request for request in seen.tables.requests if request.number == number]:
            yield f"lost: {number} was promised something, and there is no request"
    received = {message.carrier_id for message in seen.tables.messages}
    yield from (f"lost: the text {one.sid} was taken and is nowhere" for one in seen.taken if one.sid not in received)
    about = _promised_requests(seen)
    for request in seen.tables.requests:
        if request.state == "cancelled" and request.id in about and not _is_known_to_be_over(seen, request):
            why = [event.reason for event in seen.events if event.request == request.id][-1:]
            yield f"lost: {request.id} of {request.number} was promised and is cancelled: {why}"
        if request.state not in {"done", "cancelled", "exhausted"} and request.kind != "text":
            yield f"lost: {request.id} of {request.number} is still {request.state} ({request.kind})"
    unserved = {call.from_ for call in seen.calls if call.was_held and not call.talked} - {
        call.from_ for call in seen.calls if call.talked
    }
    for number in sorted(unserved - {text.to for text in seen.texts}):
        if not [request for request in seen.tables.requests if request.number == number and request.state == "done"]:
            yield f"lost: {number} held, and was never served"


def twice(seen: Evidence) -> Iterator[str]:
    """No agent rung, no citizen called and no text sent twice for one attempt; nobody called who has been served."""
    for direction in ("outbound-api", "outbound-dial"):
        counted = Counter(call.attempt for call in seen.calls if call.direction == direction)
        yield from (f"twice: {direction} for attempt {attempt}" for attempt, count in counted.items() if count > 1)
    counted = Counter(text.message for text in seen.texts if text.direction == "outbound-api")
    yield from (f"twice: the text {message or 'of nobody'}" for message, count in counted.items() if count > 1)
    carried = Counter((text.to, text.body) for text in seen.texts if text.direction == "outbound-api")
    written = Counter((text.number, text.body) for text in seen.tables.sent)
    yield from (f"twice: {to} got {body!r}" for to, body in (carried - written))
    subjects = Counter((row.subject, row.intent) for row in seen.tables.open_requests)
    yield from (f"twice: open requests of {subject}" for subject, count in subjects.items() if count > 1)
    request_of = {attempt.id: attempt.request for attempt in seen.tables.attempts}
    served: dict[str, str] = {}
    for call in seen.calls:
        if call.direction != "outbound-dial":
            continue
        request = request_of.get(call.attempt, call.attempt)
        if request in served and not _clock_jumped(seen, served[request]):
            yield f"twice: {call.to} was called for {request} after they had been served"
        if call.talked:
            served[request] = call.attempt


def invented(seen: Evidence) -> Iterator[str]:
    """Find what we believe and is not so: who counts as served has talked, each leg is an attempt's."""
    attempts = {attempt.id: attempt for attempt in seen.tables.attempts}
    talked = {attempts[call.attempt].request for call in seen.calls if call.talked and call.attempt in attempts}
    for request in seen.tables.requests:
        if request.state == "done" and request.id not in talked:
            yield f"invented: {request.id} is done, and nobody has talked"
    for call in seen.calls:
        if call.direction != "inbound" and call.attempt not in attempts:
            yield f"invented: a leg of {call.attempt or 'nobody'}, of which we know nothing"
    ours = {text.message for text in seen.texts}
    for message in seen.tables.sent:
        if message.state == "delivered" and message.id not in ours:
            yield f"invented: {message.id} is delivered, and was never sent"
    yield from _impossible(seen)


def _impossible(seen: Evidence) -> Iterator[str]:
    """Find what cannot follow in the histories of requests and attempts: each begins where the last has ended."""
    state: dict[str, str] = {}
    written_up: set[str] = set()
    for event in seen.events:
        whose = event.attempt or event.request
        before = state.get(whose, "prepared" if event.attempt else "waiting")
        if event.after == WRITTEN_UP:
            if event.before != before or before != "ended" or whose in written_up:
                yield f"invented: {whose} was {before}, and was written up"
            written_up.add(whose)
            continue
        if event.before != before or (before in _ENDS and event.after != before):
            yield f"invented: {whose} was {before}, and went from {event.before} to {event.after}"
        state[whose] = event.after
    for row in (*seen.tables.requests, *seen.tables.attempts):
        if state.get(row.id, row.state) != row.state:
            yield f"invented: {row.id} is {row.state}, its history says {state[row.id]}"


def displaced(seen: Evidence) -> Iterator[str]:
    """No place lost: who stands first is rung for first, and two requests that become one keep the better place."""
    yield from _overtaken(seen)
    yield from _doubled(seen)
    requests = {request.id: request for request in seen.tables.requests}
    by_reference = {request.reference: request for request in seen.tables.requests}
    for event in seen.events:
        if event.after == "cancelled" and event.reason.startswith(_MERGED):
            older, younger = by_reference[event.reason.removeprefix(_MERGED)], requests[event.request]
            if older.priority < younger.priority or older.target_at > younger.target_at:
                yield f"displaced: {younger.id} was merged into {older.id}, and its place was lost"


def _doubled(seen: Evidence) -> Iterator[str]:
    """Tell who has two requests for one matter, unless they asked for the second after they had talked for the first.

    What came first is told by the carrier's log: its calls are in the order in which they began.
    """
    request_of = {attempt.id: attempt.request for attempt in seen.tables.attempts}
    call_of = {contact.id: contact.carrier_id for contact in seen.tables.contacts}
    began = {call.sid: number for number, call in enumerate(seen.calls)}
    talked = {request_of.get(call.attempt): began[call.sid] for call in seen.calls if call.talked and call.attempt}
    of_matter = defaultdict(list)
    for request in sorted(seen.tables.requests, key=lambda request: str(request.id)):  # ids made later sort later
        if request.state != "cancelled":
            of_matter[request.number, request.intent].append(request)
    for (number, intent), requests in of_matter.items():
        for first, second in pairwise(requests):
            asked_again = began.get(call_of.get(second.contact, ""), -1)
            if asked_again < talked.get(first.id, len(began)):
                yield f"displaced: {number} has two requests for {intent}, and lost the place of the first"


def _overtaken(seen: Evidence) -> Iterator[str]:
    """Tell who was rung for the first time after somebody with a worse place, although they could be called."""
    first: dict[str, Row] = {}
    for attempt in sorted(seen.tables.attempts, key=lambda attempt: str(attempt.id)):  # ids made later sort later
        first.setdefault(attempt.request, attempt)
    due = _due(seen)
    waits = [request for request in seen.tables.requests if request.id in first]
    for later in waits:
        for earlier in waits:
            taken = first[later.id]
            was_there = earlier.id.removeprefix("req_") < taken.id.removeprefix("att_")
            was_due = was_there and due[earlier.id] <= taken.started_at and taken.id < first[earlier.id].id
            if was_due and _place(earlier) < _place(later):
                when = f"at {taken.started_at:%H:%M:%S}, due since {due[earlier.id]:%H:%M:%S}"
                yield f"displaced: {later.id} was rung for before {earlier.id} {when}"


def stuck(seen: Evidence) -> Iterator[str]:
    """Nobody is kept for ever: no agent, attempt, leg, contact or job."""
    yield from (f"stuck: {one.id} is {one.presence}" for one in seen.tables.agents if one.presence in _STUCK)
    yield from (f"stuck: {one.id} is {one.state}" for one in seen.tables.attempts if one.ended_at is None)
    yield from (f"stuck: the leg {call.sid} is {call.state}" for call in seen.calls if not call.is_over)
    yield from (f"stuck: the job {job.kind} is due for ever" for job in seen.tables.jobs if job.due_at is not None)
    yield from (f"stuck: the call {call.id} never ends" for call in seen.tables.calls if call.ended_at is None)
    yield from (f"stuck: {call.sid}: {text}" for call in seen.calls for text in call.complaints)


def unkept(seen: Evidence) -> Iterator[str]:
    """Each confirmation and warning went out, or its failure is visible; our states of texts are the carrier's."""
    request_of = {attempt.id: attempt.request for attempt in seen.tables.attempts}
    served = {request_of.get(call.attempt) for call in seen.calls if call.talked and call.attempt}
    for request in seen.tables.requests:
        is_mobile = (request.number or "").startswith(("+336", "+337"))
        if is_mobile and request.state != "cancelled" and request.id not in served:  # else there is nothing to say
            yield from _unwritten(seen, request)
    reached = {text.to for text in seen.texts} | {call.to for call in seen.calls}
    yield from (f"unkept: {one.number} wrote and heard nothing" for one in seen.taken if one.number not in reached)
    yield from _too_early(seen)
    at_carrier = {text.message: text.state for text in seen.texts}
    for message in seen.tables.sent:
        if message.state not in _FINAL:
            yield f"unkept: nobody knows what became of {message.id} ({message.state})"
        elif message.id in at_carrier and at_carrier[message.id] != message.state:
            yield f"unkept: {message.id} is {message.state}, the carrier says {at_carrier[message.id]}"
    yield from (f"unkept: the job {job.kind} was given up ({job.error})" for job in seen.tables.jobs if job.failed_at)


def _unwritten(seen: Evidence, request: Row) -> Iterator[str]:
    """Tell which texts about a request were never written."""
    keys = {message.key for message in seen.tables.sent}
    is_told = any(text.to == request.number and request.reference in text.body for text in seen.texts)
    if request.kind != "hold" and f"confirm:{request.id}" not in keys and not is_told:
        yield f"unkept: {request.id} was never confirmed"
    was_called = any(call.to == request.number for call in seen.calls)
    is_warned = any(key.startswith(f"warning:{request.id}") for key in keys)
    if request.warned_at is not None and not was_called and not is_warned:
        yield f"unkept: {request.id} was never warned"
    if request.state == "exhausted" and not any(key.startswith(f"unreached:{request.id}") for key in keys):
        yield f"unkept: {request.id} is given up, and they were never told"


def _too_early(seen: Evidence) -> Iterator[str]:
    """Tell who was called before the time that they had chosen."""
    request_of = {attempt.id: attempt.request for attempt in seen.tables.attempts}
    slots = {request.id: request.slot_at for request in seen.tables.requests if request.slot_at is not None}
    for call in seen.calls:
        chosen = slots.get(request_of.get(call.attempt))
        if call.direction == "outbound-dial" and chosen is not None and call.created < chosen - _CLOCKS:
            yield f"unkept: {call.to} was called before the time that they had chosen"


def _is_choosing(call: Call) -> bool:
    """Whether a call ended at the question when to be called back."""
    said = " ".join(call.said)
    return any(question in said for question in WHEN) and not any(told in said for told in CONFIRMED)


def _is_promised(call: Call) -> bool:
    said = " ".join(call.said)
    return any(promise in said for promise in PROMISES)


def _promised_requests(seen: Evidence) -> set[str | None]:
    """Return the requests that the contacts were about in which something was promised."""
    promised = {call.sid for call in seen.calls if call.direction == "inbound" and _is_promised(call)}
    texts = {text.sid for text in seen.taken if not text.body.startswith(COMMANDS)}
    written = {message.contact for message in seen.tables.messages if message.carrier_id in texts}
    return {one.request for one in seen.tables.contacts if one.carrier_id in promised or one.id in written}


def _is_known_to_be_over(seen: Evidence, request: Row) -> bool:
    """Whether a request was cancelled as one of two for the same, or because the citizen has written so."""
    wrote = any(one.number == request.number and one.body.startswith("ANNULER") for one in seen.taken)
    reasons = (_MERGED, "cancelled by text") if wrote else (_MERGED,)
    return any(
        event.request == request.id and event.after == "cancelled" and event.reason.startswith(reasons)
        for event in seen.events
    )


def _clock_jumped(seen: Evidence, attempt_id: str) -> bool:
    """Whether our clock jumped during an attempt: then its length is not known, and a call too many is the lesser harm.

    This matters only where the carrier could tell us nothing of the end of the call either.
    """
    started = [attempt.started_at for attempt in seen.tables.attempts if attempt.id == attempt_id]
    moments = started + [event.at for event in seen.events if event.attempt == attempt_id and event.after != "failed"]
    return any(not timedelta(0) <= then - before <= _UNTIL_CONNECTED for before, then in pairwise(moments))


def _place(request: Row) -> tuple[int, datetime, str]:
    return (-request.priority, request.target_at, request.id)


def _due(seen: Evidence) -> dict[str, datetime]:
    """Return from when on each request could have been served, at the latest.

    Who was asked when to be called, and whose call ended before that was confirmed, is left the time to choose.
    """
    choosing = {call.from_ for call in seen.calls if call.direction == "inbound" and _is_choosing(call)}
    return {
        request.id: max(
            request.opened_at + HANGING_UP + (CHOOSING if request.number in choosing else timedelta(0)),
            request.not_before or request.opened_at,
        )
        for request in seen.tables.requests
    }
