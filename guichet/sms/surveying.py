"""Asking whoever was served, by text and once in a period: the job that asks, and the answer's transaction."""

from datetime import datetime, timedelta

import structlog

from guichet.callbacks.request import Request, RequestState
from guichet.callbacks.windows import quiet_until
from guichet.citizens.contact import Contact
from guichet.core.ids import ContactId, MessageId, RequestId, new_id
from guichet.core.jobs import AskSatisfaction
from guichet.core.phone import PhoneNumber
from guichet.routing.decision import Outcome
from guichet.routing.intent import DANGER
from guichet.sms import replies
from guichet.sms.composing import Addressee, compose
from guichet.sms.consent import Purpose, may_ask
from guichet.sms.ports import Begin, Tools, Unit
from guichet.sms.survey import QUESTION, Survey

log = structlog.get_logger()


async def plan(unit: Unit, request: Request, tools: Tools) -> None:
    """Have the citizen of a request that is done asked how they were served, if the rules say so; once."""
    contact = await unit.contacts.get(request.contact)
    survey = tools.book().texts.survey
    if contact is not None and survey.includes(contact.channel.value, request.queue, request.intent):
        at = request.changed_at + timedelta(minutes=survey.after_minutes)
        await unit.jobs.put(AskSatisfaction(request.id), key=f"survey:{request.id}", not_before=at)


class Surveying:
    """Asks."""

    def __init__(self, begin: Begin, tools: Tools) -> None:
        self._begin = begin
        self._tools = tools

    async def ask(self, request_id: RequestId) -> None:
        """Run the job AskSatisfaction: once a request and period; never after an emergency, nor who wants no texts."""
        now = self._tools.clock.now()
        async with self._begin() as unit:
            request = await unit.requests.get(request_id)
            contact = await unit.contacts.get(request.contact) if request else None
            number = request.number if request else None
            if request is None or contact is None or number is None or not number.can_receive_texts:
                return
            why_not = await self._why_not(unit, request, contact, number, now)
            if why_not:
                log.info("nobody asked", request=request_id, because=why_not)
                return
            later = quiet_until(self._tools.book(), number, now)
            if later is not None:
                key = f"survey:{request_id}:at:{later.timestamp():.0f}"
                await unit.jobs.put(AskSatisfaction(request_id), key=key, not_before=later)
                return
            await self._ask(unit, request, contact, number, now)

    async def _why_not(self, unit: Unit, request: Request, contact: Contact, number: PhoneNumber, now: datetime) -> str:
        """Say why somebody is not asked; empty: they may be."""
        rules = self._tools.book().texts.survey
        if request.state is not RequestState.DONE:
            return "not served"
        if not rules.includes(contact.channel.value, request.queue, request.intent):
            return "the rules"
        if await _was_emergency(unit, request):
            return "an emergency"
        consents = [await unit.consents.current(number, purpose) for purpose in (Purpose.REQUESTS, Purpose.SURVEY)]
        if not may_ask(*consents):
            return "no texts wanted"
        if await unit.surveys.asked_since(number, request.citizen, now - timedelta(days=rules.days)):
            return "asked lately"
        return ""

    async def _ask(self, unit: Unit, request: Request, contact: Contact, number: PhoneNumber, now: datetime) -> None:
        to = Addressee(number, request.line, request.language, request.contact, request.id, self._tools.book().texts)
        body = replies.about(QUESTION, request.language, request, self._tools.title(request.intent))
        # Two requests of one person that end at once have one key: the second finds the first's.
        day = now.date().isoformat()
        key = f"survey:{request.citizen or number.e164}:{day}"
        if not await compose(unit, to, body, key, now):
            return
        sent = await unit.messages.by_key(key)
        survey = Survey(
            id=new_id("sur"),
            number=number,
            citizen=request.citizen,
            request=request.id,
            contact=ContactId(contact.id),
            line=request.line,
            channel=contact.channel.value,
            intent=request.intent,
            queue=request.queue,
            language=request.language,
            message=MessageId(sent.id if sent else ""),
            asked_at=now,
        )
        await unit.surveys.add(survey)
        log.info("satisfaction asked", request=request.id, survey=survey.id)


async def _was_emergency(unit: Unit, request: Request) -> bool:
    """Whether a danger was spoken of in any contact about a request."""
    if request.intent == DANGER:
        return True
    for contact_id in await unit.requests.contacts_of(request.id):
        contact = await unit.contacts.get(contact_id)
        if contact is not None and (contact.intent == DANGER or contact.outcome == Outcome.EMERGENCY.value):
            return True
    return False
