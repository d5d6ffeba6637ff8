"""What agents do with a case: take it, give it back, call, write, note, conclude, flag, put a wrong match right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog

from guichet.callbacks import taking
from guichet.callbacks.offering import Offering
from guichet.callbacks.ports import BookInForce
from guichet.callbacks.request import Request, RequestState
from guichet.callbacks.taking import Taken
from guichet.callbacks.undoing import undo_match
from guichet.console.account import Account
from guichet.console.audit import Entry
from guichet.console.desk_unit import BeginDesk, DeskUnit
from guichet.console.presences import Presences
from guichet.console.work import Concluded, Draft, Flag, Note, Outcome, Raised
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import AgentId, CitizenId, ContactId, RequestId, new_id
from guichet.routing.agent import Presence
from guichet.sms.answering import Answering

LONGEST_NOTE = 4000
LONGEST_STEP = 500
MORNING = time(8)
"""When a case that was put off to a day waits again: its counter's hours decide from then on."""
RENEWED = timedelta(minutes=1)
"""How old a hold is before it is written anew."""
_FINISHED = {
    Outcome.ANSWERED: "answered",
    Outcome.FORWARDED: "forwarded",
    Outcome.NO_NEED: "no need any more",
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How a case ends: the outcome, what comes next, and when to come back to it."""

    outcome: Outcome
    next_step: str = ""
    follow_up: date | None = None


class CaseWork:
    """Works cases: each step is one transaction, with its line in the trail."""

    def __init__(
        self,
        begin: BeginDesk,
        offering: Offering,
        answering: Answering,
        presences: Presences,
        book: BookInForce,
        clock: Clock,
    ) -> None:
        self._begin = begin
        self._offering = offering
        self._answering = answering
        self._presences = presences
        self._book = book
        self._clock = clock

    async def take(self, account: Account, request_id: RequestId) -> Request | Taken:
        """Take a case; it may be somebody else's already. Raises NotFound, Conflict."""
        async with self._begin() as unit:
            taken = await taking.take(unit, request_id, agent_of(account), self._clock.now())
            if not isinstance(taken, Taken):
                await self._note(unit, account, "case.taken", request_id)
            return taken

    async def take_next(self, account: Account) -> Request | None:
        """Take the first in the order whom they serve, or go on with what they have; None: nobody waits for them."""
        async with self._begin() as unit:
            taken = await taking.take_next(unit, agent_of(account), self._book(), self._clock.now())
            if taken is not None:
                await self._note(unit, account, "case.taken", taken.id)
            return taken

    async def give_back(self, account: Account, request_id: RequestId) -> None:
        """Let a case wait again."""
        async with self._begin() as unit:
            await taking.give_back(unit, request_id, agent_of(account), self._clock.now())
            await self._note(unit, account, "case.given_back", request_id)

    async def call(self, account: Account, request_id: RequestId) -> None:
        """Ring the agent's telephone, to call the person of a case that they have, or take now."""
        async with self._begin() as unit:
            taken = await taking.take(unit, request_id, agent_of(account), self._clock.now())
            if isinstance(taken, Taken):
                raise Conflict("somebody else has this case")
            await self._note(unit, account, "case.called", request_id)
        await self._offering.ring_taker(request_id, agent_of(account))

    async def free(self, account: Account) -> None:
        """Make an agent free whose case has gone elsewhere."""
        async with self._begin() as unit:
            if await unit.queues.in_hand(agent_of(account)):
                raise Conflict("finish with the one you have first")
            await taking.free_if_idle(unit, agent_of(account), self._clock.now())

    async def keep(self, account: Account, request_id: RequestId) -> None:
        """Take in that somebody is at a case: it stays in their hands, where it is."""
        async with self._begin() as unit:
            await self._kept(unit, account, await _known(unit, request_id))

    async def keep_draft(self, account: Account, request_id: RequestId, fields: Mapping[str, str]) -> None:
        """Keep what is being typed, and the case in the hands of who types."""
        async with self._begin() as unit:
            request = await _known(unit, request_id)
            if fields:
                await unit.work.keep_draft(Draft(account.id, request_id, self._clock.now(), fields))
            await self._kept(unit, account, request)

    async def note(self, account: Account, request_id: RequestId, text: str) -> None:
        """Keep a note. Raises BadInput for an empty one."""
        if not text.strip():
            raise BadInput("a note says something")
        async with self._begin() as unit:
            await _known(unit, request_id)
            now = self._clock.now()
            await unit.work.note(Note(new_id("note"), request_id, account.id, now, text[:LONGEST_NOTE]))
            await unit.work.keep_draft(Draft(account.id, request_id, now, {"note": ""}))
            await self._note(unit, account, "case.noted", request_id)

    async def answer(self, account: Account, request_id: RequestId, text: str, key: str, *, closes: bool) -> None:
        """Write to the person of a case in the agent's hands; the same form sent twice writes once (`key`).

        A text that `closes` ends the case; else it waits for their reply. Raises BadInput, Conflict, NotFound.
        """
        sent = await self._answering.answer(agent_of(account), request_id, text, key=key, closes=closes)
        now = self._clock.now()
        async with self._begin() as unit:
            await unit.work.keep_draft(Draft(account.id, request_id, now, {"body": "", "template": ""}))
            if closes and sent.request.state is RequestState.DONE:
                await unit.work.conclude(Concluded(new_id("out"), request_id, account.id, now, Outcome.ANSWERED))
            await self._note(unit, account, "case.answered" if closes else "case.asked", request_id)

    async def conclude(self, account: Account, request_id: RequestId, conclusion: Conclusion) -> None:
        """Conclude a case: it ends, or waits until the day to come back to it; who wrote it up is free.

        Raises BadInput for a later case without a day to come, Conflict for one that somebody else has.
        """
        now = self._clock.now()
        later = self._later(conclusion, now)
        async with self._begin() as unit:
            request = await _known(unit, request_id)
            agent_id = agent_of(account)
            is_put_off = await self._end(unit, request, agent_id, conclusion.outcome, later)
            concluded = Concluded(
                new_id("out"),
                request_id,
                account.id,
                now,
                conclusion.outcome,
                conclusion.next_step[:LONGEST_STEP],
                None if is_put_off else conclusion.follow_up,
            )
            await unit.work.conclude(concluded)
            gone = {"outcome": "", "next_step": "", "follow_up": ""}
            await unit.work.keep_draft(Draft(account.id, request_id, now, gone))
            await self._note(unit, account, "case.concluded", request_id, conclusion.outcome.value)
            writes = (await unit.agents.get(agent_id)).presence is Presence.WRAP_UP
        if writes:
            await self._presences.end_wrap_up(agent_id)

    async def call_for_help(self, account: Account, request_id: RequestId) -> None:
        """Call a supervisor; one call that nobody has answered yet is enough."""
        async with self._begin() as unit:
            await _known(unit, request_id)
            up = [one for one in await unit.work.flags_of(request_id) if one.settled_at is None]
            if not up:
                now = self._clock.now()
                await unit.work.raise_flag(Raised(new_id("help"), Flag.HELP, request_id, account.id, now))
                await self._note(unit, account, "help.called", request_id)

    async def settle_flag(self, account: Account, flag: str) -> None:
        """Take in that somebody looks after it. Raises NotFound where nobody has to any more."""
        async with self._begin() as unit:
            if not await unit.work.settle_flag(flag, account.id, self._clock.now()):
                raise NotFound("nobody has to look after this any more")

    async def settle_outcome(self, account: Account, outcome: str) -> None:
        """Take in that somebody has come back to it. Raises NotFound where it is not theirs."""
        async with self._begin() as unit:
            if not await unit.work.settle_outcome(outcome, account.id, self._clock.now()):
                raise NotFound("this is not to be come back to any more")

    async def wrong_person(
        self, account: Account, request_id: RequestId, contact: ContactId, right: CitizenId | None
    ) -> RequestId:
        """Put a wrong match right; return the request in which the contact goes on. Raises Conflict, BadInput."""
        async with self._begin() as unit:
            request = await _known(unit, request_id)
            if request.state.is_open and request.agent is not None and request.agent != account.agent:
                raise Conflict("somebody else has this case: tell them, or write a note")
            if contact not in await unit.requests.contacts_of(request_id):
                raise NotFound("this contact is not of this case")
            undone = await undo_match(unit, contact, right, account.actor, self._clock.now())
            await self._note(unit, account, "match.undone", request_id)
        return next(iter((*undone.opened, *undone.moved)), request_id)

    async def _kept(self, unit: DeskUnit, account: Account, request: Request) -> None:
        """Renew the hold, a minute after the last time at the soonest."""
        now = self._clock.now()
        is_theirs = request.agent is not None and request.agent == account.agent
        if is_theirs and request.state is RequestState.OFFERED and now - request.changed_at >= RENEWED:
            await taking.keep(unit, request.id, agent_of(account), now)

    async def _end(
        self, unit: DeskUnit, request: Request, agent_id: AgentId, outcome: Outcome, later: datetime | None
    ) -> bool:
        """End the request, or put it off; one that a conversation has ended stays. Say whether it was put off."""
        now = self._clock.now()
        if not request.state.is_open:
            return False
        if request.state is not RequestState.OFFERED:
            raise Conflict("the conversation goes on: conclude it when it is over")
        if later is not None:
            await taking.give_back(unit, request.id, agent_id, now, later=later)
        elif outcome in _FINISHED:
            await taking.finish(unit, request.id, agent_id, _FINISHED[outcome], now)
        else:
            await taking.give_back(unit, request.id, agent_id, now)
        return later is not None

    def _later(self, conclusion: Conclusion, now: datetime) -> datetime | None:
        """Return from when on a case that is put off waits again."""
        zone = self._book().calendar.zone
        today = now.astimezone(zone).date()
        if conclusion.follow_up is not None and conclusion.follow_up < today:
            raise BadInput("the day to come back to it has passed")
        if conclusion.outcome is not Outcome.LATER:
            return None
        if conclusion.follow_up is None:
            raise BadInput("say on which day to come back to it")
        return max(datetime.combine(conclusion.follow_up, MORNING, zone), now)

    async def _note(self, unit: DeskUnit, account: Account, action: str, request: RequestId, how: str = "") -> None:
        detail = {"outcome": how} if how else {}
        await unit.audit.note(Entry(self._clock.now(), account.actor, action, f"request:{request}", detail))


def agent_of(account: Account) -> AgentId:
    """Return the agent somebody is. Raises Conflict for an account that is nobody's telephone."""
    if account.agent is None:
        raise Conflict("your account is tied to no agent: guichet agents password LOGIN --agent ID")
    return account.agent


async def _known(unit: DeskUnit, request_id: RequestId) -> Request:
    request = await unit.requests.get(request_id)
    if request is None:
        raise NotFound("there is no such case")
    return request
