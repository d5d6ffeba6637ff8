"""Where calls and their turns are kept: the port."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from guichet.core.ids import CallSid
from guichet.ivr.record import CallRecord, TurnRecord, TurnResult


class CallStore(Protocol):
    """Keeps calls by the carrier's id, and turns by call and number."""

    async def open_many(self, opened: Sequence[tuple[CallRecord, TurnRecord]]) -> None:
        """Keep new calls with their first turns; those that are known are left as they are."""
        ...

    async def find(self, call: CallSid) -> CallRecord | None:
        """Return a call, or None."""
        ...

    async def turn(self, call: CallSid, number: int) -> TurnRecord | None:
        """Return a turn, or None."""
        ...

    async def take(self, call: CallSid, number: int) -> bool:
        """Take turn `number` to answer it: atomic, once. False if taken before, or the call is over or unknown."""
        ...

    async def save(self, record: CallRecord) -> None:
        """Write state, language, request, turn and answer of a call whose turn was taken."""
        ...

    async def open_turn(self, turn: TurnRecord) -> None:
        """Keep a new turn; one that is known is left as it is."""
        ...

    async def claim(self, call: CallSid, number: int, opened_after: datetime) -> TurnRecord | None:
        """Take the stream of a turn: atomic, once. None when unknown, taken, too old, or the call has ended."""
        ...

    async def release(self, call: CallSid, number: int) -> None:
        """Give back the stream of a turn, if it is open."""
        ...

    async def finish(self, call: CallSid, number: int, result: TurnResult) -> bool:
        """Keep what the stream has brought, but no value once the call has ended; False when it was not open."""
        ...

    async def forget_values(self, call: CallSid) -> None:
        """Empty what was asked for and given in the turns of a call."""
        ...

    async def open_since(self, before: datetime) -> Sequence[CallSid]:
        """Return the calls that began before that moment and have not ended, oldest first."""
        ...

    async def end(self, call: CallSid, now: datetime) -> CallRecord | None:
        """Note that a call has ended: atomic, once. Return it, or None when it had ended or is unknown."""
        ...
