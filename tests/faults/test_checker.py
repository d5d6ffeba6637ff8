"""The checker can fail: each kind of broken promise is found in a world that is sound but for it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.faults.checker import violations
from tests.faults.evidence import Call, Evidence, Taken
from tests.faults.plan import Plan
from tests.faults.run import run
from tests.journeys.conftest import copy_of
from tests.journeys.people import CATHERINE, KATHERINE, LUCAS, STRANGER

SOON = timedelta(seconds=1)


@dataclass
class World:
    """A sound world whose rows can be changed."""

    seen: Evidence

    def rows(self, table: str) -> list[Any]:
        """Return the rows of a table, to be changed in place."""
        rows: list[Any] = list(getattr(self.seen.tables, table))
        return rows

    def keep(self, table: str, keep: Callable[[Any], bool]) -> None:
        """Leave only some rows of a table."""
        left = tuple(row for row in getattr(self.seen.tables, table) if keep(row))
        self.seen = replace(self.seen, tables=replace(self.seen.tables, **{table: left}))

    def change(self, table: str, which: Callable[[Any], bool], **values: Any) -> None:
        """Change rows of a table."""
        changed = [row for row in self.rows(table) if which(row)]
        assert changed
        for row in changed:
            row.__dict__.update(values)

    def calls(self, direction: str) -> list[Call]:
        """Return the calls of a direction."""
        return [call for call in self.seen.calls if call.direction == direction]

    def with_calls(self, *more: Call) -> None:
        """Let the carrier have carried more."""
        self.seen = replace(self.seen, calls=(*self.seen.calls, *more))

    def instead(self, call: Call, **values: Any) -> None:
        """Let a call have gone otherwise."""
        calls = tuple(replace(one, **values) if one.sid == call.sid else one for one in self.seen.calls)
        self.seen = replace(self.seen, calls=calls)

    def with_event(self, request: str, before: str, after: str, reason: str) -> None:
        """Let something more have happened to a request."""
        event: Any = SimpleNamespace(request=request, attempt=None, before=before, after=after, reason=reason)
        self.seen = replace(self.seen, events=(*self.seen.events, event))

    def add_received(self, sid: str) -> None:
        """Let a text of a citizen be in the tables."""
        row: Any = SimpleNamespace(**{**self.rows("messages")[0].__dict__, "direction": "in", "carrier_id": sid})
        messages = (*self.rows("messages"), row)
        self.seen = replace(self.seen, tables=replace(self.seen.tables, messages=messages))

    def request(self, number: str) -> Any:
        """Return the request of a number."""
        (found,) = (row for row in self.seen.tables.requests if row.number == number)
        return found

    def found(self) -> set[str]:
        """Return the kinds of what the checker finds."""
        return {violation.partition(":")[0] for violation in violations(self.seen)}


@pytest.fixture(scope="module")
def sound(first_day: Path, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    folder = tmp_path_factory.mktemp("sound")
    outcome = asyncio.run(run("busy", Plan("none"), copy_of(first_day, folder), folder))
    assert outcome.violations == ()
    return outcome.evidence


@pytest.fixture
def world(sound: Evidence) -> World:
    tables = replace(sound.tables)
    for name in ("requests", "attempts", "messages", "jobs", "agents", "calls", "contacts"):
        rows = tuple(SimpleNamespace(**row._mapping) for row in getattr(tables, name))
        tables = replace(tables, **{name: rows})  # type: ignore[arg-type]  # rows that can be changed
    return World(replace(sound, tables=tables))


def test_a_sound_world_is_sound(world: World) -> None:
    assert world.found() == set()
    assert len(world.seen.tables.requests) == 4


def test_a_text_that_was_taken_and_is_nowhere_is_lost(world: World) -> None:
    world.keep("messages", lambda row: row.direction == "out")
    assert world.found() == {"lost"}


@pytest.mark.parametrize("number", [CATHERINE, KATHERINE, LUCAS])
def test_a_request_that_is_not_there_is_lost(world: World, number: str) -> None:
    world.keep("requests", lambda row: row.number != number)
    assert "lost" in world.found()


@pytest.mark.parametrize("state", ["waiting", "dialing_agent", "talking", "cancelled"])
def test_a_request_that_does_not_end_as_promised_is_lost(world: World, state: str) -> None:
    world.change("requests", lambda row: row.number == CATHERINE, state=state)
    assert "lost" in world.found()


def test_who_has_cancelled_has_lost_nothing_unless_they_have_not_written_so(world: World) -> None:
    served = world.request(CATHERINE)
    world.change("requests", lambda row: row is served, state="cancelled")
    world.with_event(served.id, "waiting", "cancelled", "cancelled by text")
    assert "lost" in world.found()
    world.seen = replace(world.seen, taken=(*world.seen.taken, Taken("SM-cancel", CATHERINE, "ANNULER")))
    assert not [found for found in violations(world.seen) if found.startswith("lost: req")]


def test_who_is_called_again_for_the_same_attempt_is_called_twice(world: World) -> None:
    world.with_calls(replace(world.calls("outbound-dial")[0], sid="CA-again"))
    assert "twice" in world.found()


def test_an_agent_rung_again_for_the_same_attempt_is_rung_twice(world: World) -> None:
    world.with_calls(replace(world.calls("outbound-api")[0], sid="CA-again", talked=False))
    assert "twice" in world.found()


def test_who_is_called_after_being_served_is_called_twice(world: World) -> None:
    served = next(call for call in world.calls("outbound-dial") if call.to == CATHERINE)
    attempt = next(row for row in world.seen.tables.attempts if row.id == served.attempt)
    later: Any = SimpleNamespace(**{**attempt.__dict__, "id": "att_zzz", "started_at": attempt.started_at + SOON})
    world.seen = replace(world.seen, tables=replace(world.seen.tables, attempts=(*world.rows("attempts"), later)))
    world.with_calls(replace(served, sid="CA-again", attempt="att_zzz"))
    assert "twice" in world.found()


def test_a_text_that_went_out_again_is_a_text_sent_twice(world: World) -> None:
    ours = next(text for text in world.seen.texts if text.direction == "outbound-api")
    world.seen = replace(world.seen, texts=(*world.seen.texts, replace(ours, sid="SM-again")))
    assert "twice" in world.found()


def test_who_counts_as_served_and_has_not_talked_is_an_invention(world: World) -> None:
    for call in world.seen.calls:
        world.instead(call, talked=False)
    assert "invented" in world.found()


def test_a_leg_that_no_attempt_knows_is_found(world: World) -> None:
    world.with_calls(replace(world.calls("outbound-api")[0], sid="CA-stray", attempt="att_unknown"))
    assert "invented" in world.found()


def test_a_text_said_to_be_delivered_that_never_left_is_found(world: World) -> None:
    world.seen = replace(world.seen, texts=tuple(text for text in world.seen.texts if text.to != LUCAS))
    assert "invented" in world.found()


def test_who_is_served_before_somebody_with_a_better_place_is_found(world: World) -> None:
    first, second = world.request(CATHERINE), world.request(KATHERINE)
    ids = {first.id: min, second.id: max}
    attempts = sorted((row for row in world.seen.tables.attempts if row.request in ids), key=lambda row: str(row.id))
    assert [row.request for row in attempts] == [first.id, second.id]
    attempts[0].request, attempts[1].request = second.id, first.id
    assert "displaced" in world.found()


def test_who_was_cut_off_while_they_chose_when_is_left_the_time_to_choose(world: World) -> None:
    first, second = world.request(CATHERINE), world.request(KATHERINE)
    attempts = sorted(world.rows("attempts"), key=lambda row: str(row.id))
    attempts = [row for row in attempts if row.request in {first.id, second.id}]
    attempts[0].request, attempts[1].request = second.id, first.id
    world.change("requests", lambda row: row is first, opened_at=attempts[0].started_at - timedelta(minutes=2))
    assert "displaced" in world.found()
    (ring,) = [call for call in world.calls("inbound") if call.from_ == CATHERINE]
    world.instead(ring, said=("Pour être rappelé dès que possible, tapez 1. Pour choisir un moment, tapez 2.",))
    assert "displaced" not in world.found()
    world.change("requests", lambda row: row is first, opened_at=attempts[0].started_at - timedelta(minutes=4))
    assert "displaced" in world.found()


def test_who_has_two_requests_for_one_matter_has_lost_their_place(world: World) -> None:
    again = SimpleNamespace(**{**world.request(CATHERINE).__dict__, "id": "req_again"})
    requests = (*world.rows("requests"), again)
    world.seen = replace(world.seen, tables=replace(world.seen.tables, requests=requests))
    assert "displaced" in world.found()


def test_who_asks_again_after_they_have_talked_has_lost_nothing(world: World) -> None:
    first = world.request(CATHERINE)
    ring = replace(world.calls("inbound")[0], sid="CA-again")
    contact: Any = SimpleNamespace(**{**world.rows("contacts")[0].__dict__, "id": "con_again", "carrier_id": ring.sid})
    again: Any = SimpleNamespace(**{**first.__dict__, "id": "req_zzz", "contact": contact.id})
    tables = world.seen.tables
    tables = replace(tables, requests=(*tables.requests, again), contacts=(*tables.contacts, contact))
    world.seen = replace(world.seen, tables=tables, calls=(ring, *world.seen.calls))
    assert "displaced" in world.found()
    world.seen = replace(world.seen, calls=(*world.seen.calls[1:], ring))
    assert "displaced" not in world.found()


def test_a_better_place_that_was_lost_when_two_became_one_is_found(world: World) -> None:
    older, younger = world.request(CATHERINE), world.request(KATHERINE)
    world.with_event(younger.id, "waiting", "cancelled", f"merged into {older.reference}")
    assert "displaced" not in world.found()
    world.change("requests", lambda row: row is younger, target_at=older.target_at - SOON)
    assert "displaced" in world.found()


def test_a_history_in_which_one_state_does_not_follow_the_other_is_found(world: World) -> None:
    request = world.request(CATHERINE)
    world.with_event(request.id, "talking", "done", "once more")
    assert "invented" in world.found()


def test_a_state_that_the_history_does_not_end_with_is_found(world: World) -> None:
    world.change("attempts", lambda row: row is world.rows("attempts")[0], state="failed")
    assert "invented" in world.found()


@pytest.mark.parametrize("presence", ["ringing", "busy", "wrap_up"])
def test_an_agent_who_is_kept_is_stuck(world: World, presence: str) -> None:
    world.change("agents", lambda row: row.id == "agent_claire", presence=presence)
    assert world.found() == {"stuck"}


def test_an_attempt_a_leg_a_job_and_a_call_that_never_end_are_stuck(world: World) -> None:
    for table, column in (("attempts", "ended_at"), ("calls", "ended_at")):
        kept = world.rows(table)[0].__dict__[column]
        world.rows(table)[0].__dict__[column] = None
        assert "stuck" in world.found()
        world.rows(table)[0].__dict__[column] = kept
    job = world.rows("jobs")[0]
    job.due_at = job.created_at
    assert "stuck" in world.found()
    job.due_at = None
    world.instead(world.calls("inbound")[0], is_over=False)
    assert "stuck" in world.found()


def test_a_confirmation_that_was_never_written_is_a_promise_not_kept(world: World) -> None:
    confirmation = f"confirm:{world.request(LUCAS).id}"
    gone = next(text for text in world.seen.texts if text.to == LUCAS)
    world.keep("messages", lambda row: row.key != confirmation)
    world.seen = replace(world.seen, texts=tuple(text for text in world.seen.texts if text.sid != gone.sid))
    assert "unkept" in world.found()


def test_a_warning_that_was_never_written_is_a_promise_not_kept(world: World) -> None:
    world.change("requests", lambda row: row.number == LUCAS, warned_at=world.request(LUCAS).opened_at)
    assert world.found() == {"unkept"}


def test_who_wrote_and_has_heard_nothing_is_found(world: World) -> None:
    world.seen = replace(world.seen, taken=(*world.seen.taken, Taken("SM-none", STRANGER, "STATUT")))
    world.add_received("SM-none")
    assert world.found() == {"unkept"}


def test_who_is_called_before_the_time_they_have_chosen_is_found(world: World) -> None:
    called = next(call for call in world.calls("outbound-dial") if call.to == CATHERINE)
    world.change("requests", lambda row: row.number == CATHERINE, slot_at=called.created + timedelta(hours=2))
    assert world.found() == {"unkept"}


def test_who_is_given_up_and_not_told_is_found(world: World) -> None:
    request = world.request(LUCAS)
    world.change("requests", lambda row: row is request, state="exhausted")
    world.with_event(request.id, "waiting", "exhausted", "last try: busy")
    assert world.found() == {"unkept"}


@pytest.mark.parametrize("state", ["pending", "sending", "queued", "sent", "in_doubt", "undelivered"])
def test_a_text_of_which_we_believe_what_is_not_so_is_found(world: World, state: str) -> None:
    world.change("messages", lambda row: row.key == f"confirm:{world.request(LUCAS).id}", state=state)
    assert world.found() == {"unkept"}


def test_a_job_that_was_given_up_is_found(world: World) -> None:
    job = world.rows("jobs")[0]
    job.failed_at = job.created_at
    assert world.found() == {"unkept"}
