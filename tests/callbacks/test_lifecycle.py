from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.callbacks.joining import new_request
from guichet.callbacks.lifecycle import (
    ATTEMPT_TURNS,
    REQUEST_MOVES,
    Cause,
    Move,
    Turn,
    can_move,
    can_turn,
    move_request,
    turn_attempt,
)
from guichet.callbacks.request import Attempt, AttemptState, RequestState
from guichet.core.errors import Conflict
from guichet.core.ids import AgentId, AttemptId, RequestId
from tests.callbacks.world import NOON, demand

ATTEMPT = Attempt(AttemptId("att_1"), RequestId("req_1"), AgentId("agt_1"), AttemptState.PREPARED, NOON)


def test_every_state_has_its_row_and_only_ended_ones_have_no_way_out() -> None:
    assert set(REQUEST_MOVES) == set(RequestState)
    assert set(ATTEMPT_TURNS) == set(AttemptState)
    assert {state for state, moves in REQUEST_MOVES.items() if moves} == {s for s in RequestState if s.is_open}
    assert {state for state, turns in ATTEMPT_TURNS.items() if turns} == {s for s in AttemptState if not s.is_final}


def test_every_state_can_be_reached_from_the_first() -> None:
    reached = {RequestState.WAITING}
    for _ in RequestState:
        reached |= {after for state in reached for after in REQUEST_MOVES[state].values()}
    assert reached == set(RequestState)


def test_an_agent_who_was_connected_with_nobody_leaves_no_trace_in_the_request() -> None:
    request = new_request(demand(), NOON)
    for move in (Move.RING, Move.DIAL, Move.CONNECT):
        request, _ = move_request(request, move, Cause("system", NOON), agent=ATTEMPT.agent)
    assert (request.agent, request.connected_at) == (ATTEMPT.agent, NOON)
    released, _ = move_request(request, Move.RELEASE, Cause("carrier", NOON, "cut"))
    assert (released.agent, released.connected_at) == (None, None)


@given(st.lists(st.tuples(st.sampled_from(Move), st.integers(-5, 60)), max_size=30))
def test_a_request_goes_only_along_the_picture_and_never_leaves_its_end(moves: list[tuple[Move, int]]) -> None:
    request = new_request(demand(), NOON)
    at = NOON
    for move, seconds in moves:
        at += timedelta(seconds=seconds)
        if not can_move(request, move):
            with pytest.raises(Conflict):
                move_request(request, move, Cause("system", at))
            continue
        moved, event = move_request(request, move, Cause("system", at, "because"))
        assert request.state.is_open
        assert (event.before, event.after) == (request.state, moved.state)
        assert moved.changed_at >= request.changed_at
        assert (moved.opened_at, moved.target_at, moved.reference) == (
            request.opened_at,
            request.target_at,
            request.reference,
        )
        request = moved


@given(st.lists(st.sampled_from(Turn), max_size=20))
def test_an_attempt_goes_only_along_the_picture_and_ends_once(turns: list[Turn]) -> None:
    attempt = ATTEMPT
    for turn in turns:
        if not can_turn(attempt, turn):
            with pytest.raises(Conflict):
                turn_attempt(attempt, turn, Cause("carrier", NOON))
            continue
        attempt, event = turn_attempt(attempt, turn, Cause("carrier", NOON, "because"))
        assert event.attempt == attempt.id
        assert (attempt.ended_at is not None) == attempt.state.is_final
    assert (attempt.result == "because") == attempt.state.is_final


def test_a_request_that_waits_again_is_no_agents() -> None:
    request, _ = move_request(new_request(demand(), NOON), Move.RING, Cause("system", NOON), agent=AgentId("agt_1"))
    assert request.agent == "agt_1"
    waiting, event = move_request(request, Move.RELEASE, Cause("agt_1", NOON, "declined"))
    assert waiting.agent is None
    assert (event.cause.actor, event.cause.reason) == ("agt_1", "declined")
