"""What callers on hold hear: their position and the likely wait at once, then music; key 1 asks for a callback.

Who is passed on to another agent holds again (`callbacks.passing_on`).

An urgent message that was put up meanwhile is heard once; an emergency closure makes callbacks of those who hold.
"""

from collections.abc import Callable, Sequence

import structlog

from guichet.callbacks.holding import Over, hold_advice
from guichet.callbacks.legs import caller_left
from guichet.callbacks.ports import BookInForce
from guichet.callbacks.request import Request
from guichet.callbacks.service import entered_queue, position
from guichet.carrier.verbs import Enqueue, Gather, Hangup, Leave, Pause, Play, Redirect, Say, Verb
from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.ids import CallSid, RequestId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.ivr import script as said
from guichet.ivr.ports import Begin
from guichet.ivr.turns import hold_path
from guichet.routing.urgent import Urgent

MUSIC = "/voice/audio/attente.wav"
BRIDGED, REDIRECTED = "bridged", "redirected"
"""How somebody leaves a queue: with an agent, or by our own hand, as those who are passed on."""
AGENT_OUTCOME = "agent"
"""The outcome of a call in which an agent talked."""
MUSIC_LOOPS = 2
"""About 24 seconds between two announcements."""

Heard = Callable[[PhoneNumber], tuple[Urgent, ...]]
"""Gives the urgent messages of a line."""

log = structlog.get_logger()


class HoldService:
    """Serves the carrier's question what a waiting caller shall hear."""

    def __init__(
        self, read: Begin, begin: Begin, clock: Clock, book: BookInForce, urgent: Heard = lambda _line: ()
    ) -> None:
        self._read = read
        self._begin = begin
        self._clock = clock
        self._book = book
        self._urgent = urgent

    async def waiting(self, request_id: RequestId, keys: str | None, told: Sequence[str] = ()) -> tuple[Verb, ...]:
        """Say where they stand, then music; let them out when they press 1 or nobody is being found any more.

        `told` are the urgent messages that they have heard.
        """
        if keys == "1":
            log.info("left the queue", request=request_id)
            return (Leave(),)
        async with self._read() as unit:
            request = await unit.requests.get(request_id)
            if request is None or isinstance(hold_advice(request, self._clock.now()), Over):
                return (Leave(),)
            place = await position(unit, request)
        if request.entered_at is None:
            await self._entered(request_id)
        messages = self._urgent(request.line)
        news = [one for one in messages if one.id not in told]
        urgent = tuple(Say(one.text.to(request.language), request.language) for one in news)
        if any(one.closes for one in messages) and not request.is_out:
            log.info("emergency closure ends holding", request=request_id)
            return (*urgent, Leave())
        texts = (said.waiting(place.ahead, place.wait_minutes), said.STILL_HOLDING)
        spoken = (*urgent, *(Say(text.to(request.language), request.language) for text in texts))
        return on_hold(request_id, spoken, [*told, *(one.id for one in news)])

    async def passed(self, request_id: RequestId, call: CallSid) -> tuple[Verb, ...]:
        """Put somebody who is passed on to hold again; whoever is not any more is let go kindly."""
        async with self._read() as unit:
            request = await unit.requests.get(request_id)
            record = await unit.calls.find(call)
        if request is None or not is_passed_on(request):
            return farewell(said.THANKS, request)
        return hold_again(request, record.turn if record else None)

    @again_on_conflict
    async def warned(self, request_id: RequestId, call: CallSid) -> tuple[Verb, ...]:
        """Say the warning of the rule book to somebody whose call is ended for incivility: an agent has served them."""
        async with self._begin() as unit:
            request = await unit.requests.get(request_id)
            record = await unit.calls.find(call)
            contact = await unit.contacts.get(record.contact) if record else None
            if contact is not None and not contact.outcome:
                await unit.contacts.save(contact.evolve(outcome=AGENT_OUTCOME))
        return farewell(self._book().incivility.warning, request)

    @again_on_conflict
    async def passed_over(self, request_id: RequestId, result: str) -> tuple[Verb, ...]:
        """Go on when somebody whom we had called, and who was passed on, has left the queue."""
        now = self._clock.now()
        async with self._begin() as unit:
            request = await unit.requests.get(request_id)
            if request is None or result.startswith(REDIRECTED):
                return (Hangup(),)
            if result == BRIDGED and is_passed_on(request):
                return hold_again(request, None)
            await caller_left(unit, request_id, now, self._book(), bridged=result == BRIDGED)
        return farewell(said.THANKS if result == BRIDGED else said.CALLED_BACK, request)

    @again_on_conflict
    async def _entered(self, request_id: RequestId) -> None:
        """Take in that they are in the queue now: the carrier asks this of nobody else."""
        async with self._begin() as unit:
            await entered_queue(unit, request_id, self._clock.now())


def is_passed_on(request: Request) -> bool:
    """Whether somebody is being passed on: they are to hold again, and do not yet."""
    return request.holds and not request.state.is_talking and request.passed_by is not None and not request.entered_at


def hold_again(request: Request, turn: int | None) -> tuple[Verb, ...]:
    """Tell somebody that they are passed on, and hold; `turn` is that of their call, None where we had called them."""
    action = f"/voice/held?n={turn}" if turn is not None else f"/voice/passed/over?request={request.id}"
    language = request.language
    return (
        Say(said.PASSED_ON.to(language), language),
        Enqueue(f"hold-{request.id}", wait=hold_path(request.id, ()), action=action),
    )


def farewell(text: Bilingual, request: Request | None) -> tuple[Verb, ...]:
    """Take leave."""
    language = request.language if request else Language.FR
    return (Say(text.to(language), language), Hangup())


def on_hold(request_id: RequestId, spoken: tuple[Say, ...], told: Sequence[str] = ()) -> tuple[Verb, ...]:
    """Return the verbs of somebody who waits: what is said, music, and again; a key interrupts both."""
    again = hold_path(request_id, told)
    prompts: tuple[Say | Play | Pause, ...] = (*spoken, Play(MUSIC, loop=MUSIC_LOOPS))
    return (Gather(action=again, prompts=prompts, timeout=1, digits=1, finish_on=""), Redirect(again))
