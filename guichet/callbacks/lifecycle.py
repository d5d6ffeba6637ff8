"""The lives of a request and of an attempt: every transition there is, and no other. Pure.

A request::

                offer            ring                dial                 connect          finish
    waiting ----------> offered ------> dialing_agent ----> dialing_citizen ------> talking ------> done
      |  ^ |                              ^        |                                  ^
      |  | +------------- ring -----------+        +----- connect (citizen on hold) --+
      |  |
      |  +--- release --- offered, dialing_agent, dialing_citizen, talking
      |
      +--- exhaust --> exhausted        any open state: finish --> done, cancel --> cancelled
      +--- expire ---> expired

An attempt (one try to reach an agent for a request)::

    prepared ---ring---> ringing ---accept---> accepted ---bridge---> bridged ---end---> ended
        |  |              ^   |                    |                     |
        |  +doubt> in_doubt   +------- fail -------+-------- fail -------+ (never connected, says the carrier)
        |  ring ---+   |                |
        +--- fail -----+--------------> failed

`finish` from a state other than talking is for those served elsewhere. Final states are never left. Once an attempt has
ended, its agent writes it up: an event of its own (`written_up`), no state.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from guichet.callbacks.request import Attempt, AttemptState, Request, RequestState
from guichet.core.errors import Conflict
from guichet.core.ids import AttemptId, RequestId


class Move(StrEnum):
    """What can happen to a request."""

    OFFER = "offer"
    RING = "ring"
    DIAL = "dial"
    CONNECT = "connect"
    RELEASE = "release"
    FINISH = "finish"
    CANCEL = "cancel"
    EXPIRE = "expire"
    EXHAUST = "exhaust"


class Turn(StrEnum):
    """What can happen to an attempt."""

    RING = "ring"
    DOUBT = "doubt"
    ACCEPT = "accept"
    BRIDGE = "bridge"
    END = "end"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Cause:
    """Who makes something happen (`system`, `citizen`, `carrier`, or an agent's id), when, and why."""

    actor: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A transition that happened, as it is kept. `attempt` is None for the request's own."""

    request: RequestId
    attempt: AttemptId | None
    before: str
    after: str
    cause: Cause


WRITTEN_UP = "written_up"
"""What an ended attempt is, in its last event, when its agent has written it up."""

_R = RequestState
REQUEST_MOVES: dict[RequestState, dict[Move, RequestState]] = {
    _R.WAITING: {
        Move.OFFER: _R.OFFERED,
        Move.RING: _R.DIALING_AGENT,
        Move.FINISH: _R.DONE,
        Move.CANCEL: _R.CANCELLED,
        Move.EXPIRE: _R.EXPIRED,
        Move.EXHAUST: _R.EXHAUSTED,
    },
    _R.OFFERED: {
        Move.RING: _R.DIALING_AGENT,
        Move.RELEASE: _R.WAITING,
        Move.FINISH: _R.DONE,
        Move.CANCEL: _R.CANCELLED,
    },
    _R.DIALING_AGENT: {
        Move.DIAL: _R.DIALING_CITIZEN,
        Move.CONNECT: _R.TALKING,
        Move.RELEASE: _R.WAITING,
        Move.FINISH: _R.DONE,
        Move.CANCEL: _R.CANCELLED,
    },
    _R.DIALING_CITIZEN: {
        Move.CONNECT: _R.TALKING,
        Move.RELEASE: _R.WAITING,
        Move.FINISH: _R.DONE,
        Move.CANCEL: _R.CANCELLED,
    },
    _R.TALKING: {Move.RELEASE: _R.WAITING, Move.FINISH: _R.DONE, Move.CANCEL: _R.CANCELLED},
    _R.DONE: {},
    _R.CANCELLED: {},
    _R.EXPIRED: {},
    _R.EXHAUSTED: {},
}

_A = AttemptState
ATTEMPT_TURNS: dict[AttemptState, dict[Turn, AttemptState]] = {
    _A.PREPARED: {Turn.RING: _A.RINGING, Turn.DOUBT: _A.IN_DOUBT, Turn.FAIL: _A.FAILED},
    _A.IN_DOUBT: {Turn.RING: _A.RINGING, Turn.FAIL: _A.FAILED},
    _A.RINGING: {Turn.ACCEPT: _A.ACCEPTED, Turn.FAIL: _A.FAILED},
    _A.ACCEPTED: {Turn.BRIDGE: _A.BRIDGED, Turn.FAIL: _A.FAILED},
    _A.BRIDGED: {Turn.END: _A.ENDED, Turn.FAIL: _A.FAILED},
    _A.ENDED: {},
    _A.FAILED: {},
}


def can_move(request: Request, move: Move) -> bool:
    """Say whether the move is legal now."""
    return move in REQUEST_MOVES[request.state]


def can_turn(attempt: Attempt, turn: Turn) -> bool:
    """Say whether the turn is legal now."""
    return turn in ATTEMPT_TURNS[attempt.state]


def written_up(attempt: Attempt, cause: Cause) -> Event:
    """Return the event that an agent has written up a conversation."""
    return Event(attempt.request, attempt.id, AttemptState.ENDED, WRITTEN_UP, cause)


def move_request(request: Request, move: Move, cause: Cause, **changes: Any) -> tuple[Request, Event]:
    """Make a move, with other fields changed on the way. Raises Conflict where it is illegal.

    A request that waits again is nobody's: its agent, and when they were connected, are forgotten.
    """
    after = REQUEST_MOVES[request.state].get(move)
    if after is None:
        raise Conflict(f"a request that is {request.state} cannot {move}")
    if move is Move.RELEASE:
        changes = {"agent": None, "connected_at": None, **changes}
    if move is Move.CONNECT:
        changes.setdefault("connected_at", cause.at)
    moved = request.evolve(state=after, changed_at=max(cause.at, request.changed_at), **changes)
    return moved, Event(request.id, None, request.state, after, cause)


def turn_attempt(attempt: Attempt, turn: Turn, cause: Cause, **changes: Any) -> tuple[Attempt, Event]:
    """Make a turn, with other fields changed on the way. Raises Conflict where it is illegal."""
    after = ATTEMPT_TURNS[attempt.state].get(turn)
    if after is None:
        raise Conflict(f"an attempt that is {attempt.state} cannot {turn}")
    if turn is Turn.BRIDGE:
        changes.setdefault("bridged_at", max(cause.at, attempt.started_at))
    if after.is_final:
        changes.setdefault("ended_at", max(cause.at, attempt.started_at))
        changes.setdefault("result", cause.reason)
    return attempt.evolve(state=after, **changes), Event(attempt.request, attempt.id, attempt.state, after, cause)
