"""Letting an attempt and its agent go, so that the request waits again and the agent can take the next."""

from datetime import datetime, timedelta

from guichet.callbacks.lifecycle import Cause, Move, Turn, can_move, move_request, turn_attempt
from guichet.callbacks.ports import Unit
from guichet.callbacks.request import Attempt, AttemptState, Request, RequestState
from guichet.core.errors import Conflict
from guichet.core.jobs import LapseInHand, OfferNext, ReconcileAttempt
from guichet.routing.agent import Presence
from guichet.routing.presence import REFUSED, RESTS, About

DROPPED = "not needed any more"
"""The result of an attempt whose caller has left or been served: the agent's leg is to be ended."""
REST = timedelta(seconds=30)
"""How long an agent who has talked with nobody rests before being available again."""


_WHY = {Presence.AWAY: REFUSED}


async def drop_attempt(unit: Unit, request: Request, cause: Cause, presence: Presence) -> Attempt | None:
    """End the live attempt of a request that nobody talks in yet, and give its agent that presence."""
    attempt = await unit.attempts.live_of(request.id)
    if attempt is None or attempt.state is AttemptState.BRIDGED:
        return None
    failed, event = turn_attempt(attempt, Turn.FAIL, cause)
    if not await unit.attempts.change(attempt, failed, event):
        raise Conflict("the attempt has changed meanwhile")
    await free_agent(unit, attempt, presence, cause.at)
    return failed


async def free_agent(unit: Unit, attempt: Attempt, presence: Presence, now: datetime) -> None:
    """Change the presence of the agent whom this attempt keeps; one who has changed it themselves is left alone.

    WRAP_UP is a rest here: nobody was talked with.
    """
    kept = Presence.BUSY if attempt.state in (AttemptState.ACCEPTED, AttemptState.BRIDGED) else Presence.RINGING
    about = About(RESTS, now + REST) if presence is Presence.WRAP_UP else About(_WHY.get(presence, ""))
    if await unit.agents.change(attempt.agent, kept, presence, now, about) and presence is Presence.AVAILABLE:
        await offer_next(unit, f"{attempt.id}:free")


async def offer_next(unit: Unit, cause: str, at: datetime | None = None) -> None:
    """Have the next in the order offered to a free agent, now or at a moment; once for each cause."""
    await unit.jobs.put(OfferNext(), key=f"offer:{cause}", not_before=at)


async def release(unit: Unit, request: Request, cause: Cause, presence: Presence) -> Request:
    """Let a request wait again, its attempt ended and its agent given that presence. One that waits is left."""
    if request.state is RequestState.OFFERED:
        return await let_go_in_hand(unit, request, cause, presence)
    await drop_attempt(unit, request, cause, presence)
    if not can_move(request, Move.RELEASE):
        return request
    waiting, event = move_request(request, Move.RELEASE, cause)
    if not await unit.requests.change(request, waiting, event):
        raise Conflict("the request has changed meanwhile")
    return waiting


async def let_go_in_hand(unit: Unit, request: Request, cause: Cause, presence: Presence) -> Request:
    """Let what an agent has in hand wait again; the agent, if it kept them busy, gets that presence."""
    waiting, event = move_request(request, Move.RELEASE, cause)
    if not await unit.requests.change(request, waiting, event):
        raise Conflict("the request has changed meanwhile")
    if request.agent is not None:
        await unit.agents.change(request.agent, Presence.BUSY, presence, cause.at)
    await offer_next(unit, f"{request.id}:back:{cause.at.timestamp():.0f}")
    return waiting


async def watch_in_hand(unit: Unit, request: Request, at: datetime) -> None:
    """Have what an agent has in hand looked after at a moment."""
    await unit.jobs.put(LapseInHand(request.id), key=f"lapse:{request.id}:{at.timestamp():.0f}", not_before=at)


async def let_agent_go(unit: Unit, request: Request, cause: Cause) -> Request:
    """Let a request wait again; the leg of an agent who is being rung for it is ended by a job.

    An agent who has accepted is on the phone still: they rest a moment before the next.
    """
    attempt = await unit.attempts.live_of(request.id)
    if attempt is not None and attempt.call is not None:
        await unit.jobs.put(ReconcileAttempt(attempt.id), key=f"drop:{attempt.id}")
    if attempt is None or attempt.state is not AttemptState.ACCEPTED:
        return await release(unit, request, cause, Presence.AVAILABLE)
    await unit.jobs.put(ReconcileAttempt(attempt.id), key=f"rest:{attempt.id}", not_before=cause.at + REST)
    return await release(unit, request, cause, Presence.WRAP_UP)
