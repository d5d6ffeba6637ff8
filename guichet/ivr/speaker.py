"""Who may be speaking in a call, as far as masking needs to know: the names on record, and whether a name was asked."""

from collections.abc import Awaitable, Callable

from guichet.core.ids import CallSid, CitizenId
from guichet.core.phone import PhoneNumber
from guichet.ivr.call import At
from guichet.ivr.ports import Begin
from guichet.transcripts.redaction.known import NOBODY, Known

NamesOf = Callable[[PhoneNumber | None, CitizenId | None], Awaitable[tuple[str, ...]]]
"""Tells the names of those a number belongs to, and of a citizen (`citizens.service`)."""


class Speakers:
    """Knows who speaks; `read` opens a reading transaction."""

    def __init__(self, read: Begin, names: NamesOf) -> None:
        self._read = read
        self._names = names

    async def of(self, call: CallSid) -> Known:
        """Return what is known of who speaks; nothing of an unknown call."""
        async with self._read() as unit:
            record = await unit.calls.find(call)
        if record is None:
            return NOBODY
        names = await self._names(record.caller, record.state.about or record.state.citizen)
        return Known(names, is_asked=record.state.at in {At.WHO, At.OTHER, At.PERSON})
