"""Agents who do not answer, inside a transaction: counted, in the end set away, and told so.

They are told at their desk, where the reason of their presence is shown, and by text where their telephone takes texts.
"""

import structlog

from guichet.callbacks.lifecycle import Cause
from guichet.callbacks.ports import Unit
from guichet.callbacks.request import Attempt
from guichet.core.jobs import TextAgent
from guichet.routing.agent import Presence
from guichet.routing.rule_book import RuleBook

ABSENT = "absent"
"""The text for whoever was set away (`sms.agent_letters`)."""

log = structlog.get_logger()


async def miss(unit: Unit, attempt: Attempt, cause: Cause, book: RuleBook) -> None:
    """Take in that an agent has left a call unanswered."""
    after = await unit.agents.missed(attempt.agent, cause.at, book.agents.unanswered)
    if after is Presence.AWAY:
        log.info("agent set away", agent=attempt.agent, reason=cause.reason)
        await tell(unit, attempt, book)


async def tell(unit: Unit, attempt: Attempt, book: RuleBook) -> None:
    """Have an agent told that they were set away."""
    if book.agents.text_absent:
        await unit.jobs.put(TextAgent(attempt.agent, ABSENT), key=f"{ABSENT}:{attempt.id}")
