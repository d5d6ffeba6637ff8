"""A flood from one number is slowed, not dropped: all of it is kept and read; we answer so often, then say so once."""

from datetime import datetime, timedelta

from guichet.routing.decision import Outcome
from guichet.routing.texting import Flood
from guichet.sms.case import Case, Done
from guichet.sms.ports import Unit
from guichet.sms.replies import SLOWED

_ALWAYS = frozenset({"opt_out", "opt_in"})
"""Outcomes that are confirmed whatever happens: each is confirmed once anyway."""
_EMERGENCIES = 3
"""Emergency numbers are given so many times as often as other answers."""


async def bounded(unit: Unit, case: Case, done: Done, rules: Flood, now: datetime) -> str | None:
    """Return what is answered to a number: the reply, or once that we answer no more for a while, or nothing."""
    if done.reply is None or done.outcome in _ALWAYS:
        return done.reply
    since = now - timedelta(minutes=rules.minutes)
    count = await unit.messages.answers_since(case.message.number, case.contact.line, since)
    if count < rules.answers:
        return done.reply
    if done.outcome == Outcome.EMERGENCY.value and count < rules.answers * _EMERGENCIES:
        return done.reply
    return SLOWED.to(case.contact.language) if count == rules.answers else None
