"""A call that its caller gives up: it reminds us of an open request, or opens a callback, as the rule book says.

Inside the transaction in which the call ends. What is asked for in such a call is known as far as it went: the matter,
and perhaps who called. Nobody is called back who has not said what they want.
"""

from datetime import datetime

from guichet.callbacks.request import Demand, Request, RequestKind
from guichet.callbacks.service import find_open, open_request, remind
from guichet.citizens.contact import Channel, Contact
from guichet.ivr.ports import Unit
from guichet.ivr.record import CallRecord
from guichet.routing.decide import decide
from guichet.routing.decision import Facts
from guichet.routing.intent import DANGER
from guichet.routing.rule_book import RuleBook

ABANDONED = "abandoned"


async def given_up(unit: Unit, record: CallRecord, contact: Contact, book: RuleBook, now: datetime) -> Request | None:
    """Return the request that a call which was given up belongs to, if the rules give it one."""
    state, rules = record.state, book.following.abandoned
    if contact.request is not None or state.intent == DANGER:
        return None
    known = await find_open(unit, state.about, record.caller, state.intent)
    if known is not None:
        if not rules.joins:
            return None
        await remind(unit, known, contact.id, book.following.reminders, now)
        return known
    if state.number is None or state.intent is None or not rules.may_open(state.intent):
        return None
    demand = _demand(record, contact, book, now)
    return (await open_request(unit, demand, now, book.following.reminders)).request


def _demand(record: CallRecord, contact: Contact, book: RuleBook, now: datetime) -> Demand:
    """Ask for the callback that the rules give to the matter, whatever else they would have made of the call."""
    state = record.state
    facts = Facts(
        line=record.line,
        channel=Channel.VOICE.value,
        language=state.language,
        now=now,
        intent=state.intent,
        certainty=state.certainty or "unknown",
        wants_agent=True,
        caller_known=bool(state.candidates),
    )
    decision = state.decision or decide(book, facts)
    return Demand(
        contact=contact.id,
        channel=Channel.VOICE.value,
        kind=RequestKind.CALLBACK,
        citizen=state.about,
        number=state.number,
        line=record.line,
        language=state.language,
        intent=state.intent or "",
        queue=decision.queue,
        target_at=decision.target_at or now,
        priority=decision.priority,
        relayed=state.relayed,
    )
