"""The citizen's side of a callback, inside a transaction: dialled, there, reached, missed.

Each step may come late, twice or out of order: what does not fit the attempt's state changes nothing. A citizen is
dialled from the agent's own leg and nowhere else, so that one attempt can make no second call: the verb that dials is
given again only to a carrier that repeats its question before it knows of any citizen's leg.
"""

from datetime import datetime

import structlog

from guichet.callbacks import legs
from guichet.callbacks.legs import Leg, leg_of, turned
from guichet.callbacks.letting_go import REST, free_agent, offer_next
from guichet.callbacks.lifecycle import Cause, Event, Move, Turn, can_move, move_request
from guichet.callbacks.ports import Unit
from guichet.callbacks.request import AttemptState, Request, RequestState
from guichet.callbacks.retries import GiveUp, missed_ones, next_try
from guichet.callbacks.windows import next_window
from guichet.core.errors import Conflict
from guichet.core.ids import AttemptId, CallSid
from guichet.core.jobs import TextRequest
from guichet.routing.agent import Presence
from guichet.routing.calling import Missed
from guichet.routing.rule_book import RuleBook

log = structlog.get_logger()


def is_calling(leg: Leg) -> bool:
    """Whether an agent has accepted and the citizen is being called, neither reached nor missed yet."""
    return leg.attempt.state is AttemptState.ACCEPTED and leg.request.state is RequestState.DIALING_CITIZEN


async def dial(unit: Unit, leg: Leg, now: datetime) -> Leg | None:
    """Go from the agent who has accepted to the citizen; None if this attempt has dialled them before."""
    if is_calling(leg):
        return leg if leg.attempt.citizen_call is None else None
    if leg.attempt.state is not AttemptState.ACCEPTED or not can_move(leg.request, Move.DIAL):
        return None
    dialling, event = move_request(leg.request, Move.DIAL, Cause(leg.attempt.agent, now))
    await _change(unit, leg.request, dialling, event)
    return Leg(leg.attempt, dialling)


async def rings(unit: Unit, attempt_id: AttemptId, call: CallSid) -> Leg | None:
    """Record that the citizen's leg exists; None if this call is not that leg, or nobody needs it any more."""
    if not await unit.attempts.name_citizen_call(attempt_id, call):
        return None
    leg = await leg_of(unit, attempt_id)
    return leg if leg is not None and is_calling(leg) and not leg.request.holds else None


async def missed(unit: Unit, attempt_id: AttemptId, why: Missed, now: datetime, book: RuleBook) -> None:
    """Take in that the citizen could not be reached: they are called again by the rules, or handed to a person.

    Somebody who has rung in meanwhile is not missed at all: the agent takes them from the hold queue.
    """
    leg = await leg_of(unit, attempt_id)
    if leg is not None and is_calling(leg) and not leg.request.holds:
        await _back_to_waiting(unit, leg, why, now, book)


async def never_connected(unit: Unit, attempt_id: AttemptId, now: datetime, book: RuleBook) -> None:
    """Take the carrier's word that the two did not talk, although the citizen had pressed 1."""
    leg = await leg_of(unit, attempt_id)
    if leg is None:
        return
    if leg.attempt.state is AttemptState.BRIDGED and leg.request.state is RequestState.TALKING:
        await _back_to_waiting(unit, leg, Missed.CUT, now, book)
    else:
        await missed(unit, attempt_id, Missed.CUT, now, book)


async def agent_gone(unit: Unit, attempt_id: AttemptId, now: datetime, book: RuleBook) -> None:
    """Take in that the agent's leg has ended: a citizen who was being called is called again, else see `legs`."""
    leg = await leg_of(unit, attempt_id)
    if leg is not None and is_calling(leg) and not leg.request.holds:
        await _back_to_waiting(unit, leg, Missed.CUT, now, book)
    else:
        await legs.hung_up(unit, attempt_id, now, book)


async def _back_to_waiting(unit: Unit, leg: Leg, why: Missed, now: datetime, book: RuleBook) -> None:
    cause = Cause("carrier", now, why.value)
    await turned(unit, leg, Turn.FAIL, cause)
    await free_agent(unit, leg.attempt, Presence.WRAP_UP, now)
    await legs.watch(unit, leg.attempt, now + REST)
    request = leg.request
    history = missed_ones(await unit.attempts.results_of(request.id))
    after = next_try(book.calling, history, now, lambda moment: next_window(book, request, moment))
    at = None if isinstance(after, GiveUp) else after.at
    waiting, event = move_request(request, Move.RELEASE, cause, not_before=at)
    await _change(unit, request, waiting, event)
    if at is None:
        await _give_up(unit, waiting, cause)
    else:
        await offer_next(unit, f"{leg.attempt.id}:retry", at)
    log.info("citizen missed", request=request.id, attempt=leg.attempt.id, result=why.value, tries=len(history))


async def _give_up(unit: Unit, request: Request, cause: Cause) -> None:
    """Leave it to a person, and say so to the citizen."""
    exhausted, event = move_request(request, Move.EXHAUST, Cause("system", cause.at, f"last try: {cause.reason}"))
    await _change(unit, request, exhausted, event)
    await unit.jobs.put(TextRequest(request.id, "unreached"), key=f"unreached:{request.id}")


async def _change(unit: Unit, before: Request, after: Request, event: Event) -> None:
    if not await unit.requests.change(before, after, event):
        raise Conflict("the request has changed meanwhile")
