"""The steps of one attempt inside a transaction: prepared, answered, accepted, bridged, over, failed.

Each step may come late, twice or out of order: what does not fit the attempt's state changes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from guichet.callbacks.absence import miss, tell
from guichet.callbacks.letting_go import REST, free_agent, offer_next, release
from guichet.callbacks.lifecycle import Cause, Move, Turn, can_move, can_turn, move_request, turn_attempt
from guichet.callbacks.ports import Unit
from guichet.callbacks.request import Attempt, AttemptState, Request, RequestState
from guichet.callbacks.service import become_callback, close_request, tell_served
from guichet.callbacks.wrapping_up import begin_wrap_up
from guichet.core.errors import Conflict
from guichet.core.ids import AttemptId, CallSid, RequestId
from guichet.core.jobs import ReconcileAttempt, RingAgent
from guichet.routing.agent import Presence
from guichet.routing.rule_book import RuleBook

AGAIN = timedelta(seconds=5)
"""How long until an agent is looked for again."""
WATCH_RINGING = timedelta(seconds=45)
"""When a ringing leg is looked after: its ring, whisper and key take less."""
WATCH_TALKING = timedelta(minutes=5)
"""How often a conversation is looked after, in case its last webhook was lost."""

SHORTEST_TALK = timedelta(seconds=15)
"""Whose telephones were cut off sooner than that after being connected have not talked."""
_SURELY = timedelta(seconds=5)
"""The same, where only the longest is known that it may have taken to connect them: they have talked for longer."""
_UNTIL_CONNECTED = timedelta(seconds=100)
"""The longest from asking for the agent's leg to connecting the citizen: rings, whispers and keys."""
_UNTIL_RINGING = timedelta(seconds=25)
"""The latest, after a leg has begun, that we hear of it: when it has been picked up."""

_SLACK = timedelta(seconds=5)
"""The clocks of two machines may differ so much."""

_RINGING = AttemptState.RINGING.value
_ACCEPTED = AttemptState.ACCEPTED.value
NOT_ACCEPTED = (AttemptState.PREPARED, AttemptState.IN_DOUBT, AttemptState.RINGING)

MISSED = "missed"
DECLINED = "declined"
AWAY = "carrier away"
BY_PHONE = "served by phone"
"""Why a request ends whose citizen has talked with an agent."""
NEVER_PLACED = "never placed"
_LATER = frozenset({AWAY, NEVER_PLACED})
"""Failures of the carrier's, after which it is given a moment."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Leg:
    """An attempt with what it belongs to."""

    attempt: Attempt
    request: Request


async def leg_of(unit: Unit, attempt_id: AttemptId) -> Leg | None:
    """Return an attempt and its request; the steps of one attempt happen one after the other."""
    attempt = await unit.attempts.lock(attempt_id)
    request = await unit.requests.get(attempt.request) if attempt else None
    return Leg(attempt, request) if attempt and request else None


def is_expected(leg: Leg) -> bool:
    """Whether an agent has accepted and the caller has not gone."""
    return leg.attempt.state is AttemptState.ACCEPTED and leg.request.holds


async def was_cut_off(unit: Unit, leg: Leg, lasted: timedelta | None, theirs: timedelta | None = None) -> bool:
    """Whether a callback was ended by a failure just after the citizen had pressed 1.

    `lasted` is the agent's leg, `theirs` the citizen's, ringing included. For news that come from the carrier alone:
    our answer that connects the two may never have arrived. All times are differences, so that our clock and the
    carrier's need not agree. A carrier that stood still has begun the agent's leg long after it was asked for: then the
    moment counts at which we heard of it. The citizen's begins after the agent has accepted: what it lasted tells most.
    """
    connected_at = leg.request.connected_at
    if leg.attempt.state is not AttemptState.BRIDGED or leg.request.holds or connected_at is None or lasted is None:
        return False
    since_asked = connected_at - leg.attempt.started_at
    if timedelta(0) <= since_asked <= _UNTIL_CONNECTED and lasted - since_asked >= SHORTEST_TALK:
        return False
    events = [one for one in await unit.requests.events_of(leg.request.id) if one.attempt == leg.attempt.id]
    dialled = [connected_at - one.cause.at for one in events if one.after == _ACCEPTED]
    if theirs is not None and any(
        timedelta(0) <= at <= _UNTIL_CONNECTED and theirs - at >= SHORTEST_TALK for at in dialled
    ):
        return False
    rang = [connected_at - one.cause.at + _UNTIL_RINGING for one in events if one.after == _RINGING]
    at_most = [since for since in rang if timedelta(0) <= since <= _UNTIL_CONNECTED]
    # Where neither can be, our clock has jumped meanwhile.
    return lasted - min(at_most, default=_UNTIL_CONNECTED) < _SURELY


async def ring_later(unit: Unit, request_id: RequestId, now: datetime) -> None:
    """Look for an agent again in a while; repeated runs make one job a moment."""
    at = now + AGAIN
    moment = int(at.timestamp() // AGAIN.total_seconds())
    await unit.jobs.put(RingAgent(request_id), key=f"ring:{request_id}:{moment}", not_before=at)


async def watch(unit: Unit, attempt: Attempt, at: datetime) -> None:
    """Have the attempt looked after at a moment: no lost webhook may keep an agent or a citizen for ever."""
    key = f"watch:{attempt.id}:{at.timestamp():.0f}"
    await unit.jobs.put(ReconcileAttempt(attempt.id), key=key, not_before=at)


async def rings(unit: Unit, attempt_id: AttemptId, call: CallSid, now: datetime) -> Leg | None:
    """Record that the agent's leg exists; None if this call is not (or no longer) that leg."""
    if not await unit.attempts.name_call(attempt_id, call):
        return None
    leg = await leg_of(unit, attempt_id)
    if leg is None or leg.attempt.state.is_final:
        return None
    if not can_turn(leg.attempt, Turn.RING):
        return leg
    return await turned(unit, leg, Turn.RING, Cause("carrier", now))


async def doubtful(unit: Unit, attempt_id: AttemptId, now: datetime, check_at: datetime) -> None:
    """Record that the carrier did not answer: nothing is tried again before its list has been read."""
    leg = await leg_of(unit, attempt_id)
    if leg is None or not can_turn(leg.attempt, Turn.DOUBT):
        return
    leg = await turned(unit, leg, Turn.DOUBT, Cause("carrier", now, "in doubt"))
    await watch(unit, leg.attempt, check_at)


async def accept(unit: Unit, attempt_id: AttemptId, call: CallSid, now: datetime) -> Leg | None:
    """Take in that the agent pressed 1; None if the caller no longer waits. Pressing twice is pressing once."""
    leg = await rings(unit, attempt_id, call, now)
    if leg is None or leg.attempt.state is AttemptState.ACCEPTED:
        return leg
    if not can_turn(leg.attempt, Turn.ACCEPT) or leg.request.state is not RequestState.DIALING_AGENT:
        return None
    leg = await turned(unit, leg, Turn.ACCEPT, Cause(leg.attempt.agent, now))
    await unit.agents.change(leg.attempt.agent, Presence.RINGING, Presence.BUSY, now)
    return leg


async def bridge(unit: Unit, attempt_id: AttemptId, now: datetime) -> Leg | None:
    """Take in that agent and citizen talk; once the leg is past that, nothing changes."""
    leg = await leg_of(unit, attempt_id)
    if leg is None or not can_turn(leg.attempt, Turn.BRIDGE):
        return leg
    leg = await turned(unit, leg, Turn.BRIDGE, Cause("carrier", now))
    if not can_move(leg.request, Move.CONNECT):
        return leg
    talking, event = move_request(leg.request, Move.CONNECT, Cause("carrier", now))
    await unit.requests.change(leg.request, talking, event)
    await watch(unit, leg.attempt, now + WATCH_TALKING)
    return Leg(leg.attempt, talking)


async def end(unit: Unit, attempt_id: AttemptId, now: datetime, book: RuleBook) -> None:
    """Take in that they have talked: the request is done, the agent writes it up.

    An attempt that was accepted goes through bridged: the carrier's word that they talked came with the end.
    """
    leg = await bridge(unit, attempt_id, now)
    if leg is None or not can_turn(leg.attempt, Turn.END):
        return
    leg = await turned(unit, leg, Turn.END, Cause("carrier", now, "talked"))
    if leg.request.state is RequestState.TALKING:
        done, event = move_request(leg.request, Move.FINISH, Cause(leg.attempt.agent, now, BY_PHONE))
        await unit.requests.change(leg.request, done, event)
        await tell_served(unit, done)
    await begin_wrap_up(unit, leg.attempt, leg.request, book, now)
    log.info("talk over", request=leg.request.id, attempt=leg.attempt.id)


async def fail(
    unit: Unit,
    attempt_id: AttemptId,
    cause: Cause,
    book: RuleBook,
    presence: Presence | None = None,
    before: Collection[AttemptState] = NOT_ACCEPTED,
) -> None:
    """Take in that the agent was not reached or did not want it: the next agent is looked for.

    The agent gets that presence; without one the call counts as missed. The caller notices nothing: they go on waiting
    at their place. An attempt that is not in a state of `before` is left alone: the news is late.
    """
    leg = await leg_of(unit, attempt_id)
    if leg is None or leg.attempt.state not in before:
        return
    if presence is None:
        await miss(unit, leg.attempt, cause, book)
    elif presence is Presence.AWAY:
        await tell(unit, leg.attempt, book)
    rest = presence or Presence.AVAILABLE
    if leg.request.is_out:
        request = await release(unit, leg.request, cause, rest)
        await _look_on(unit, request, attempt_id, cause)
    else:
        await turned(unit, leg, Turn.FAIL, cause)
        await free_agent(unit, leg.attempt, rest, cause.at)
    if rest is Presence.WRAP_UP:
        await watch(unit, leg.attempt, cause.at + REST)
    log.info("attempt failed", attempt=attempt_id, result=cause.reason)


async def hung_up(unit: Unit, attempt_id: AttemptId, now: datetime, book: RuleBook) -> None:
    """Take in that the agent's leg has ended: after talking it is over; before, another agent is looked for.

    Who was calling a citizen is no concern of this: see `citizen_leg.agent_gone`.
    """
    leg = await leg_of(unit, attempt_id)
    if leg is None:
        return
    if leg.attempt.state is AttemptState.BRIDGED:
        await end(unit, attempt_id, now, book)
    elif leg.attempt.state is AttemptState.ACCEPTED:
        cause = Cause("carrier", now, "not connected")
        await fail(unit, attempt_id, cause, book, Presence.WRAP_UP, (AttemptState.ACCEPTED,))
    else:
        await fail(unit, attempt_id, Cause("carrier", now, MISSED), book)


async def caller_left(unit: Unit, request_id: RequestId, now: datetime, book: RuleBook, *, bridged: bool) -> None:
    """Take in that the caller's Enqueue has ended: they talked (`bridged`), or left or hung up while waiting.

    Who left while waiting keeps their place as a callback; the agent who was being rung is let go.
    """
    request = await unit.requests.get(request_id)
    if request is None or not request.holds:
        return
    if not bridged:
        await become_callback(unit, request_id, now)
        return
    attempt = await unit.attempts.live_of(request_id)
    if attempt is not None:
        await end(unit, attempt.id, now, book)
    await tell_served(unit, await close_request(unit, request_id, RequestState.DONE, BY_PHONE, now))


async def _look_on(unit: Unit, request: Request, attempt_id: AttemptId, cause: Cause) -> None:
    if cause.reason in _LATER and request.holds:
        await ring_later(unit, request.id, cause.at)
    elif request.holds:
        await unit.jobs.put(RingAgent(request.id), key=f"ring:{request.id}:{attempt_id}")
    elif request.state is RequestState.WAITING:
        await offer_next(unit, f"{attempt_id}:again", cause.at + AGAIN if cause.reason in _LATER else None)


async def turned(unit: Unit, leg: Leg, turn: Turn, cause: Cause) -> Leg:
    """Make a turn of the attempt. Raises Conflict where it has changed meanwhile."""
    turned, event = turn_attempt(leg.attempt, turn, cause)
    if not await unit.attempts.change(leg.attempt, turned, event):
        raise Conflict("the attempt has changed meanwhile")
    current = await unit.attempts.get(turned.id)
    return Leg(current or turned, leg.request)
