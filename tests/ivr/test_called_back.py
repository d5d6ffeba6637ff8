"""Who rings while a callback of theirs is open, or out."""

from guichet.callbacks.lifecycle import Cause, Move, move_request
from guichet.callbacks.request import Request, RequestKind, RequestState
from tests.ivr.test_calls import hall, town
from tests.ivr.world import Caller, World

__all__ = ["hall", "town"]


async def asks(running: World) -> tuple[Caller, Request]:
    """Let somebody ask for a callback; return their call and request."""
    caller = running.caller()
    await caller.ring()
    await caller.press("1")
    await caller.press("2")
    return caller, await request_of(running, caller)


async def request_of(running: World, caller: Caller) -> Request:
    contact = await running.contact(caller)
    async with running.stores.begin() as unit:
        request = await unit.requests.get(contact.request)
    assert isinstance(request, Request)
    return request


async def test_who_rings_while_an_agent_is_rung_for_them_is_put_through_to_that_agent(town: World) -> None:
    _, request = await asks(town)
    ringing, event = move_request(request, Move.RING, Cause("system", town.clock.now()))
    async with town.stores.begin() as unit:
        await unit.requests.change(request, ringing, event)
    caller, joined = await asks(town)
    assert caller.verbs[-1] == "Enqueue"
    assert (joined.id, joined.kind, joined.state) == (request.id, RequestKind.HOLD, RequestState.DIALING_AGENT)


async def test_who_rings_again_and_gives_up_waiting_is_still_called_back(town: World) -> None:
    _, request = await asks(town)
    ringing, event = move_request(request, Move.RING, Cause("system", town.clock.now()))
    async with town.stores.begin() as unit:
        await unit.requests.change(request, ringing, event)
    caller, _ = await asks(town)
    await caller.ask("/voice/held?n=3", QueueResult="hangup", QueueTime="12")
    await town.post("/voice/status", caller.form(CallStatus="completed"))
    kept = await request_of(town, caller)
    assert (kept.id, kept.kind, kept.state) == (request.id, RequestKind.CALLBACK, RequestState.WAITING)
    assert kept.target_at == request.target_at


async def test_a_callback_that_nobody_prepares_yet_is_joined_and_keeps_its_place(hall: World) -> None:
    _, request = await asks(hall)
    caller, joined = await asks(hall)
    assert "Vous gardez votre place." in caller.said
    assert (joined.id, joined.kind, joined.reminders) == (request.id, RequestKind.CALLBACK, 1)
