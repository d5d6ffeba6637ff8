"""What must hold after any journey, whatever happened in it: no silence, nothing twice, nothing left open."""

from collections import Counter
from collections.abc import Sequence

from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.flow import APOLOGY
from guichet.carrier.simulator.log import Kind
from guichet.ivr.wire import call_from_text
from guichet.sms.delivery import FINAL
from tests.journeys.tables import Tables
from tests.journeys.world import World

_WORDS = frozenset({Kind.SAID, Kind.PLAYED, Kind.BRIDGED})
_DEEDS = frozenset({Kind.SPOKE, Kind.PRESSED})


async def check(world: World, forgiven: Sequence[str] = ()) -> Tables:
    """Check a world that has settled; `forgiven` are pieces of complaints that the test itself has caused."""
    tables = await world.tables()
    complaints = [
        complaint
        for log in (*(call.log for call in world.simulator.calls), world.simulator.texting.log)
        for complaint in log.complaints
        if not any(piece in complaint for piece in forgiven)
    ]
    assert complaints == []
    for call in world.citizens_calls:
        assert_ended_with_a_word(call)
    assert_nothing_twice(world, tables)
    assert_nothing_left(world, tables)
    return tables


def assert_ended_with_a_word(call: CallRecord) -> None:
    """Whoever did not hang up themselves has heard something after the last thing they did."""
    assert call.state.is_final
    assert APOLOGY not in call.log.said, "the carrier had nothing to say for us"
    if call.ended_by == "person":
        return
    last = next((event.kind for event in reversed(call.log.events) if event.kind in _WORDS | _DEEDS), None)
    assert last in _WORDS, f"silence after {call.log.events[-5:]}"
    assert call.log.verbs[-1] == "Hangup", "the line was cut"


def assert_nothing_twice(world: World, tables: Tables) -> None:
    """One open request for a person and matter, one text for a cause, one leg for an attempt."""
    subjects = Counter((request.subject, request.intent) for request in tables.open_requests)
    assert not [subject for subject, count in subjects.items() if count > 1]
    carried = Counter((text.to, text.body) for text in world.simulator.messages.all if text.direction == "outbound-api")
    written = Counter((text.number, text.body) for text in tables.sent)
    assert not carried - written, "a text has gone out twice"
    legs = Counter(call.sid for call in world.agents_calls)
    named = Counter(attempt.call for attempt in tables.attempts if attempt.call)
    assert set(legs) == set(named), "a leg that no attempt knows"
    assert all(count == 1 for count in named.values())


def assert_nothing_left(world: World, tables: Tables) -> None:
    """Contacts have an end and an outcome, nobody holds, no agent rings, no secret is kept, no job has failed."""
    ended = {call.sid for call in world.citizens_calls}
    for contact in tables.contacts:
        if contact.carrier_id in ended:
            assert contact.ended_at is not None, "a contact that never ends"
            assert contact.outcome, "a contact without an outcome"
    assert all(call.ended_at is not None for call in tables.calls)
    assert not [call for call in tables.calls if call_from_text(call.state).has_said_who], "who they are is kept"
    assert not [turn.value for turn in tables.turns if turn.value is not None], "a birth date or number is kept"
    assert not [request for request in tables.open_requests if request.kind == "hold"]
    assert {request.state for request in tables.open_requests} <= {"waiting"}
    assert all(attempt.ended_at is not None for attempt in tables.attempts), "an attempt that never ends"
    assert not [agent for agent in tables.agents if agent.presence in {"ringing", "busy"}]
    assert not [job for job in tables.jobs if job.failed_at is not None]
    late = [text.state for text in tables.sent if text.state not in {state.value for state in FINAL}]
    assert not late, "a text of which nobody knows what became"
