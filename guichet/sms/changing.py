"""Changes when or where a callback is made, inside the transaction of the text that asks for it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from guichet.callbacks.letting_go import offer_next
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.windows import next_window
from guichet.callbacks.zones import home_of
from guichet.core.errors import Conflict
from guichet.core.ids import CitizenId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.sms import replies
from guichet.sms.conversation import ChangeNumber, MoveCallback
from guichet.sms.ports import Tools, Unit
from guichet.transcripts.spoken.when import When

FARTHEST = timedelta(days=60)
"""A callback is not put off for longer."""

Changed = tuple[str, Request | None, bool]
"""The reply, the request if one has been found, and whether the question is settled."""


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
            return replies.NO_SUCH.to(language).format(reference=act.reference), None, True
        if not meant:
            return replies.STATUS_NONE.to(language), None, True
        if len(meant) > 1:
            return replies.named(replies.MANY_TO_CHANGE, meant, language), None, True
        (request,) = meant
        if request.state is not RequestState.WAITING:
            return self._about(replies.STATUS_SERVED, language, request), request, True
        if isinstance(act, MoveCallback):
            return await self._move(unit, request, act.when, language)
        return await self._call_at(unit, request, act.number, language)

    async def _move(self, unit: Unit, request: Request, when: When | None, language: Language) -> Changed:
        """Set the earliest moment: the wished one, or the next after it at which we call."""
        if when is None:
            return replies.ASK_TIME.to(language), request, False
        now, book = self._tools.clock.now(), self._tools.book()
        number = request.calls_at
        home = home_of(number, book.calendar) if number is not None else book.calendar
        wished = datetime.combine(when.day, when.starts, home.zone).astimezone(UTC)
        at = next_window(book, request, max(wished, now)) if wished - now < FARTHEST else None
        if at is None or at - now >= FARTHEST:
            return replies.NO_TIME.to(language), request, False
        changes = {"kind": RequestKind.CALLBACK, "not_before": at, "warned_at": None}
        moved = await self._changed(unit, request, changes, now)
        await offer_next(unit, f"{request.id}:{at.timestamp():.0f}", at)
        told = replies.call_time(at, now, home.zone)
        return self._about(replies.MOVED, language, moved, when=told), moved, True

    async def _call_at(self, unit: Unit, request: Request, number: PhoneNumber | None, language: Language) -> Changed:
        if number is None:
            return replies.ASK_NUMBER.to(language), request, False
        other = None if number == request.number else number
        now = self._tools.clock.now()
        moved = await self._changed(unit, request, {"callback_number": other}, now)
        digits = Bilingual(number.e164[-2:], number.e164[-2:])
        return self._about(replies.NUMBER_CHANGED, language, moved, digits=digits), moved, True

    async def _changed(self, unit: Unit, request: Request, changes: dict[str, object], now: datetime) -> Request:
        changed = request.evolve(changed_at=now, **changes)
        if not await unit.requests.change(request, changed):
            raise Conflict("the request has changed meanwhile; write again")
        return changed

    def _about(self, template: Bilingual, language: Language, request: Request, **filled: Bilingual) -> str:
        return replies.about_call(template, language, request, self._tools.title(request.intent), **filled)
