"""Who is never to be called: what the record says is obeyed wherever a telephone would ring. Inside a transaction.

A known citizen's own word counts, whatever number they left. Of somebody whom we do not know it is the word of those on
record at that number: where all of them want no calls, it is not rung.
"""

from guichet.callbacks.letting_go import release
from guichet.callbacks.lifecycle import Cause, Move, move_request
from guichet.callbacks.ports import RingingUnit
from guichet.callbacks.request import Request, RequestKind
from guichet.core.errors import Conflict
from guichet.core.jobs import TextRequest
from guichet.routing.agent import Presence

NO_WAY = "never to be called, and the number takes no texts"
"""Why a request ends that can be answered neither by telephone nor by text: a person looks at it."""


async def is_never_called(unit: RingingUnit, request: Request) -> bool:
    """Say whether the telephone of a request is not to ring."""
    if request.citizen is not None:
        citizen = await unit.citizens.get(request.citizen)
        return citizen is not None and citizen.never_call
    if request.calls_at is None:
        return False
    owners = await unit.citizens.with_phone(request.calls_at)
    return bool(owners) and all(owner.never_call for owner in owners)


async def answer_in_writing(unit: RingingUnit, request: Request, cause: Cause) -> Request:
    """Let somebody who is never called be answered in writing, at the same place; say so to them.

    An agent who is being connected is let go. Where no text can reach them, a person looks at it. Raises Conflict where
    the request changes at this moment.
    """
    waiting = await release(unit, request, cause, Presence.AVAILABLE)
    if waiting.number is None or not waiting.number.can_receive_texts:
        ended, event = move_request(waiting, Move.EXHAUST, Cause("system", cause.at, NO_WAY))
        if not await unit.requests.change(waiting, ended, event):
            raise Conflict("the request has changed meanwhile")
        return ended
    written = waiting.evolve(kind=RequestKind.TEXT, changed_at=cause.at, not_before=None, slot_at=None, slot_until=None)
    if not await unit.requests.change(waiting, written):
        raise Conflict("the request has changed meanwhile")
    await unit.jobs.put(TextRequest(request.id, "by_text"), key=f"by_text:{request.id}")
    return written
