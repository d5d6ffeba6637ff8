"""A text comes in: understood off the loop, then kept, decided and answered in one transaction. One reply at most."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from guichet.callbacks.request import Request, RequestKind
from guichet.callbacks.zones import home_of
from guichet.carrier.events import IncomingMessage, MessageProgress
from guichet.citizens.citizen import Certainty, Evidence, Identification
from guichet.citizens.contact import Channel, Contact
from guichet.core.again import again_on_conflict
from guichet.core.ids import ContactId, MessageId, new_id
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.intent import DANGER, IntentMatch
from guichet.sms.acting import Acting
from guichet.sms.calls_back import said_of_calls
from guichet.sms.case import Case, Done
from guichet.sms.changing import open_of
from guichet.sms.composing import Addressee, compose
from guichet.sms.consent import Purpose
from guichet.sms.conversation import Incoming, Talk, step
from guichet.sms.delivery import at_carrier
from guichet.sms.keywords import Command, obeyed_by_carrier, without_reference
from guichet.sms.message import DeliveryState, Direction, Message
from guichet.sms.ports import Begin, Tools, Unit
from guichet.sms.store import News
from guichet.transcripts.heard import Heard
from guichet.transcripts.spoken.when import is_soon, when

SESSION = timedelta(hours=2)
"""How long a question of ours stays open."""
_OBEYED = {"STOP": Command.STOP, "START": Command.START, "HELP": Command.HELP}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Understood:
    """A citizen's text and what could be made of it before anything is written."""

    incoming: IncomingMessage
    sender: PhoneNumber
    match: IntentMatch
    nearest: str | None
    spoken: Language | None
    identification: Identification

    @property
    def names(self) -> tuple[str, ...]:
        """The names on record of those who may have written."""
        people = [candidate.citizen for candidate in self.identification.candidates]
        return tuple(f"{person.given_names} {person.birth_name} {person.usual_name}".strip() for person in people)

    @property
    def obeyed(self) -> Command | None:
        """The command that the carrier has obeyed itself."""
        return _OBEYED.get(self.incoming.opt_out or "") or obeyed_by_carrier(self.incoming.body)


class SmsService:
    """Serves people who write."""

    def __init__(self, begin: Begin, tools: Tools) -> None:
        self._begin = begin
        self._tools = tools
        self._acting = Acting(tools)

    @again_on_conflict
    async def receive(self, incoming: IncomingMessage) -> None:
        """Take a text in; a repeated webhook changes nothing. The answer goes by the outbox."""
        if incoming.sender is None:
            log.info("text without a number", message=incoming.message)
            return
        understood = await self._understand(incoming, incoming.sender)
        async with self._begin() as unit:
            await self._serve(unit, understood)

    async def progress(self, message_id: MessageId, progress: MessageProgress) -> None:
        """Take a delivery callback in."""
        news = News(at_carrier(progress.state), progress.message, progress.error)
        async with self._begin() as unit:
            changed = await unit.messages.tell(message_id, news)
        if changed:
            log.info("text progressed", message=message_id, state=news.state.value, error=news.error)

    async def _understand(self, incoming: IncomingMessage, sender: PhoneNumber) -> Understood:
        tools, body = self._tools, incoming.body
        match = await asyncio.to_thread(tools.match, (body,))
        nearest = None if match.intent else await asyncio.to_thread(tools.nearest, body)
        identification = await tools.identify(Evidence(phone=sender))
        return Understood(incoming, sender, match, nearest, tools.tell_language(body), identification)

    async def _serve(self, unit: Unit, understood: Understood) -> None:
        contact, is_new = await self._conversation(unit, understood)
        message = self._kept(understood, contact)
        if not await unit.messages.receive(message):
            log.info("text repeated", message=understood.incoming.message)
            return
        if is_new:
            await unit.contacts.add(contact)
        heard = Heard(contact.language, message.body)
        turn = len(await unit.messages.of_contact(contact.id))
        await unit.transcripts.add(contact.id, turn, Channel.SMS.value, heard)
        consent = await unit.consents.current(understood.sender, Purpose.REQUESTS)
        opted_out = consent is not None and not consent.granted
        waiting = await open_of(unit, understood.sender, contact.citizen)
        seen = self._seen(understood, contact.language, waiting, opted_out=opted_out)
        talk, act = step(Talk.from_json(contact.file.get("sms", {})), seen)
        case = Case(contact, message, understood.match, understood.identification)
        done = await self._acting.act(unit, case, act)
        await self._finish(unit, case, talk, done)

    async def _conversation(self, unit: Unit, understood: Understood) -> tuple[Contact, bool]:
        """Return the conversation whose question is open, or begin one."""
        now, incoming = self._tools.clock.now(), understood.incoming
        last = await unit.messages.last_from(understood.sender, incoming.line)
        known = await unit.contacts.get(last.contact) if last and last.contact else None
        language = understood.spoken or (known.language if known else self._line_language(incoming.line))
        if last and known and not known.outcome and now - last.created_at < SESSION:
            return known.evolve(language=language), False
        best = understood.identification.best
        sure = best is not None and understood.identification.certainty is Certainty.SURE
        contact = Contact(
            id=ContactId(new_id("con")),
            channel=Channel.SMS,
            carrier_id=incoming.message,
            line=incoming.line,
            caller=understood.sender,
            language=language,
            started_at=now,
            citizen=best.citizen.id if best and sure else None,
        )
        return contact, True

    def _seen(
        self, understood: Understood, language: Language, waiting: Sequence[Request], *, opted_out: bool
    ) -> Incoming:
        """Return the message as the conversation sees it."""
        body, sender = understood.incoming.body, understood.sender
        home = home_of(sender, self._tools.book().calendar)
        words = without_reference(body)
        wish = when(words, language, self._tools.clock.now().astimezone(home.zone))
        said = said_of_calls(body, wish, sender, soon=is_soon(words, language))
        return Incoming(
            body,
            understood.match,
            understood.nearest,
            understood.obeyed,
            opted_out,
            waits_for=frozenset(request.intent for request in waiting if request.intent != DANGER),
            calls=said,
            awaits_call=any(request.kind is RequestKind.CALLBACK for request in waiting),
        )

    def _kept(self, understood: Understood, contact: Contact) -> Message:
        """Return the citizen's text as it is kept: what is personal is masked before the first write."""
        incoming = understood.incoming
        return Message(
            id=MessageId(new_id("msg")),
            direction=Direction.IN,
            number=understood.sender,
            line=incoming.line,
            body=self._tools.mask(incoming.body, contact.language, understood.names),
            language=contact.language,
            state=DeliveryState.RECEIVED,
            created_at=self._tools.clock.now(),
            key=f"in:{incoming.message}",
            carrier_id=incoming.message,
            contact=contact.id,
        )

    def _line_language(self, line: PhoneNumber) -> Language:
        known = self._tools.book().line(line)
        return known.language if known else Language.FR

    async def _finish(self, unit: Unit, case: Case, talk: Talk, done: Done) -> None:
        """Write the reply and the contact's file."""
        now, contact, request = self._tools.clock.now(), case.contact, done.request
        if done.reply is not None:
            to = Addressee(
                case.message.number, contact.line, contact.language, contact.id, request.id if request else None
            )
            own = f"reply:{case.message.id}"
            # A slot that they have had before was confirmed before; it is answered all the same.
            if not await compose(unit, to, done.reply, done.key or own, now):
                await compose(unit, to, done.reply, own, now)
        await unit.contacts.save(
            contact.evolve(
                outcome=done.outcome,
                ended_at=now if done.outcome else None,
                intent=done.intent or contact.intent,
                request=request.id if request else contact.request,
                file={**contact.file, **case.file(), **done.file, "sms": (done.talk or talk).to_json()},
            )
        )
        log.info("text served", contact=contact.id, outcome=done.outcome or "asked back")
