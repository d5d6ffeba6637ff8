"""Who leaves the hold queue for a question, or for writing instead, inside the caller's transaction."""

from datetime import datetime

from guichet.callbacks.letting_go import DROPPED, let_agent_go, offer_next
from guichet.callbacks.lifecycle import Cause
from guichet.callbacks.ports import Unit
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.service import become_callback
from guichet.core.errors import Conflict, NotFound
from guichet.core.ids import RequestId
from guichet.core.jobs import ConfirmRequest
from guichet.core.phone import PhoneNumber


async def stepped_out(unit: Unit, request_id: RequestId) -> None:
    """Take in that somebody who holds is asked something, and is in the carrier's queue no more until they answer.

    Raises Conflict where the request changes at this moment.
    """
    request = await unit.requests.get(request_id)
    if request is None or not request.holds or request.entered_at is None:
        return
    if not await unit.requests.change(request, request.evolve(entered_at=None)):
        raise Conflict("the request has changed meanwhile")


async def become_text(unit: Unit, request_id: RequestId, now: datetime, number: PhoneNumber | None = None) -> Request:
    """Let somebody leave the hold queue and be answered in writing, at their place.

    An agent who is being rung is let go. Whose number takes no texts is called back (`become_callback`). Nothing
    changes for who talks already, or whose request has ended.
    """
    request = await unit.requests.get(request_id)
    if request is None:
        raise NotFound("there is no such request")
    reached = request.number or number
    if reached is None or not reached.can_receive_texts:
        return await become_callback(unit, request_id, now, number)
    if not request.state.is_open or request.state is RequestState.TALKING:
        return request
    request = await let_agent_go(unit, request, Cause("citizen", now, DROPPED))
    written = request.evolve(
        kind=RequestKind.TEXT, call=None, entered_at=None, changed_at=now, not_before=None, put_off_until=None
    )
    if not await unit.requests.change(request, written):
        raise Conflict("the request has changed meanwhile")
    await unit.jobs.put(ConfirmRequest(request.id), key=f"confirm:{request.id}")
    await offer_next(unit, f"{request.id}:text")
    return written
