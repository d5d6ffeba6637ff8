"""A text comes in: understood off the loop, then kept, decided and answered in one transaction. One reply at most."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from guichet.callbacks.request import Request, RequestKind
from guichet.callbacks.zones import home_of
from guichet.carrier.events import IncomingMessage, MessageProgress
from guichet.citizens.citizen import Certainty, Evidence
from guichet.citizens.contact import Channel, Contact
from guichet.core.again import again_on_conflict
from guichet.core.errors import Conflict
from guichet.core.ids import ContactId, MessageId, new_id
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.decision import Outcome
from guichet.routing.decision_file import with_urgent
from guichet.routing.intent import DANGER, IntentMatch
from guichet.routing.unclear import Unclear
from guichet.routing.urgent import Urgent
from guichet.routing.urgent import as_one as urgent_as_one
from guichet.sms.acting import Acting
from guichet.sms.acts import AskAgain, AskWhich, Matter
from guichet.sms.calls_back import said_of_calls
from guichet.sms.case import Case, Done
from guichet.sms.changing import open_of
from guichet.sms.composing import Addressee, compose
from guichet.sms.consent import Purpose
from guichet.sms.conversation import step
from guichet.sms.delivery import at_carrier
from guichet.sms.flooding import bounded
from guichet.sms.gathering import GATHER, Row, as_one, row_of, stands_alone
from guichet.sms.helpers import Helpers
from guichet.sms.keywords import without_reference
from guichet.sms.lately import SESSION, before
from guichet.sms.message import DeliveryState, Direction, Message
from guichet.sms.ports import Begin, Tools, Unit
from guichet.sms.states import awaits_reply
from guichet.sms.store import News
from guichet.sms.survey import ANSWERED_WITHIN
from guichet.sms.talk import Incoming, Talk
from guichet.sms.undelivered import take_in
from guichet.sms.understood import Understood, Whole
from guichet.transcripts.heard import Heard
from guichet.transcripts.redact import without_labels
from guichet.transcripts.spoken.when import is_soon, when

log = structlog.get_logger()


class SmsService:
    """Serves people who write."""

    def __init__(self, begin: Begin, tools: Tools) -> None:
        self._begin = begin
        self._tools = tools
        self._acting = Acting(tools)
        self._helpers = Helpers(tools)

    @again_on_conflict
    async def receive(self, incoming: IncomingMessage) -> None:
        """Take a text in; a repeated webhook changes nothing. The answer goes by the outbox."""
        if incoming.sender is None:
            log.info("text without a number", message=incoming.message)
            return
        understood = await self._understand(incoming, incoming.sender)
        async with self._begin() as unit:
            await self._serve(unit, understood)

    @again_on_conflict
    async def progress(self, message_id: MessageId, progress: MessageProgress) -> None:
        """Take a delivery callback in."""
        news = News(at_carrier(progress.state), progress.message, progress.error)
        async with self._begin() as unit:
            changed = await unit.messages.tell(message_id, news)
            if changed:
                await take_in(unit, message_id, self._tools.book(), self._tools.clock.now())
        if changed:
            log.info("text progressed", message=message_id, state=news.state.value, error=news.error)

    async def _understand(self, incoming: IncomingMessage, sender: PhoneNumber) -> Understood:
        tools, body = self._tools, incoming.body
        match, nearest = await self._matched(body)
        identification = await tools.identify(Evidence(phone=sender))
        async with self._begin() as unit:
            row, text = await self._row(unit, incoming, sender)
            known = await self._open(unit, incoming, sender)
        helping = Talk.from_json(known.file.get("sms", {})).helping if known else None
        answer = await self._helpers.answer(sender, body, helping)
        whole = Whole(text, *await self._matched(text)) if row and row.question else None
        language = tools.tell_language(body)
        return Understood(
            incoming, sender, match, nearest, language, identification, row, whole, helping, answer.help, answer.proof
        )

    async def _matched(self, text: str) -> tuple[IntentMatch, str | None]:
        """Match a text, off the loop."""
        match = await asyncio.to_thread(self._tools.match, (text,))
        return match, None if match.intent else await asyncio.to_thread(self._tools.nearest, text)

    async def _row(self, unit: Unit, incoming: IncomingMessage, sender: PhoneNumber) -> tuple[Row | None, str]:
        """Return the row that a text continues, and all of it as one."""
        last = await unit.messages.last_from(sender, incoming.line)
        known = await unit.contacts.get(last.contact) if last and last.contact else None
        row = row_of(known.file, last.created_at, self._tools.clock.now()) if known and last else None
        if row is None or known is None:
            return None, incoming.body
        written = await unit.messages.of_contact(known.id)
        return row, without_labels(as_one(row, written, incoming.body))

    async def _serve(self, unit: Unit, understood: Understood) -> None:
        row, _ = await self._row(unit, understood.incoming, understood.sender)
        if row != understood.row:
            raise Conflict("another text has come meanwhile")
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
        if contact.outcome:
            log.info("text adds to the last", contact=contact.id)
            return
        consent = await unit.consents.current(understood.sender, Purpose.REQUESTS)
        opted_out = consent is not None and not consent.granted
        waiting = await open_of(unit, understood.sender, contact.citizen)
        seen = self._seen(understood, contact.language, waiting, opted_out=opted_out)
        last = await before(unit, understood.incoming, understood.sender, self._tools.clock.now())
        told, lately = last.told(waiting), await last.understood(unit)
        seen = replace(seen, told=told, lately=lately, surveyed=await self._is_surveyed(unit, understood))
        talk, row, seen = await self._in_row(unit, understood, contact, message, seen)
        talk, act = step(talk, seen)
        if seen.match.intent is None and not understood.helping and isinstance(act, AskWhich | AskAgain | Matter):
            await self._unclear(unit, contact, turn, message)
        case = Case(contact, message, seen.match, understood.proof or understood.identification)
        done = await self._acting.act(unit, case, act)
        await self._finish(unit, case, talk, done, row)

    async def _in_row(
        self, unit: Unit, understood: Understood, contact: Contact, message: Message, seen: Incoming
    ) -> tuple[Talk, Row, Incoming]:
        """Return what is remembered, the row, and the message as it reads with those that it follows at once."""
        talk = Talk.from_json(contact.file.get("sms", {}))
        if talk.helping != understood.helping:
            raise Conflict("another text has answered meanwhile")
        row = Row(talk, message.created_at)
        if understood.row and await self._withdrawn(unit, understood.row) and understood.whole:
            talk, row = understood.row.talk, understood.row
            if not stands_alone(seen.text, seen.match, seen.calls):
                whole = understood.whole
                seen = replace(seen, text=whole.text, match=whole.match, nearest=whole.nearest)
        return talk, row, seen

    async def _unclear(self, unit: Unit, contact: Contact, turn: int, message: Message) -> None:
        """Keep what was not understood."""
        now = self._tools.clock.now()
        await unit.unclear.add(Unclear(contact.id, turn, Channel.SMS.value, contact.language, now, message.body))

    async def _open(self, unit: Unit, incoming: IncomingMessage, sender: PhoneNumber) -> Contact | None:
        """Return the conversation that a text goes on in: one of whose questions is open."""
        last = await unit.messages.last_from(sender, incoming.line)
        known = await unit.contacts.get(last.contact) if last and last.contact else None
        is_open = last and known and not known.outcome and self._tools.clock.now() - last.created_at < SESSION
        return known if is_open else None

    async def _is_surveyed(self, unit: Unit, understood: Understood) -> bool:
        """Whether they were asked how they were served, and have not said."""
        since = self._tools.clock.now() - ANSWERED_WITHIN
        return await unit.surveys.unanswered(understood.sender, understood.incoming.line, since) is not None

    async def _withdrawn(self, unit: Unit, row: Row) -> bool:
        """Take back the question of a row, if it has not gone."""
        question = await unit.messages.by_key(row.question) if row.question else None
        return question is not None and await unit.messages.tell(question.id, News(DeliveryState.WITHDRAWN))

    async def _conversation(self, unit: Unit, understood: Understood) -> tuple[Contact, bool]:
        """Return the conversation whose question is open, or begin one."""
        now, incoming = self._tools.clock.now(), understood.incoming
        last = await unit.messages.last_from(understood.sender, incoming.line)
        known = await unit.contacts.get(last.contact) if last and last.contact else None
        language = understood.spoken or (known.language if known else self._line_language(incoming.line))
        if known and await self._open(unit, incoming, understood.sender):
            return known.evolve(language=language), False
        if known and self._only_adds(understood, known):
            return known, False
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

    def _only_adds(self, understood: Understood, known: Contact) -> bool:
        """Whether a text that comes right after one that was understood says no more than that one."""
        row, match = understood.row, understood.match
        if row is None or row.question or match.intent or known.intent in (None, DANGER) or understood.obeyed:
            return False
        seen = self._seen(understood, known.language, (), opted_out=False)
        return not stands_alone(seen.text, match, seen.calls)

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
            help=understood.help,
            asked=next((one.reference for one in waiting if awaits_reply(one, self._tools.clock.now())), None),
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

    async def _finish(self, unit: Unit, case: Case, talk: Talk, done: Done, row: Row) -> None:
        """Write the reply and the contact's file; a question is held back for what may follow at once."""
        now, contact, request = self._tools.clock.now(), case.contact, done.request
        rules = self._tools.book().texts
        done = replace(done, reply=await bounded(unit, case, done, rules.flood, now))
        urgent = self._urgent(contact, done)
        if done.reply is not None:
            number, about = case.message.number, request.id if request else None
            first = done.outcome == Outcome.EMERGENCY.value
            to = Addressee(number, contact.line, contact.language, contact.id, about, rules, first)
            told = urgent_as_one(urgent)
            reply = f"{done.reply} {told.to(contact.language)}" if told else done.reply
            own = f"reply:{case.message.id}"
            # A slot that they have had before was confirmed before; it is answered all the same.
            later = now + GATHER if done.waits else None
            if not await compose(unit, to, reply, done.key or own, now, not_before=later):
                await compose(unit, to, reply, own, now)
            row = replace(row, question=own if done.waits else None)
        talked = {"sms": (done.talk or talk).to_json(), "sms_row": row.to_json()}
        file = {**contact.file, **case.file(), **done.file, **talked}
        await unit.contacts.save(
            contact.evolve(
                outcome=done.outcome,
                ended_at=now if done.outcome else None,
                intent=done.intent or contact.intent,
                request=request.id if request else contact.request,
                citizen=done.citizen or contact.citizen,
                file=with_urgent(file, [one.id for one in urgent]),
            )
        )
        log.info("text served", contact=contact.id, outcome=done.outcome or "asked back")

    def _urgent(self, contact: Contact, done: Done) -> tuple[Urgent, ...]:
        """Return the urgent messages to be written with a reply: once in a conversation, and not to a farewell."""
        if done.reply is None or done.outcome in {"opt_out", "opt_in"}:
            return ()
        written = contact.file.get("urgent", ())
        return tuple(one for one in self._tools.urgent(contact.line) if one.id not in written)
