"""What an agent can do about an abusive call: flag the person, end it with a spoken warning, ask for a supervisor.

Whatever they do, the request lives on: in writing, by a later call of somebody else, or with a supervisor.
"""

from collections.abc import Sequence

import structlog

from guichet.callbacks.flag import Flag, Incivility, flagged_as, subjects_of
from guichet.callbacks.lifecycle import Cause
from guichet.callbacks.passing_on import PassingOn, ToQueue, conversation, let_go
from guichet.callbacks.ports import BookInForce, FlaggingBegin, FlaggingUnit, RingingCarrier, RingingUnit
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.service import close_request
from guichet.callbacks.store import INCIVILITY
from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import AgentId, CallSid, RequestId, new_id
from guichet.core.jobs import WarnCaller
from guichet.routing.incivility_rules import Sequel
from guichet.routing.rule_book import RuleBook

log = structlog.get_logger()


class Incivilities:
    """Serves the agent's desk."""

    def __init__(
        self, begin: FlaggingBegin, carrier: RingingCarrier, clock: Clock, book: BookInForce, passing_on: PassingOn
    ) -> None:
        self._begin = begin
        self._carrier = carrier
        self._clock = clock
        self._book = book
        self._passing_on = passing_on

    @again_on_conflict
    async def flag(self, request_id: RequestId, by: AgentId, kind: Incivility, note: str = "") -> Flag:
        """Flag the person of a request; it expires after the days of the rule book.

        Raises NotFound, and BadInput where the person is not known in any way (a hidden number).
        """
        async with self._begin() as unit:
            return await self._flagged(unit, await _request(unit, request_id), by, kind, note)

    async def lift(self, flag_id: str, by: str) -> None:
        """Take a flag back. Raises NotFound where none of that id stands."""
        async with self._begin() as unit:
            if not await unit.flags.lift(flag_id, by, self._clock.now()):
                raise NotFound("there is no such flag (any more)")
        log.info("flag lifted", flag=flag_id)

    async def seen_with(self, request_id: RequestId) -> Sequence[Flag]:
        """Return the flags that are seen with a request, latest first. Raises NotFound."""
        async with self._begin() as unit:
            request = await _request(unit, request_id)
            return await unit.flags.standing(subjects_of(request), self._clock.now())

    @again_on_conflict
    async def end_call(self, request_id: RequestId, by: AgentId, kind: Incivility, note: str = "") -> Request:
        """End the conversation that an agent has: the citizen hears the warning, the person is flagged.

        The request goes on as the rule book says. Raises Conflict where the agent does not talk with them.
        """
        now, book = self._clock.now(), self._book()
        async with self._begin() as unit:
            leg, call = await conversation(unit, request_id, by)
            waits = await let_go(unit, leg, Cause(by, now, INCIVILITY), book)
            if flagged_as(waits) is not None:
                await self._flagged(unit, waits, by, kind, note)
            served = await _serve_otherwise(unit, waits, book, by, Cause(by, now, INCIVILITY))
            await unit.jobs.put(WarnCaller(request_id, call), key=f"warn:{leg.attempt.id}")
        log.info("call ended for incivility", request=request_id, kind=kind.value)
        return served

    async def warn(self, request_id: RequestId, call: CallSid) -> None:
        """Run the job WarnCaller: have the warning said; who has hung up meanwhile has heard enough."""
        await self._carrier.redirect_call(call, f"/voice/warned?request={request_id}")

    async def ask_supervisor(self, request_id: RequestId, by: AgentId, note: str = "") -> Request:
        """Pass the conversation on to a supervisor who is free.

        Raises BadInput where the rule book has no queue of supervisors, Conflict where none of them is free.
        """
        rules = self._book().incivility
        if rules.supervisors is None:
            raise BadInput("the rule book names no queue of supervisors (incivility, supervisors)")
        queue = self._book().queues[rules.supervisors]
        async with self._begin() as unit:
            request = await _request(unit, request_id)
            if not await unit.agents.free(queue.name, request.language, skills=queue.skills):
                raise Conflict("no supervisor is free now: end the call with a warning, or go on")
        return await self._passing_on.pass_on(request_id, by, ToQueue(queue.name), note)

    async def _flagged(self, unit: FlaggingUnit, request: Request, by: AgentId, kind: Incivility, note: str) -> Flag:
        subject = flagged_as(request)
        if subject is None:
            raise BadInput("nobody knows who this is: a hidden number cannot be flagged")
        now = self._clock.now()
        expires_at = now + self._book().incivility.kept
        flag = Flag(new_id("flag"), subject, kind, note.strip(), request.id, by, now, expires_at)
        await unit.flags.add(flag)
        log.info("person flagged", request=request.id, kind=kind.value)
        return flag


async def _serve_otherwise(unit: RingingUnit, waits: Request, book: RuleBook, by: AgentId, cause: Cause) -> Request:
    """Let a request go on whose call was ended. Without any number nobody could be called or written to."""
    rules, number = book.incivility, waits.calls_at
    if number is None:
        return await close_request(unit, waits.id, RequestState.CANCELLED, cause.reason, cause.at)
    changed = waits.evolve(call=None, entered_at=None, passed_by=by, passed_note="")
    if rules.sequel is Sequel.TEXT and number.can_receive_texts:
        changed = changed.evolve(kind=RequestKind.TEXT)
    else:
        later = max(waits.not_before or cause.at, cause.at + rules.calm)
        changed = changed.evolve(kind=RequestKind.CALLBACK, not_before=later, put_off_until=None)
    if rules.sequel is Sequel.SUPERVISOR and rules.supervisors is not None:
        changed = changed.evolve(queue=rules.supervisors)
    if not await unit.requests.change(waits, changed):
        raise Conflict("the request has changed meanwhile")
    return changed


async def _request(unit: RingingUnit, request_id: RequestId) -> Request:
    request = await unit.requests.get(request_id)
    if request is None:
        raise NotFound("there is no such request")
    return request
