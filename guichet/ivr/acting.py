"""Does what the dialogue wants done, inside the transaction of the turn: requests, texts, the contact's file."""

from dataclasses import replace
from datetime import timedelta

from guichet.callbacks.booking import (
    AHEAD,
    LEAD,
    MOST_OFFERED,
    board,
    book_slot,
    call_soon,
    offers,
    promised,
    wait_for_choice,
)
from guichet.callbacks.elsewhere import call_elsewhere
from guichet.callbacks.joining import CHOOSING
from guichet.callbacks.legs import caller_left
from guichet.callbacks.request import Demand, Request, RequestKind, RequestState
from guichet.callbacks.service import become_callback, close_request, is_out, open_request
from guichet.callbacks.slots import Slot, by_half_days, nearest
from guichet.callbacks.stepping_out import become_text, stepped_out
from guichet.callbacks.windows import home_calendar
from guichet.citizens.contact import Channel
from guichet.core.ids import RequestId
from guichet.core.jobs import ConfirmRequest, TextContact
from guichet.ivr.abandoning import ABANDONED, given_up
from guichet.ivr.call import HOLDING, At, Call
from guichet.ivr.decision_file import with_turn
from guichet.ivr.dialogue import step
from guichet.ivr.inputs import Answer, Input, RequestOpened, SlotBooked, Spoken
from guichet.ivr.moves import (
    Abandon,
    BookSlot,
    CallElsewhere,
    CallSoon,
    Move,
    OpenRequest,
    SendText,
    Served,
    StepOut,
    TakeBack,
)
from guichet.ivr.outcome import may_choose
from guichet.ivr.ports import Tools, Unit
from guichet.ivr.record import CallRecord
from guichet.ivr.script import Script
from guichet.routing.decision_file import with_urgent
from guichet.routing.intent import AGENT
from guichet.routing.unclear import Unclear

Acted = tuple[Call, tuple[Move, ...], tuple[Answer, ...]]
"""The call, all moves, and the answers found on the way."""


class Acting:
    """Acts for a call; everything is undone if the transaction fails."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def with_request(
        self, unit: Unit, script: Script, record: CallRecord, call: Call, moves: tuple[Move, ...]
    ) -> Acted:
        """Open the request, or take the slot, that the last move needs, if it does, and step on with it."""
        need = moves[-1]
        answer: Answer
        if isinstance(need, OpenRequest):
            answer = await self._opened(unit, record, call, need)
        elif isinstance(need, BookSlot) and call.request is not None:
            answer = await self._booked(unit, call.request, need)
        else:
            return call, moves, ()
        call, further = step(script, call, answer)
        return call, (*moves[:-1], *further), (answer,)

    async def _opened(self, unit: Unit, record: CallRecord, call: Call, need: OpenRequest) -> RequestOpened:
        """Open or join the request; slots that they may choose are looked for where a callback is decided."""
        request, is_new, kind = await self._request(unit, record, call, need.kind)
        now, book = self._tools.clock.now(), self._tools.book()
        slot = promised(request)
        free: tuple[Slot, ...] = ()
        if kind is RequestKind.CALLBACK and may_choose(call):
            seen = await board(unit, book, request, now + LEAD, now + AHEAD)
            free = by_half_days(seen.free, home_calendar(book, request).zone, MOST_OFFERED)
        if free:
            await wait_for_choice(unit, request.id, now + CHOOSING, now)
        return RequestOpened(
            request=request.id,
            reference=request.reference,
            is_new=is_new,
            is_hold=kind is RequestKind.HOLD and request.holds,
            is_text=request.kind is RequestKind.TEXT,
            text_follows=request.number is not None and request.number.can_receive_texts,
            offers=offers(book, request, free, now),
            slot=offers(book, request, (slot,), now)[0] if slot else None,
        )

    async def _booked(self, unit: Unit, request_id: RequestId, need: BookSlot) -> SlotBooked:
        """Promise them the slot, or look for those nearest to it; the text says which it is."""
        now, book, slot = self._tools.clock.now(), self._tools.book(), need.offer.slot
        booked = await book_slot(unit, book, request_id, slot, now)
        if booked is not None:
            return SlotBooked(need.offer)
        request = await unit.requests.get(request_id)
        if request is None:
            return SlotBooked()
        seen = await board(unit, book, request, now + LEAD, slot.ends + AHEAD)
        return SlotBooked(
            None, offers(book, request, nearest(seen.free, slot, home_calendar(book, request).zone, MOST_OFFERED), now)
        )

    async def _request(
        self, unit: Unit, record: CallRecord, call: Call, kind: RequestKind
    ) -> tuple[Request, bool, RequestKind]:
        """Turn the request held for into a callback, or open or join one; say whether it is new, and if they hold.

        Who rings while their callback is out is put through to the agent who is being rung for it. Who has left the
        queue is not called back where that is old news: they hold in another call by now, or have been served in it.
        """
        now = self._tools.clock.now()
        if call.request is not None and kind is not RequestKind.HOLD:
            leave = become_callback if kind is RequestKind.CALLBACK else become_text
            kept = await unit.requests.get(call.request)
            if kept is not None and not (kept.holds and kept.call != record.id):
                kept = await leave(unit, call.request, now, call.number)
            if kept is not None and (kept.state.is_open or kept.state is RequestState.DONE):
                return kept, False, kind
        decision = call.decision
        target = timedelta(minutes=decision.target_minutes) if decision else timedelta(hours=4)
        demand = Demand(
            contact=record.contact,
            channel=Channel.VOICE.value,
            kind=kind,
            citizen=call.about,
            number=call.number,
            line=record.line,
            language=call.language,
            intent=call.intent or AGENT,
            queue=decision.queue if decision else "",
            target_at=(decision.target_at if decision else None) or now + target,
            priority=decision.priority if decision else 0,
            call=record.id,
            relayed=call.relayed,
        )
        if kind is RequestKind.CALLBACK and await is_out(unit, demand):
            demand = replace(demand, kind=RequestKind.HOLD)
        opened = await open_request(unit, demand, now, self._tools.book().following.reminders)
        return opened.request, opened.is_new, demand.kind

    async def carry_out(self, unit: Unit, record: CallRecord, call: Call, moves: tuple[Move, ...]) -> None:
        """Do what is neither said nor asked."""
        for move in moves:
            match move:
                case SendText(template) if record.caller is not None and record.caller.can_receive_texts:
                    key = f"text:{template}:{record.contact}"
                    await unit.jobs.put(TextContact(record.contact, template), key=key)
                case TakeBack(request_id):
                    await self._take_back(unit, record, request_id)
                case _ if call.request is not None:
                    await self._change_request(unit, record, call.request, move)

    async def _change_request(self, unit: Unit, record: CallRecord, request_id: RequestId, move: Move) -> None:
        """Do what a move does to the request of the call."""
        now = self._tools.clock.now()
        match move:
            case StepOut():
                await stepped_out(unit, request_id)
            case Abandon():
                await self._abandon(unit, record, request_id)
            case CallSoon():
                await call_soon(unit, request_id, now)
            case CallElsewhere(number, person):
                await call_elsewhere(unit, request_id, number, person, now)
            case Served():
                await caller_left(unit, request_id, now, self._tools.book(), bridged=True)

    async def _abandon(self, unit: Unit, record: CallRecord, request_id: RequestId) -> None:
        """Close a request that nobody waits for any more; one that is being talked about is left to its agent.

        A request that was open before this call, or that an agent has passed on, goes on as a callback; one that this
        call no longer holds for (another does, or a callback was promised meanwhile) is left alone: the news is late.
        """
        request = await unit.requests.get(request_id)
        if request is None or request.state is RequestState.TALKING or request.call != record.id:
            return
        now = self._tools.clock.now()
        if request.contact != record.contact or request.passed_by is not None:
            await become_callback(unit, request_id, now)
        else:
            rules = self._tools.book().following.abandoned
            if request.number is not None and rules.may_open(request.intent):
                await become_callback(unit, request_id, now)
            else:
                await close_request(unit, request_id, RequestState.CANCELLED, "the caller has gone", now)

    async def _take_back(self, unit: Unit, record: CallRecord, request_id: RequestId) -> None:
        """Cancel a request that this call has opened by a misunderstanding."""
        request = await unit.requests.get(request_id)
        if request is not None and request.contact == record.contact and request.state is RequestState.WAITING:
            now = self._tools.clock.now()
            await close_request(unit, request_id, RequestState.CANCELLED, "taken back by the caller", now)

    async def ended(self, unit: Unit, record: CallRecord) -> None:
        """Tidy up after a call that has ended: who held for an agent has gone, what was asked for is forgotten."""
        now = self._tools.clock.now()
        has_gone = await self._left_while_holding(unit, record)
        if record.state.request is not None:
            await unit.jobs.put(ConfirmRequest(record.state.request), key=f"confirm:{record.state.request}:{record.id}")
        await unit.calls.forget_values(record.id)
        if record.state.has_said_who:
            await unit.calls.save(record.evolve(state=record.state.forgetting()))
        contact = await unit.contacts.get(record.contact)
        if contact is not None:
            outcome = (None if has_gone else contact.outcome or record.state.outcome) or ABANDONED
            request = await given_up(unit, record, contact, self._tools.book(), now) if outcome == ABANDONED else None
            await unit.contacts.save(
                contact.evolve(
                    ended_at=now,
                    outcome=outcome,
                    request=request.id if request else contact.request,
                    file=with_urgent(contact.file, record.state.urgent),
                )
            )

    async def _left_while_holding(self, unit: Unit, record: CallRecord) -> bool:
        """Abandon the request of somebody who holds still; return whether they did, and no agent has had them."""
        if record.state.at not in HOLDING or record.state.request is None:
            return False
        request = await unit.requests.get(record.state.request)
        if request is None or not request.holds or request.call != record.id or not request.state.is_open:
            return False
        await self._abandon(unit, record, request.id)
        return not request.state.is_talking and request.passed_by is None

    async def note(
        self, unit: Unit, before: CallRecord, after: CallRecord, heard: Input, answers: tuple[Answer, ...]
    ) -> None:
        """Write the turn into the contact and its decision file."""
        contact = await unit.contacts.get(before.contact)
        if contact is None:
            return
        state = after.state
        if isinstance(heard, Spoken) and is_unclear(before.state, state, heard):
            now, text = self._tools.clock.now(), heard.shown or heard.text
            unclear = Unclear(before.contact, before.turn, Channel.VOICE.value, before.state.language, now, text)
            await unit.unclear.add(unclear)
        await unit.contacts.save(
            contact.evolve(
                language=state.language,
                citizen=state.about or state.citizen,
                intent=state.intent or contact.intent,
                outcome=state.outcome or contact.outcome,
                request=state.request,
                file=with_urgent(with_turn(contact.file, before.turn, before.state.at, heard, answers), state.urgent),
            )
        )


def is_unclear(before: Call, after: Call, heard: Spoken) -> bool:
    """Whether words said for a matter could not be made one: they are a miss, and no matter fits them at all."""
    if before.at is not At.MATTER or heard.match is None or heard.match.intent is not None:
        return False
    return after.misses > before.misses or (after.gave_up and not before.gave_up)
