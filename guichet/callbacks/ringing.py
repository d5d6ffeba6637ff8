"""The agent's leg: what it hears and does, how it ends, and what became of it where nothing was heard.

agent picks up -> whisper -> 1 -> (a moment, until the caller is in the queue) -> the hold queue is dialled
                               -> or the citizen (see `calling`)
"""

from collections.abc import Callable
from datetime import timedelta

from guichet.callbacks import citizen_leg, legs
from guichet.callbacks.citizen_words import call_citizen
from guichet.callbacks.flag import subjects_of
from guichet.callbacks.letting_go import DROPPED
from guichet.callbacks.lifecycle import Cause
from guichet.callbacks.never import answer_in_writing, is_never_called
from guichet.callbacks.offering import end_leg
from guichet.callbacks.on_the_line import also_asked, on_the_line
from guichet.callbacks.ports import BookInForce, FlaggingBegin, Placed, RingingCarrier
from guichet.callbacks.request import Attempt, AttemptState, RequestState
from guichet.callbacks.whisper import announce, ask, connected, flagged, gone, moment, tongue, with_others
from guichet.callbacks.wrapping_up import wrapped_up
from guichet.carrier.events import CallProgress, CallTurn, DialEnded
from guichet.carrier.verbs import DialQueue, Hangup, Redirect, Verb
from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.ids import AttemptId, RequestId
from guichet.core.language import Bilingual, Language
from guichet.routing.agent import Agent, Presence

CONNECTED_PATH = "/voice/agent/connected"
"""What a caller who leaves the queue for an agent hears: nothing but words may be answered there."""
PATIENT_TRIES = 10
"""How often an agent who has accepted looks for a caller who is still being told something (a few seconds each)."""
CLOCKS = timedelta(hours=1)
"""Our clock may have been ahead of the carrier's by so much when the attempt was prepared."""
_MOMENT = timedelta(seconds=5)
"""How long the end of a Dial may come after the end of its leg."""
TALKED = frozenset({"completed", "answered"})


class Ringing:
    """Serves the webhooks of agents who are rung. `title` names an intent in both languages."""

    def __init__(
        self,
        begin: FlaggingBegin,
        carrier: RingingCarrier,
        clock: Clock,
        title: Callable[[str], Bilingual],
        book: BookInForce,
    ) -> None:
        self._begin = begin
        self._carrier = carrier
        self._clock = clock
        self._title = title
        self._book = book

    @again_on_conflict
    async def reconcile(self, attempt_id: AttemptId) -> None:
        """Run the job ReconcileAttempt: read the carrier's list, then go on from what is true.

        For an attempt that has ended, see whether its agent has written it up, and end a leg that rings on. Raises
        Unavailable where the list cannot be read; the job is to be run again then.
        """
        async with self._begin() as unit:
            leg = await legs.leg_of(unit, attempt_id)
            if leg is None:
                return
            if leg.attempt.state.is_final:
                await wrapped_up(unit, leg.attempt, self._clock.now())
            agent = await unit.agents.get(leg.attempt.agent)
        if leg.attempt.state.is_final:
            if leg.attempt.call and leg.attempt.result == DROPPED:
                await end_leg(self._carrier, leg.attempt.call)
            return
        found = await self._find(leg.attempt, agent)
        now = self._clock.now()
        if found is None:
            if leg.attempt.state in (AttemptState.BRIDGED, AttemptState.ACCEPTED):
                await self._agent_gone(attempt_id)
            else:
                await self._fail(attempt_id, legs.NEVER_PLACED, Presence.AVAILABLE)
        elif found.state.is_final:
            await self._over(leg.attempt, found)
        else:
            async with self._begin() as unit:
                await legs.rings(unit, attempt_id, found.call, now)
                talks = leg.attempt.state is AttemptState.BRIDGED
                await legs.watch(unit, leg.attempt, now + (legs.WATCH_TALKING if talks else legs.WATCH_RINGING))

    @again_on_conflict
    async def answered(self, attempt_id: AttemptId, turn: CallTurn) -> tuple[Verb, ...]:
        """Whisper to the agent who has picked up, unless nobody waits any more."""
        now = self._clock.now()
        async with self._begin() as unit:
            leg = await legs.rings(unit, attempt_id, turn.call, now)
            if leg is None or leg.request.state is not RequestState.DIALING_AGENT:
                return gone(Language.FR)
            agent = await unit.agents.get(leg.attempt.agent)
            who, also = await on_the_line(unit, leg.request), await also_asked(unit, leg.request)
            flags = await unit.flags.standing(subjects_of(leg.request), now)
            passed_by = (await unit.agents.get(leg.request.passed_by)).name if leg.request.passed_by else None
        language = tongue(agent)
        what = with_others(self._title(leg.request.intent), [self._title(intent) for intent in also])
        text = announce(leg.request, language, who, what, now, passed_by)
        text = f"{flagged(flags[0], language)} {text}" if flags else text
        return ask(attempt_id, text, language)

    @again_on_conflict
    async def keyed(self, attempt_id: AttemptId, turn: CallTurn) -> tuple[Verb, ...]:
        """Connect the agent who pressed 1, or call the citizen from here; let who pressed anything else go."""
        if turn.keys != "1":
            await self._fail(attempt_id, *((legs.DECLINED, Presence.WRAP_UP) if turn.keys else (legs.MISSED,)))
            return (Hangup(),)
        now = self._clock.now()
        async with self._begin() as unit:
            leg = await legs.accept(unit, attempt_id, turn.call, now)
            if leg is not None and leg.request.holds:
                return meet(leg, 0, tongue(await unit.agents.get(leg.attempt.agent)))
            if leg is not None and await is_never_called(unit, leg.request):
                # The record has changed since the agent was rung: theirs is the last word before it is dialled.
                await answer_in_writing(unit, leg.request, Cause("system", now, "never to be called"))
                return gone(tongue(await unit.agents.get(leg.attempt.agent)))
            leg = await citizen_leg.dial(unit, leg, now) if leg else None
            number = leg.request.calls_at if leg else None
            if leg is None or number is None:
                return gone(Language.FR)
            agent = await unit.agents.get(leg.attempt.agent)
        return call_citizen(attempt_id, number, leg.request.line, tongue(agent))

    @again_on_conflict
    async def waits(self, attempt_id: AttemptId, tries: int) -> tuple[Verb, ...]:
        """Connect an agent who waits for the caller to enter the queue, or ask for another moment."""
        async with self._begin() as unit:
            leg = await legs.leg_of(unit, attempt_id)
            language = tongue(await unit.agents.get(leg.attempt.agent)) if leg else Language.FR
        return meet(leg, tries, language) if leg is not None and legs.is_expected(leg) else gone(language)

    @again_on_conflict
    async def connected(self, attempt_id: AttemptId) -> tuple[Verb, ...]:
        """Tell the caller who leaves the queue that they are being connected."""
        async with self._begin() as unit:
            leg = await legs.bridge(unit, attempt_id, self._clock.now())
        return connected(leg.request.language if leg else Language.FR)

    @again_on_conflict
    async def done(self, attempt_id: AttemptId, ended: DialEnded, tries: int = 0) -> tuple[Verb, ...]:
        """End the agent's leg after the conversation.

        An agent who finds the queue empty is asked to wait a moment, up to PATIENT_TRIES times. After that the caller,
        who has gone without our being told, is to be called back; the leg ends.
        """
        now = self._clock.now()
        async with self._begin() as unit:
            leg = await legs.leg_of(unit, attempt_id)
            if leg is not None and ended.result not in TALKED and tries < PATIENT_TRIES and legs.is_expected(leg):
                agent = await unit.agents.get(leg.attempt.agent)
                return (*moment(tongue(agent)), *meet(leg, tries + 1, tongue(agent)))
            has_vanished = leg is not None and ended.result not in TALKED and legs.is_expected(leg)
            await (legs.end if ended.result in TALKED else legs.hung_up)(unit, attempt_id, now, self._book())
            if leg is not None and has_vanished:
                await legs.caller_left(unit, leg.request.id, now, self._book(), bridged=False)
        return (Hangup(),)

    @again_on_conflict
    async def progress(self, attempt_id: AttemptId, progress: CallProgress) -> None:
        """Take a status callback of the agent's leg in; one of another call changes nothing."""
        now = self._clock.now()
        async with self._begin() as unit:
            if not await unit.attempts.name_call(attempt_id, progress.call):
                return
            leg = await legs.leg_of(unit, attempt_id)
            if not progress.state.is_final:
                await legs.rings(unit, attempt_id, progress.call, now)
            elif leg is not None and leg.attempt.state is AttemptState.BRIDGED and not leg.request.holds:
                # The end of the Dial, which says whether they talked, comes first: it is late, or lost.
                await legs.watch(unit, leg.attempt, now + _MOMENT)
            else:
                await citizen_leg.agent_gone(unit, attempt_id, now, self._book())

    @again_on_conflict
    async def _over(self, attempt: Attempt, found: Placed) -> None:
        """Take in what the carrier says of an agent's leg that has ended, and of the citizen's."""
        attempt_id, now = attempt.id, self._clock.now()
        theirs = await self._carrier.call_of(attempt.citizen_call) if attempt.citizen_call else None
        async with self._begin() as unit:
            leg = await legs.leg_of(unit, attempt_id)
            if leg is None or not await unit.attempts.name_call(attempt_id, found.call):
                return
            if await legs.was_cut_off(unit, leg, found.lasted, theirs.lasted if theirs else None):
                await citizen_leg.never_connected(unit, attempt_id, now, self._book())
            else:
                await citizen_leg.agent_gone(unit, attempt_id, now, self._book())

    @again_on_conflict
    async def _fail(self, attempt_id: AttemptId, reason: str, presence: Presence | None = None) -> None:
        async with self._begin() as unit:
            await legs.fail(unit, attempt_id, Cause("carrier", self._clock.now(), reason), self._book(), presence)

    @again_on_conflict
    async def _agent_gone(self, attempt_id: AttemptId) -> None:
        async with self._begin() as unit:
            await citizen_leg.agent_gone(unit, attempt_id, self._clock.now(), self._book())

    async def _find(self, attempt: Attempt, agent: Agent) -> Placed | None:
        """Find the attempt's call in the carrier's list: by its id, or else the one that is no other attempt's."""
        placed = await self._carrier.calls_to(agent.phone, attempt.started_at - CLOCKS)
        for call in placed:
            if attempt.call == call.call:
                return call
        if attempt.call is not None:
            return None
        async with self._begin() as unit:
            for call in placed:
                if await unit.attempts.of_call(call.call) is None:
                    return call
        return None


def meet(leg: legs.Leg, tries: int, language: Language) -> tuple[Verb, ...]:
    """Return the verbs that connect an agent with the caller on hold.

    The carrier's queue exists once somebody has entered it, and fails who asks for it before: while the caller still
    listens to a sentence the agent is asked to wait a moment. The last try looks all the same: the word that the caller
    has entered may be lost.
    """
    query = f"attempt={leg.attempt.id}"
    if leg.request.entered_at is None and tries < PATIENT_TRIES:
        return (*moment(language), Redirect(f"/voice/agent/waits?{query}&tries={tries + 1}"))
    dial = DialQueue(
        queue_of(leg.request.id),
        action=f"/voice/agent/done?{query}&tries={tries}",
        connected=f"{CONNECTED_PATH}?{query}",
    )
    return (dial,)


def queue_of(request_id: RequestId) -> str:
    """Return the name of the carrier's queue where this request's caller holds."""
    return f"hold-{request_id}"
