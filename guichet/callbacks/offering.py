"""Offering the next in the order to a free agent: the attempt is committed before the carrier is asked to ring them.

RingAgent -> claim agent, attempt prepared | commit | place_call -> the agent's leg (see `ringing`)
OfferNext                                     |
                   ReconcileAttempt is committed with it: a crash, a lost webhook or a doubt is looked into
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from guichet.callbacks import dispatch, legs, taking, warning
from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.lifecycle import Cause
from guichet.callbacks.ports import Begin, BookInForce, RingingCarrier, RingingUnit
from guichet.callbacks.request import AttemptState
from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Conflict, GuichetError, InDoubt, Refused, Unavailable
from guichet.core.ids import AgentId, AttemptId, CallSid, RequestId
from guichet.routing.agent import Agent, Presence

RING_SECONDS = 20
LOOK_SECONDS = 3
"""Looks of several gateways within so many seconds make one job."""
_DOUBT = timedelta(seconds=20)
"""When the carrier's list is read after a doubt: what it has accepted is listed by then."""
_TRIES = 3

Prepared = tuple[legs.Leg, Agent] | None
Prepare = Callable[[RingingUnit, datetime], Awaitable[Prepared]]
Work = Callable[[RingingUnit], Awaitable[Prepared]]
InOneGo = Callable[[Work], Awaitable[Prepared]]

log = structlog.get_logger()


class Offering:
    """Brings free agents and those who wait together.

    `read` opens a transaction that only reads; `run` does the work of a whole one, in one go where that is faster.
    """

    def __init__(
        self,
        begin: Begin,
        read: Begin,
        carrier: RingingCarrier,
        clock: Clock,
        book: BookInForce,
        run: InOneGo | None = None,
    ) -> None:
        self._begin = begin
        self._run = run or self._step_by_step
        self._read = read
        self._carrier = carrier
        self._clock = clock
        self._book = book

    async def ring(self, request_id: RequestId) -> None:
        """Run the job RingAgent: the next in the order is served, and this one tried again until it is their turn."""
        await self._serve(lambda unit, now: dispatch.prepare_for(unit, request_id, self._book(), now))

    async def offer(self) -> None:
        """Run the job OfferNext: ring a free agent for the next in the order, if there are both."""
        await self._serve(lambda unit, now: dispatch.prepare(unit, self._book(), now))

    async def ring_taker(self, request_id: RequestId, agent_id: AgentId) -> None:
        """Ring the agent who has taken a request, to call its person now. Raises BadInput, Conflict (see `taking`)."""
        async with self._begin() as unit:
            leg, agent = await taking.prepare_call(unit, request_id, agent_id, self._book(), self._clock.now())
        await self._place(leg, agent)

    @again_on_conflict
    async def lapse(self, request_id: RequestId) -> None:
        """Run the job LapseInHand: give back what its agent has not touched for too long."""
        async with self._begin() as unit:
            await taking.lapse(unit, request_id, self._clock.now())

    async def look(self) -> None:
        """Look for free agents and due requests that nothing else has brought together (a lost webhook, a sign-in)."""
        now = self._clock.now()
        async with self._read() as unit:
            if not await dispatch.is_anything_to_do(unit, self._book(), now):
                return
        async with self._begin() as unit:
            await offer_next(unit, f"look:{now.timestamp() // LOOK_SECONDS:.0f}")

    async def reconsider(self) -> None:
        """Take in that the hours may be others: callbacks that were put off to an opening are looked at again."""
        now = self._clock.now()
        async with self._begin() as unit:
            count = await unit.requests.bring_forward()
            if count:
                await offer_next(unit, f"rules:{self._book().version}:{now.timestamp():.0f}")
        if count:
            log.info("callbacks reconsidered", count=count)

    async def warn(self) -> None:
        """Have those warned by text whose callback is near."""
        now, book = self._clock.now(), self._book()
        async with self._read() as unit:
            if not await warning.is_anybody_near(unit, book, now):
                return
        async with self._begin() as unit:
            warned = await warning.warn(unit, book, now)
        if warned:
            log.info("callbacks announced", count=warned)

    async def _serve(self, prepare: Prepare) -> None:
        """Prepare an attempt, commit, and ask the carrier for the agent."""
        prepared = await self._prepared(prepare)
        if prepared is not None:
            await self._place(*prepared)

    async def _place(self, leg: legs.Leg, agent: Agent) -> None:
        """Ask the carrier for the agent of an attempt that is committed."""
        attempt = leg.attempt
        if not await self._is_still_to_place(attempt.id):
            return
        try:
            call = await self._carrier.place_call(
                to=agent.phone,
                line=leg.request.line,
                answer_path=f"/voice/agent?attempt={attempt.id}",
                status_path=f"/voice/agent/status?attempt={attempt.id}",
                timeout=RING_SECONDS,
            )
        except InDoubt:
            await self._in_doubt(attempt.id)
        except Unavailable:
            await self._fail(attempt.id, legs.AWAY, Presence.AVAILABLE)
        except (Refused, BadInput):
            await self._fail(attempt.id, "refused by the carrier", Presence.AWAY)
        else:
            await self._placed(attempt.id, call)

    async def _is_still_to_place(self, attempt_id: AttemptId) -> bool:
        """Whether nobody has taken over since the attempt was prepared: a process that stood still must not ring."""
        async with self._read() as unit:
            attempt = await unit.attempts.get(attempt_id)
        return attempt is not None and attempt.state is AttemptState.PREPARED

    async def _prepared(self, prepare: Prepare) -> Prepared:
        """Prepare; where others are always quicker, they serve: another look follows."""
        for _ in range(_TRIES):
            try:
                return await self._run(lambda unit: prepare(unit, self._clock.now()))
            except Conflict:
                continue
        now = self._clock.now()
        async with self._begin() as unit:
            await offer_next(unit, f"crowd:{now.timestamp() // LOOK_SECONDS:.0f}", now + legs.AGAIN)
        return None

    async def _step_by_step(self, work: Work) -> Prepared:
        async with self._begin() as unit:
            return await work(unit)

    @again_on_conflict
    async def _placed(self, attempt_id: AttemptId, call: CallSid) -> None:
        async with self._begin() as unit:
            leg = await legs.rings(unit, attempt_id, call, self._clock.now())
        if leg is None:
            await end_leg(self._carrier, call)

    @again_on_conflict
    async def _in_doubt(self, attempt_id: AttemptId) -> None:
        now = self._clock.now()
        async with self._begin() as unit:
            await legs.doubtful(unit, attempt_id, now, now + _DOUBT)

    @again_on_conflict
    async def _fail(self, attempt_id: AttemptId, reason: str, presence: Presence) -> None:
        async with self._begin() as unit:
            await legs.fail(unit, attempt_id, Cause("carrier", self._clock.now(), reason), self._book(), presence)


async def end_leg(carrier: RingingCarrier, call: CallSid) -> None:
    """End a leg that nobody needs; if it cannot be ended, its whisper will say that the call is gone."""
    try:
        await carrier.end_call(call)
    except GuichetError as error:
        log.warning("leg not ended", call=call, error=type(error).__name__)
