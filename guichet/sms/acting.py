"""Does what a text asks for, inside its transaction, and says what to reply."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from guichet.callbacks.booking import promised
from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.request import Demand, Request, RequestKind, RequestState
from guichet.callbacks.service import close_request, open_request
from guichet.callbacks.waiting import position
from guichet.callbacks.windows import home_calendar
from guichet.citizens.contact import Channel
from guichet.core.errors import Conflict
from guichet.core.language import Bilingual, Language
from guichet.routing.decide import decide
from guichet.routing.decision import Decision, Facts, Grounds, Outcome
from guichet.routing.decision_file import of_decision, of_grounds
from guichet.routing.intent import AGENT, DANGER
from guichet.routing.measures import RATED
from guichet.sms import replies
from guichet.sms.acts import (
    Act,
    AskAgain,
    AskWhich,
    CancelRequest,
    ChangeNumber,
    Explain,
    Matter,
    MoveCallback,
    OptIn,
    OptOut,
    Rate,
    Reply,
    Silent,
    TakeBack,
    TellStatus,
)
from guichet.sms.case import Case, Done
from guichet.sms.changing import Changing
from guichet.sms.consent import Consent, Purpose
from guichet.sms.for_another import AskWho, Helping
from guichet.sms.ports import Tools, Unit
from guichet.sms.slot_replies import slot_time
from guichet.sms.states import awaits_reply
from guichet.sms.survey import ANSWERED_WITHIN, SATISFIED, THANKS, THANKS_AND_MORE
from guichet.sms.talk import Talk

_ANSWERED = frozenset({Outcome.ANSWER, Outcome.EMERGENCY})
REPLIED = "replied"
"""The outcome of a conversation in which somebody answers an agent's question."""
_SOON = timedelta(minutes=10)
"""A call that is nearer is said to wait its turn."""


class Acting:
    """Acts on what a text asks for; everything is undone if the transaction fails."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._changing = Changing(tools)

    async def act(self, unit: Unit, case: Case, act: Act) -> Done:
        """Do it, and return what to say."""
        match act:
            case OptOut() | OptIn():
                return await self._consent(unit, case, act)
            case TellStatus() | CancelRequest() | TakeBack():
                return await self._about_open(unit, case, act)
            case MoveCallback() | ChangeNumber():
                return await self._change(unit, case, act)
            case Rate() | Reply():
                return await self._hear(unit, case, act)
            case Matter():
                return await self._serve(unit, case, act)
            case _:
                return self._say(case.contact.language, act)

    def _say(self, language: Language, act: Silent | Explain | AskWhich | AskAgain | AskWho) -> Done:
        match act:
            case Silent():
                return Done("silent")
            case Explain():
                return Done("help", replies.HELP.to(language))
            case AskWhich(choices):
                first, second = (self._tools.title(intent) for intent in choices)
                return Done("", replies.which(first, second, language), waits=True)
            case AskAgain(is_danger_near):
                text = replies.IN_DANGER if is_danger_near else replies.AGAIN
                return Done("", text.to(language), waits=True)
            case AskWho(again):
                return Done("", (replies.WHO_AGAIN if again else replies.WHO_WRITES).to(language))
            case _:
                assert_never(act)

    async def _consent(self, unit: Unit, case: Case, act: OptOut | OptIn) -> Done:
        """Keep their word with its proof: no text at all after STOP; START allows texts about their requests."""
        granted = isinstance(act, OptIn)
        purposes = (Purpose.REQUESTS,) if granted else tuple(Purpose)
        for purpose in purposes:
            now, number = self._tools.clock.now(), case.message.number
            await unit.consents.add(Consent(number, purpose, granted, now, f"message:{case.message.id}"))
        text = replies.OPTED_IN if granted else replies.OPTED_OUT
        return Done("opt_in" if granted else "opt_out", text.to(case.contact.language) if act.confirm else None)

    async def _change(self, unit: Unit, case: Case, act: MoveCallback | ChangeNumber) -> Done:
        done = await self._changing.change(unit, case.message.number, case.contact.language, act)
        if done.settled:
            outcome = "moved" if isinstance(act, MoveCallback) else "other_number"
            return Done(outcome, done.reply, done.key, request=done.request)
        asked = "time" if isinstance(act, MoveCallback) else "number"
        reference = done.request.reference if done.request else None
        return Done("", done.reply, request=done.request, talk=Talk(asked=asked, reference=reference, slots=done.slots))

    async def _hear(self, unit: Unit, case: Case, act: Rate | Reply) -> Done:
        """Take the answer to something that we have asked."""
        if isinstance(act, Rate):
            return await self._rate(unit, case, act.score)
        return await self._reply(unit, case, act.reference)

    async def _rate(self, unit: Unit, case: Case, score: int) -> Done:
        """Keep how they were served."""
        now, number = self._tools.clock.now(), case.message.number
        asked = await unit.surveys.unanswered(number, case.contact.line, now - ANSWERED_WITHIN)
        if asked is not None:
            await unit.surveys.answer(asked, score, now)
        text = THANKS if score >= SATISFIED else THANKS_AND_MORE
        return Done(RATED, text.to(case.contact.language))

    async def _reply(self, unit: Unit, case: Case, reference: str) -> Done:
        """Bring what answers an agent's question to the agents: the request is due again, at its place."""
        now = self._tools.clock.now()
        request = await unit.requests.by_reference(reference)
        if request is None or not request.state.is_open:
            return await self._serve(unit, case, Matter(AGENT, wants_agent=True))
        is_first = awaits_reply(request, now)
        if is_first:
            due = request.evolve(not_before=None, asked_at=None, changed_at=now)
            if not await unit.requests.change(request, due):
                raise Conflict("the request has changed meanwhile; write again")
            await offer_next(unit, f"{request.id}:replied:{now.timestamp():.0f}")
        await unit.requests.link(request.id, case.contact.id, now, reminds=False)
        text = replies.PASSED_ON.to(case.contact.language).format(reference=reference) if is_first else None
        return Done(REPLIED, text, request=request)

    async def _take_back(self, unit: Unit, case: Case, act: TakeBack) -> Done:
        """Cancel the request of a misunderstanding; serve what was said instead, or ask for it."""
        request = await unit.requests.by_reference(act.reference) if act.reference else None
        if request is not None:
            now = self._tools.clock.now()
            request = await close_request(unit, request.id, RequestState.CANCELLED, "taken back by text", now)
        if act.other is not None:
            return await self._serve(unit, case, act.other)
        language = case.contact.language
        if request is None:
            return Done("", replies.RESUME.to(language))
        return Done("", replies.TAKEN_BACK.to(language).format(reference=request.reference))

    async def _about_open(self, unit: Unit, case: Case, act: TellStatus | CancelRequest | TakeBack) -> Done:
        if isinstance(act, TakeBack):
            return await self._take_back(unit, case, act)
        language = case.contact.language
        found = await unit.requests.open_of_number(case.message.number)
        named = [request for request in found if act.reference in (None, request.reference)]
        is_question = isinstance(act, TellStatus)
        if act.reference is not None and not named:
            outcome = "status" if is_question else "cancel"
            return Done(outcome, replies.NO_SUCH.to(language).format(reference=act.reference))
        if is_question or len(named) != 1:
            return await self._status(unit, named, language)
        (request,) = named
        if request.state is RequestState.TALKING:
            return await self._status(unit, named, language)
        closed = await close_request(
            unit, request.id, RequestState.CANCELLED, "cancelled by text", self._tools.clock.now()
        )
        title = self._tools.title(request.intent)
        return Done("cancelled", replies.about(replies.CANCELLED, language, closed, title), request=closed)

    async def _status(self, unit: Unit, found: Sequence[Request], language: Language) -> Done:
        if not found:
            return Done("status", replies.STATUS_NONE.to(language))
        if len(found) > 1:
            return Done("status", replies.many(found, language))
        (request,) = found
        title, now = self._tools.title(request.intent), self._tools.clock.now()
        if _is_planned(request, now):
            book = self._tools.book()
            zone, slot = home_calendar(book, request).zone, promised(request)
            told = slot_time(slot, now, zone) if slot else replies.call_time(request.not_before or now, now, zone)
            text = replies.about_call(replies.STATUS_CALL, language, request, title, when=told)
            return Done("status", text, request=request)
        if awaits_reply(request, now):
            return Done("status", replies.about(replies.STATUS_ASKED, language, request, title), request=request)
        place = await position(unit, request, self._tools.book(), now)
        return Done("status", replies.status(request, place, language, title), request=request)

    async def _serve(self, unit: Unit, case: Case, matter: Matter) -> Done:
        """Serve a matter, and the others of the same sentence: what each is answered, or a request of its own."""
        done = await self._serve_one(unit, case, matter)
        if matter.intent != case.match.intent or matter.intent == DANGER or not done.outcome:
            return done
        for intent in case.match.also:
            if intent in (AGENT, DANGER):
                continue
            other = await self._serve_one(unit, case, replace(matter, intent=intent, asks_whom=False))
            # A new request has a confirmation of its own, which a job writes.
            told = () if other.key else filter(None, (done.reply, other.reply))
            reply = " ".join(told) or done.reply
            done = replace(done, reply=reply, request=done.request or other.request)
        return done

    async def _serve_one(self, unit: Unit, case: Case, matter: Matter) -> Done:
        book, facts = self._tools.book(), self._facts(case, matter)
        decision = decide(book, facts)
        if matter.asks_whom and decision.outcome not in _ANSWERED:
            # Where a machine answers everybody alike, it does not matter for whom.
            talk = Talk(helping=Helping(matter.intent))
            return Done("", replies.FOR_WHOM.to(case.contact.language), intent=matter.intent, talk=talk)
        done = await self._decided(unit, case, matter, decision)
        file = {"decision": of_decision(decision), "grounds": of_grounds(Grounds(facts, closed=book.closed))}
        spoken = matter.spoken
        if spoken is not None:
            file["mandate"] = spoken.as_file()
        about = spoken.citizen if spoken else None
        return Done(done.outcome, done.reply, done.key, done.request, matter.intent, file, citizen=about)

    async def _decided(self, unit: Unit, case: Case, matter: Matter, decision: Decision) -> Done:
        language = case.contact.language
        if decision.outcome is Outcome.ANSWER and decision.answer is not None:
            return Done(decision.outcome.value, decision.answer.to(language))
        demand, reminders = self._demand(case, matter, decision), self._tools.book().following.reminders
        opened = await open_request(unit, demand, self._tools.clock.now(), reminders)
        request = opened.request
        if decision.outcome is Outcome.EMERGENCY:
            text = (self._tools.book().messages.emergency or replies.EMERGENCY).to(language)
        else:
            title, spoken = self._tools.title(request.intent), matter.spoken
            text = (
                replies.confirmation(request, language, title, is_new=opened.is_new)
                if spoken is None
                else replies.for_another(spoken, request, language, title, is_new=opened.is_new)
            )
            text = _with_opening(text, decision.answer, language) if opened.is_new else text
        # The reply is the confirmation: the job that would compose another one finds this key.
        key = f"confirm:{request.id}" if opened.is_new else None
        return Done(decision.outcome.value, text, key, request)

    def _facts(self, case: Case, matter: Matter) -> Facts:
        return Facts(
            line=case.contact.line,
            channel=Channel.SMS.value,
            language=case.contact.language,
            now=self._tools.clock.now(),
            intent=matter.intent,
            certainty=case.identification.certainty.value,
            wants_agent=matter.wants_agent,
            caller_known=bool(case.identification.candidates),
            for_checked=self._tools.for_checked(matter.intent),
        )

    def _demand(self, case: Case, matter: Matter, decision: Decision) -> Demand:
        now = self._tools.clock.now()
        return Demand(
            contact=case.contact.id,
            channel=Channel.SMS.value,
            kind=RequestKind.TEXT,
            citizen=case.contact.citizen if matter.spoken is None else matter.spoken.citizen,
            number=case.message.number,
            line=case.contact.line,
            language=case.contact.language,
            intent=matter.intent,
            queue=decision.queue,
            target_at=decision.target_at or now + timedelta(minutes=decision.target_minutes),
            priority=decision.priority,
        )


def _is_planned(request: Request, now: datetime) -> bool:
    """Whether they will be called at a time that is worth telling."""
    if request.kind is not RequestKind.CALLBACK or request.state is not RequestState.WAITING:
        return False
    return request.not_before is not None and request.not_before - now > _SOON


def _with_opening(text: str, told: Bilingual | None, language: Language) -> str:
    """Add what the rules tell (when the counter opens again), as a part of its own."""
    return text if told is None else f"{text} {told.to(language)}"
