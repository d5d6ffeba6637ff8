"""What agents do in a conversation: pass it on, flag incivility, end it with a warning; all of it in the trail."""

from collections.abc import Sequence

from guichet.callbacks.flag import Flag, Incivility
from guichet.callbacks.passing_on import ToAgent, ToQueue
from guichet.callbacks.ports import BookInForce
from guichet.callbacks.request import Request, RequestState
from guichet.console.account import Account
from guichet.console.audit import Entry
from guichet.console.case_work import agent_of
from guichet.console.desk_unit import BeginDesk
from guichet.console.presences import Incivilities, PassingOn
from guichet.core.clock import Clock
from guichet.core.ids import RequestId
from guichet.routing.agent import Agent
from guichet.routing.rule import Queue


class CaseTalk:
    """Works conversations; a line of the trail follows what was done."""

    def __init__(
        self, begin: BeginDesk, passing_on: PassingOn, incivilities: Incivilities, book: BookInForce, clock: Clock
    ) -> None:
        self._begin = begin
        self._passing_on = passing_on
        self._incivilities = incivilities
        self._book = book
        self._clock = clock

    @property
    def queues(self) -> Sequence[Queue]:
        """Where a conversation may be passed on to."""
        return tuple(self._book().queues.values())

    async def flags(self, request_id: RequestId) -> Sequence[Flag]:
        """Return the flags on the person of a case."""
        return await self._incivilities.seen_with(request_id)

    async def colleagues(self, request: Request, account: Account) -> Sequence[Agent]:
        """Return to whom a conversation may be passed on by name: who is free now, and can serve its person."""
        if request.state is not RequestState.TALKING:
            return ()
        async with self._begin() as unit:
            everybody = await unit.agents.all()
        skills = frozenset(skill for queue in self.queues for skill in queue.skills)
        return [
            one
            for one in everybody
            if one.can_be_rung and one.id != account.agent and request.language in one.languages and one.skills & skills
        ]

    async def pass_on(self, account: Account, request_id: RequestId, to: ToQueue | ToAgent, note: str) -> None:
        """Pass a conversation on. Raises BadInput, Conflict."""
        await self._passing_on.pass_on(request_id, agent_of(account), to, note)
        aim: dict[str, str] = {"queue": to.queue} if isinstance(to, ToQueue) else {"agent": to.agent}
        await self._note(account, "conversation.passed_on", request_id, aim)

    async def flag(self, account: Account, request_id: RequestId, kind: Incivility) -> None:
        """Flag the person. Raises BadInput where nobody knows who it is."""
        await self._incivilities.flag(request_id, agent_of(account), kind)
        await self._note(account, "incivility.flagged", request_id, {"kind": kind.value})

    async def end_call(self, account: Account, request_id: RequestId, kind: Incivility) -> None:
        """End a conversation with a warning. Raises Conflict where they do not talk."""
        await self._incivilities.end_call(request_id, agent_of(account), kind)
        await self._note(account, "incivility.ended", request_id, {"kind": kind.value})

    async def _note(self, account: Account, action: str, request_id: RequestId, detail: dict[str, str]) -> None:
        async with self._begin() as unit:
            await unit.audit.note(Entry(self._clock.now(), account.actor, action, f"request:{request_id}", detail))
