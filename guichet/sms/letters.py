"""Texts that jobs ask for: the confirmation of a request, and those to the person of a contact. Each goes once."""

import structlog

from guichet.callbacks.booking import promised
from guichet.callbacks.legs import BY_PHONE
from guichet.callbacks.lifecycle import Cause
from guichet.callbacks.never import answer_in_writing, is_never_called
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.taking import ANSWERED
from guichet.callbacks.windows import home_calendar, quiet_until
from guichet.citizens.contact import Contact
from guichet.core.again import again_on_conflict
from guichet.core.errors import BadInput
from guichet.core.ids import ContactId, RequestId
from guichet.core.jobs import TextRequest
from guichet.core.phone import PhoneNumber
from guichet.routing.decide import decide
from guichet.routing.decision import Facts
from guichet.sms import replies
from guichet.sms.changing import slot_key
from guichet.sms.composing import Addressee, compose, is_welcome
from guichet.sms.message import DeliveryState, Direction
from guichet.sms.ports import Begin, Tools, Unit
from guichet.sms.slot_replies import slot_time
from guichet.sms.surveying import plan

TEMPLATES = ("emergency", "answer")
CAN_WAIT = frozenset({"unreached", "by_text", "served"})
"""Texts about a request that answer nothing the citizen has just said: they go at a decent hour of theirs."""

_UNREAD = frozenset({DeliveryState.WITHDRAWN, DeliveryState.REFUSED, DeliveryState.FAILED, DeliveryState.UNDELIVERED})

log = structlog.get_logger()


class Letters:
    """Composes texts; what may not be written to somebody is not."""

    def __init__(self, begin: Begin, tools: Tools) -> None:
        self._begin = begin
        self._tools = tools

    @again_on_conflict
    async def confirm_request(self, request_id: RequestId) -> None:
        """Run the job ConfirmRequest: once a request, never after STOP, only to a number that can receive texts."""
        async with self._begin() as unit:
            request = await unit.requests.get(request_id)
            if request is None or not request.state.is_open or request.kind is RequestKind.HOLD:
                return
            if request.kind is RequestKind.CALLBACK and await is_never_called(unit, request):
                # No call is promised to whom none will be made: another text says that they are answered in writing.
                await answer_in_writing(unit, request, Cause("system", self._tools.clock.now(), "never to be called"))
                return
            number = request.number
            if number is None or not number.can_receive_texts or not await is_welcome(unit, number, request.line):
                log.info("request not confirmed by text", request=request_id)
                return
            to = self._about(request, number)
            now, title = self._tools.clock.now(), self._tools.title(request.intent)
            slot = promised(request)
            if slot is None:
                body = replies.confirmation(request, request.language, title)
            else:
                told = slot_time(slot, now, home_calendar(self._tools.book(), request).zone)
                body = replies.about_call(replies.MOVED, request.language, request, title, when=told)
            await compose(unit, to, body, slot_key(request) if slot else f"confirm:{request_id}", now)

    async def text_request(self, request_id: RequestId, template: str) -> None:
        """Run the job TextRequest: once a request and template. Raises BadInput for a template that does not exist."""
        wording = replies.ABOUT_REQUEST.get(template)
        if wording is None:
            raise BadInput(f"there is no template '{template}'; there are {', '.join(replies.ABOUT_REQUEST)}")
        now = self._tools.clock.now()
        async with self._begin() as unit:
            request = await unit.requests.get(request_id)
            if request is None or not _still_true(request, template):
                return
            if template == "served":
                await plan(unit, request, self._tools)
                if not await _ends_a_promise(unit, request):
                    return
            number = request.number
            if number is None or not number.can_receive_texts or not await is_welcome(unit, number, request.line):
                log.info("request not written about", request=request_id, template=template)
                return
            later = quiet_until(self._tools.book(), number, now) if template in CAN_WAIT else None
            if later is not None:
                key = f"{template}:{request_id}:at:{later.timestamp():.0f}"
                await unit.jobs.put(TextRequest(request_id, template), key=key, not_before=later)
                return
            to = self._about(request, number)
            body = replies.about(wording, request.language, request, self._tools.title(request.intent))
            time = f":{request.warned_at.timestamp():.0f}" if template == "warning" and request.warned_at else ""
            await compose(unit, to, body, f"{template}:{request_id}{time}", now)

    async def text_contact(self, contact_id: ContactId, template: str) -> None:
        """Run the job TextContact. Raises BadInput for a template that does not exist."""
        if template not in TEMPLATES:
            raise BadInput(f"there is no template '{template}'; there are {', '.join(TEMPLATES)}")
        async with self._begin() as unit:
            contact = await unit.contacts.get(contact_id)
            number = contact.caller if contact else None
            if contact is None or number is None or not number.can_receive_texts:
                return
            body = self._emergency(contact) if template == "emergency" else self._answer(contact)
            if body is None or not await is_welcome(unit, number, contact.line):
                log.info("contact not written to", contact=contact_id, template=template)
                return
            to = Addressee(
                number, contact.line, contact.language, contact.id, contact.request, self._tools.book().texts
            )
            await compose(unit, to, body, f"text:{template}:{contact_id}", self._tools.clock.now())

    def _about(self, request: Request, number: PhoneNumber) -> Addressee:
        return Addressee(number, request.line, request.language, request.contact, request.id, self._tools.book().texts)

    def _emergency(self, contact: Contact) -> str:
        """Return the emergency numbers, in the rule book's words where it has some."""
        return (self._tools.book().messages.emergency or replies.EMERGENCY).to(contact.language)

    def _answer(self, contact: Contact) -> str | None:
        """Return what the rules answer to the contact's matter, as of its beginning; nothing of what is not written."""
        if self._tools.for_checked(contact.intent):
            return None
        facts = Facts(
            line=contact.line,
            channel=contact.channel.value,
            language=contact.language,
            now=contact.started_at,
            intent=contact.intent,
            certainty=str(contact.file.get("citizen", {}).get("certainty", "unknown")),
        )
        answer = decide(self._tools.book(), facts).answer
        return answer.to(contact.language) if answer else None


def _still_true(request: Request, template: str) -> bool:
    """Say whether what a text says is still so: jobs may run late."""
    if template == "served":
        return request.state is RequestState.DONE
    if template == "unreached":
        return request.state is RequestState.EXHAUSTED
    if template == "warning":
        return request.state.is_open and request.kind is RequestKind.CALLBACK
    return request.state.is_open and request.kind is RequestKind.TEXT


async def _ends_a_promise(unit: Unit, request: Request) -> bool:
    """Whether a text of ours has said that somebody would call or write, which nobody will do any more.

    Whoever has just been called back, or answered by text, knows.
    """
    events = await unit.requests.events_of(request.id)
    reason = events[-1].cause.reason if events else ""
    if reason == ANSWERED or (request.kind is RequestKind.CALLBACK and reason == BY_PHONE):
        return False
    sent = await unit.messages.of_request(request.id)
    return any(one.direction is Direction.OUT and one.state not in _UNREAD for one in sent)
