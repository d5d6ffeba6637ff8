"""Changes when or where a callback is made, inside the transaction of the text that asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guichet.callbacks.booking import AHEAD, FARTHEST, LEAD, MOST_OFFERED, Found, board, book_slot, find
from guichet.callbacks.elsewhere import called_at
from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.never import is_never_called
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.slots import Slot, nearest, unwished, wished
from guichet.callbacks.windows import home_calendar, next_window
from guichet.core.errors import Conflict
from guichet.core.ids import CitizenId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.sms import replies, slot_replies
from guichet.sms.acts import ChangeNumber, MoveCallback
from guichet.sms.parts import Encoding, encoding_of
from guichet.sms.ports import Tools, Unit
from guichet.transcripts.spoken.when import When


@dataclass(frozen=True, slots=True)
class Changed:
    """The reply, the request if one has been found, and whether the question is settled; else `slots` were offered.

    `key` is the reply's where it confirms a slot.
    """

    reply: str
    request: Request | None
    settled: bool = True
    slots: tuple[Slot, ...] = ()
    key: str | None = None


async def open_of(unit: Unit, number: PhoneNumber, citizen: CitizenId | None) -> Sequence[Request]:
    """Return the open requests of who writes from a number: not those of others in their household, where we know."""
    found = await unit.requests.open_of_number(number)
    if citizen is None:
        return found
    theirs = [request for request in found if request.citizen is None]
    return [*theirs, *await unit.requests.open_of_citizen(citizen)]


def to_be_changed(found: Sequence[Request], reference: str | None) -> Sequence[Request]:
    """Return the requests that may be meant: the one named, or those to be called back, or all that wait."""
    if reference is not None:
        return [request for request in found if request.reference == reference]
    called = [request for request in found if request.kind is RequestKind.CALLBACK]
    return called or [request for request in found if not request.holds]


def slot_key(request: Request) -> str:
    """Return the key of the text that confirms a callback, one for each slot that it has had."""
    return f"confirm:{request.id}:{request.slot_at.timestamp():.0f}" if request.slot_at else f"confirm:{request.id}"


class Changing:
    """Moves callbacks and changes their numbers."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def change(
        self, unit: Unit, sender: PhoneNumber, language: Language, act: MoveCallback | ChangeNumber
    ) -> Changed:
        """Do it, or ask for what is missing."""
        found = await unit.requests.open_of_number(sender)
        meant = to_be_changed(found, act.reference)
        if act.reference is not None and not meant:
            return Changed(replies.NO_SUCH.to(language).format(reference=act.reference), None)
        if not meant:
            return Changed(replies.STATUS_NONE.to(language), None)
        if len(meant) > 1:
            return Changed(replies.named(replies.MANY_TO_CHANGE, meant, language), None)
        (request,) = meant
        if request.state is not RequestState.WAITING:
            return Changed(self._about(replies.STATUS_SERVED, language, request), request)
        if isinstance(act, MoveCallback) and not await is_never_called(unit, request):
            return await self._move(unit, request, act, language)
        return await self._call_at(unit, request, act, language)

    async def _move(self, unit: Unit, request: Request, act: MoveCallback, language: Language) -> Changed:
        """Promise the slot that was picked, or one that suits the time that was written."""
        book, now = self._tools.book(), self._tools.clock.now()
        if act.slot is not None:
            seen = await board(unit, book, request, now + LEAD, act.slot.ends + AHEAD)
            near = nearest(seen.free, act.slot, home_calendar(book, request).zone, MOST_OFFERED)
            return await self._book(unit, request, Found(act.slot, near), language)
        if act.when is None:
            return Changed(replies.ASK_TIME.to(language), request, settled=False)
        if act.soon or not book.calling.slots.minutes:
            return await self._from_then_on(unit, request, act.when, language)
        found = await find(unit, book, request, act.when, now)
        return await self._book(unit, request, found, language)

    async def _book(self, unit: Unit, request: Request, found: Found, language: Language) -> Changed:
        """Book the best, or offer those that are near."""
        book, now = self._tools.book(), self._tools.clock.now()
        zone = home_calendar(book, request).zone
        booked = await book_slot(unit, book, request.id, found.best, now) if found.best else None
        if found.best is not None and booked is not None:
            told = slot_replies.slot_time(found.best, now, zone)
            reply = self._about(replies.MOVED, language, booked, when=told)
            return Changed(reply, booked, key=slot_key(booked))
        if not found.near:
            return Changed(replies.NO_TIME.to(language), request, settled=False)
        why = slot_replies.FULL if found.is_full or found.best else slot_replies.NOT_THEN
        text = slot_replies.instead(why, found.near, now, zone, language)
        return Changed(text, request, settled=False, slots=found.near)

    async def _from_then_on(self, unit: Unit, request: Request, when: When, language: Language) -> Changed:
        """Set the earliest moment: the wished one, or the next after it at which we call."""
        now, book = self._tools.clock.now(), self._tools.book()
        zone = home_calendar(book, request).zone
        wish = wished(when, zone).starts
        bad = unwished(when, zone)
        if bad is not None and bad.starts <= max(wish, now) < bad.ends:
            wish = bad.ends
        at = next_window(book, request, max(wish, now)) if wish - now < FARTHEST else None
        if at is None or at - now >= FARTHEST:
            return Changed(replies.NO_TIME.to(language), request, settled=False)
        changes = {"kind": RequestKind.CALLBACK, "not_before": at, "warned_at": None}
        moved = await self._changed(unit, request, {**changes, "slot_at": None, "slot_until": None}, now)
        await offer_next(unit, f"{request.id}:{at.timestamp():.0f}", at)
        return Changed(
            self._about(replies.MOVED, language, moved, when=replies.call_time(at, now, zone)), moved, settled=True
        )

    async def _call_at(
        self, unit: Unit, request: Request, act: MoveCallback | ChangeNumber, language: Language
    ) -> Changed:
        """Have them called at another number, unless they are never to be called."""
        if isinstance(act, MoveCallback) or await is_never_called(unit, request):
            return Changed(self._about(replies.BY_TEXT, language, request), request)
        number = act.number
        if number is None:
            return Changed(replies.ASK_NUMBER.to(language), request, settled=False)
        now = self._tools.clock.now()
        moved = called_at(request, number, act.person, now)
        if not await unit.requests.change(request, moved):
            raise Conflict("the request has changed meanwhile; write again")
        digits = Bilingual(number.e164[-2:], number.e164[-2:])
        if moved.ask_for and encoding_of(moved.ask_for) is Encoding.GSM7:
            person = Bilingual(moved.ask_for, moved.ask_for)
            return Changed(self._about(replies.OTHER_PERSON, language, moved, digits=digits, person=person), moved)
        return Changed(self._about(replies.NUMBER_CHANGED, language, moved, digits=digits), moved)

    async def _changed(self, unit: Unit, request: Request, changes: dict[str, object], now: datetime) -> Request:
        changed = request.evolve(changed_at=now, **changes)
        if not await unit.requests.change(request, changed):
            raise Conflict("the request has changed meanwhile; write again")
        return changed

    def _about(self, template: Bilingual, language: Language, request: Request, **filled: Bilingual) -> str:
        return replies.about_call(template, language, request, self._tools.title(request.intent), **filled)
