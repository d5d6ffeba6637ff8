"""Writing a conversation up, inside a transaction: it begins by itself, and ends with its time or as the agent says.

Whatever ends it, the attempt keeps when: handling time is the conversation and this.
"""

from datetime import datetime, timedelta

from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.lifecycle import Cause
from guichet.callbacks.ports import Unit
from guichet.callbacks.request import Attempt, Request
from guichet.core.jobs import ReconcileAttempt
from guichet.routing.agent import Agent, Presence
from guichet.routing.presence import About, changed
from guichet.routing.rule_book import RuleBook

SLACK = timedelta(seconds=5)
"""The clocks of two machines may differ so much."""


async def begin_wrap_up(unit: Unit, attempt: Attempt, request: Request, book: RuleBook, now: datetime) -> None:
    """Let the agent of an attempt that has just ended write it up, for as long as the rules say."""
    until = now + book.wrap_up(request.queue)
    about = About(until=until, attempt=attempt.id)
    if not await unit.agents.change(attempt.agent, Presence.BUSY, Presence.WRAP_UP, now, about):
        return
    if until > now:
        await look_again(unit, attempt, until)
    else:
        await free_again(unit, await unit.agents.lock(attempt.agent), Cause("system", now))


async def wrapped_up(unit: Unit, attempt: Attempt, now: datetime) -> None:
    """Make the agent of an ended attempt available again, if their time to write up, or to rest, is over.

    Else this is looked at again; where the clock has gone back since, nobody waits for it to catch up.
    """
    agent = await unit.agents.lock(attempt.agent)
    if agent.presence is not Presence.WRAP_UP or agent.attempt not in (None, attempt.id):
        return
    until = agent.until or now
    if agent.since - now <= SLACK and until - now > SLACK:
        await look_again(unit, attempt, until)
        return
    await free_again(unit, agent, Cause("system", now))


async def free_again(unit: Unit, agent: Agent, cause: Cause) -> bool:
    """Make an agent who writes up available, or what they had asked for; say whether they still wrote up."""
    return await leave(unit, agent, changed(agent, Presence.AVAILABLE, cause.at), cause)


async def leave(unit: Unit, before: Agent, after: Agent, cause: Cause) -> bool:
    """Write a change of presence made outside of calls; False where somebody else has changed it meanwhile."""
    if not await unit.agents.put(before, after):
        return False
    if before.presence is Presence.WRAP_UP and before.attempt and after.presence is not Presence.WRAP_UP:
        await unit.attempts.written_up(before.attempt, cause)
    if after.can_be_rung and not before.can_be_rung:
        await offer_next(unit, f"{before.id}:free:{cause.at.timestamp():.3f}")
    return True


async def look_again(unit: Unit, attempt: Attempt, at: datetime) -> None:
    """Have an agent who writes up looked after at a moment."""
    key = f"watch:{attempt.id}:{at.timestamp():.0f}"
    await unit.jobs.put(ReconcileAttempt(attempt.id), key=key, not_before=at)
