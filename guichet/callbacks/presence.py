"""What agents say of themselves, and supervisors of them: available, a pause with its reason, away, written up.

Calls change presence by themselves (`legs`). Whoever has somebody on the telephone gets what they ask for when they
are free.
"""

from datetime import datetime

import structlog

from guichet.callbacks.lifecycle import Cause
from guichet.callbacks.ports import Begin, BookInForce, RingingUnit
from guichet.callbacks.wrapping_up import free_again, leave, look_again
from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Conflict
from guichet.core.ids import AgentId
from guichet.routing.agent import Agent, Presence
from guichet.routing.presence import NOT_AT_WORK, lengthened, said
from guichet.routing.rule_book import RuleBook

MOST_LETTERS = 100

log = structlog.get_logger()


class Presences:
    """Changes presence. `by` is who says so: an agent's id, or a supervisor's name; kept with what was written up."""

    def __init__(self, begin: Begin, read: Begin, clock: Clock, book: BookInForce) -> None:
        self._begin = begin
        self._read = read
        self._clock = clock
        self._book = book

    @again_on_conflict
    async def say(self, agent_id: AgentId, wanted: Presence, reason: str = "", by: str = "") -> Agent:
        """Take in that an agent is available, pauses or leaves; return them as they are now.

        A pause has a reason of the rule book, named in either language. With somebody on the telephone it is kept for
        afterwards (`afterwards`). Raises NotFound, and BadInput for a reason the book does not have.
        """
        if wanted is not Presence.AVAILABLE and wanted not in NOT_AT_WORK:
            raise BadInput("an agent says that they are available, pause, or are away; the rest comes with calls")
        why = _reason(self._book(), wanted, reason)
        now = self._clock.now()
        async with self._begin() as unit:
            agent = await unit.agents.lock(agent_id)
            after = said(agent, wanted, why, now)
            await _left(unit, agent, after, Cause(by or agent_id, now, why))
        log.info("presence said", agent=agent_id, presence=after.presence.value, afterwards=after.afterwards)
        return after

    @again_on_conflict
    async def end_wrap_up(self, agent_id: AgentId, by: str = "") -> Agent:
        """Take in that an agent has written up, before the time is over. Raises Conflict where they do not write up."""
        now = self._clock.now()
        async with self._begin() as unit:
            agent = await unit.agents.lock(agent_id)
            if agent.presence is not Presence.WRAP_UP:
                raise Conflict(f"{agent.name} is not writing up a conversation")
            if not await free_again(unit, agent, Cause(by or agent_id, now, "said so")):
                raise Conflict("their presence has changed meanwhile")
            return await unit.agents.get(agent_id)

    @again_on_conflict
    async def lengthen(self, agent_id: AgentId) -> Agent:
        """Give an agent more time to write up, once. Raises Conflict the second time, or where they do not write up."""
        now, extension = self._clock.now(), self._book().agents.extension
        if not extension:
            raise BadInput("the rule book gives no more time to write up (agents, extension)")
        async with self._begin() as unit:
            agent = await unit.agents.lock(agent_id)
            after = lengthened(agent, extension, now)
            if not await unit.agents.put(agent, after):
                raise Conflict("their presence has changed meanwhile")
            attempt = await unit.attempts.get(agent.attempt) if agent.attempt else None
            if attempt is not None and after.until is not None:
                await look_again(unit, attempt, after.until)
        return after

    async def end_overdue(self) -> int:
        """Make those available whose time to write up or to rest is over: the job that does it may be late.

        Returns how many there were.
        """
        now = self._clock.now()
        async with self._read() as unit:
            late = await unit.agents.overdue(now)
        for agent in late:
            await self._free(agent.id, now)
        return len(late)

    @again_on_conflict
    async def _free(self, agent_id: AgentId, now: datetime) -> None:
        async with self._begin() as unit:
            agent = await unit.agents.lock(agent_id)
            if agent.presence is Presence.WRAP_UP and agent.until is not None and agent.until <= now:
                await free_again(unit, agent, Cause("system", now))


async def _left(unit: RingingUnit, before: Agent, after: Agent, cause: Cause) -> None:
    if after is not before and not await leave(unit, before, after, cause):
        raise Conflict("their presence has changed meanwhile")


def _reason(book: RuleBook, wanted: Presence, named: str) -> str:
    """Return the reason as it is kept. Raises BadInput, with those that there are."""
    if wanted is not Presence.PAUSE:
        if len(named) > MOST_LETTERS:
            raise BadInput(f"a reason has at most {MOST_LETTERS} letters")
        return named.strip() if wanted is Presence.AWAY else ""
    known = book.agents.pause(named)
    if known is None:
        there_are = ", ".join(one.fr for one in book.agents.pauses)
        raise BadInput(f"a pause has a reason of the rule book: {there_are}")
    return known.fr
