"""Calling a citizen back from the leg of the agent who has accepted: announced, connected by a key, or missed.

agent presses 1 -> citizen dialled -> who calls, press 1 -> talking -> over
                        |                   | 2, 3, no key (a machine)
                        | busy, no answer   |
                        +-------------------+-> waiting again, not before a moment; in the end exhausted
"""

from datetime import datetime

from guichet.callbacks import citizen_leg, legs
from guichet.callbacks.citizen_words import MOST_ASKED, connect, greet, part, tell_agent
from guichet.callbacks.legs import Leg, leg_of
from guichet.callbacks.ports import Begin, BookInForce, Unit
from guichet.callbacks.request import AttemptState
from guichet.callbacks.ringing import TALKED, meet
from guichet.callbacks.whisper import tongue
from guichet.carrier.events import CallProgress, CallState, CallTurn, DialEnded
from guichet.carrier.verbs import Hangup, Verb
from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.ids import AttemptId
from guichet.routing.calling import Missed
from guichet.routing.rule_book import RuleBook

_MISSED_BY_DIAL = {
    "busy": Missed.BUSY,
    "no-answer": Missed.NO_ANSWER,
    "failed": Missed.FAILED,
    "canceled": Missed.CUT,
}
_MISSED_BY_STATE = {
    CallState.BUSY: Missed.BUSY,
    CallState.NO_ANSWER: Missed.NO_ANSWER,
    CallState.FAILED: Missed.FAILED,
    CallState.CANCELED: Missed.CUT,
    CallState.COMPLETED: Missed.NO_ANSWER,
}
"""A citizen's leg that has ended: one that was answered and ended before a key counts as not answered."""
_MISSED_BY_KEY = {"2": Missed.NOT_NOW, "3": Missed.WRONG_PERSON}


class Calling:
    """Serves the webhooks of citizens who are called back."""

    def __init__(self, begin: Begin, clock: Clock, book: BookInForce) -> None:
        self._begin = begin
        self._clock = clock
        self._book = book

    @again_on_conflict
    async def answered(self, attempt_id: AttemptId, turn: CallTurn) -> tuple[Verb, ...]:
        """Say who calls to whoever has picked up, unless nobody needs them any more."""
        async with self._begin() as unit:
            leg = await citizen_leg.rings(unit, attempt_id, turn.call)
        if leg is None:
            return (Hangup(),)
        request = leg.request
        return greet(attempt_id, self._book().calling.announce, request.language, relayed=request.relayed)

    @again_on_conflict
    async def keyed(self, attempt_id: AttemptId, turn: CallTurn, asked: int) -> tuple[Verb, ...]:
        """Connect who pressed 1; end the call of a machine and of those who would rather not."""
        now, book = self._clock.now(), self._book()
        async with self._begin() as unit:
            leg = await citizen_leg.rings(unit, attempt_id, turn.call)
            if leg is None:
                return self._repeated(await leg_of(unit, attempt_id), turn)
            language = leg.request.language
            if turn.keys == "1":
                await legs.bridge(unit, attempt_id, now)
                return connect(language)
            if turn.keys and turn.keys not in _MISSED_BY_KEY and asked < MOST_ASKED:
                return greet(attempt_id, book.calling.announce, language, asked + 1, relayed=leg.request.relayed)
            why = _MISSED_BY_KEY.get(turn.keys or "", Missed.MACHINE)
            await citizen_leg.missed(unit, attempt_id, why, now, book)
        return part(why, language, book.calling.on_machine)

    @again_on_conflict
    async def progress(self, attempt_id: AttemptId, progress: CallProgress) -> None:
        """Take a status callback of the citizen's leg in; one of another call changes nothing."""
        async with self._begin() as unit:
            if await citizen_leg.rings(unit, attempt_id, progress.call) is None:
                await self._gone_from_hold(unit, attempt_id, progress)
                return
            why = _MISSED_BY_STATE.get(progress.state)
            if why is not None:
                await citizen_leg.missed(unit, attempt_id, why, self._clock.now(), self._book())

    async def _gone_from_hold(self, unit: Unit, attempt_id: AttemptId, progress: CallProgress) -> None:
        """Take in that somebody whom we had called, and who was passed on, has hung up: they are called back."""
        leg = await leg_of(unit, attempt_id)
        if leg is not None and progress.state.is_final and leg.request.holds and leg.request.call == progress.call:
            await legs.caller_left(unit, leg.request.id, self._clock.now(), self._book(), bridged=False)

    @again_on_conflict
    async def ended(self, attempt_id: AttemptId, ended: DialEnded) -> tuple[Verb, ...]:
        """Go on with the agent when the call to the citizen is over.

        A citizen who has rung in meanwhile waits in the hold queue: the agent is connected with them.
        """
        now, book = self._clock.now(), self._book()
        async with self._begin() as unit:
            leg = await leg_of(unit, attempt_id)
            if leg is None:
                return (Hangup(),)
            if legs.is_expected(leg):
                return meet(leg, 0, tongue(await unit.agents.get(leg.attempt.agent)))
            await self._over(unit, leg, ended, now, book)
            current = await unit.attempts.get(attempt_id) or leg.attempt
            agent = await unit.agents.get(current.agent)
        return tell_agent(current.result, tongue(agent)) if current.result in set(Missed) else (Hangup(),)

    @staticmethod
    async def _over(unit: Unit, leg: Leg, ended: DialEnded, now: datetime, book: RuleBook) -> None:
        """Take the end of the Dial in: the carrier says whether they were connected, else our own state does."""
        was_bridged = leg.attempt.state is AttemptState.BRIDGED
        talked = ended.bridged if ended.bridged is not None else was_bridged and ended.result in TALKED
        if talked:
            await legs.end(unit, leg.attempt.id, now, book)
        elif was_bridged:
            await citizen_leg.never_connected(unit, leg.attempt.id, now, book)
        else:
            why = _MISSED_BY_DIAL.get(ended.result, Missed.NO_ANSWER)
            await citizen_leg.missed(unit, leg.attempt.id, why, now, book)

    @staticmethod
    def _repeated(leg: Leg | None, turn: CallTurn) -> tuple[Verb, ...]:
        """Answer a key that was taken before: the one who pressed 1 is connected, whoever asks how often."""
        is_same = leg is not None and leg.attempt.citizen_call == turn.call
        if leg is not None and is_same and turn.keys == "1" and leg.attempt.state is AttemptState.BRIDGED:
            return connect(leg.request.language)
        return (Hangup(),)
