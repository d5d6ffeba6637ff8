"""What callers on hold hear: their position and the likely wait at once, then music or silence; what they may wish for.

A key says a wish at any time, as do a few words (`hold_ears`). What is said again, and when, is in `callbacks.holding`.
Who is passed on to another agent holds again (`callbacks.passing_on`).

An urgent message that was put up meanwhile is heard once; an emergency closure makes callbacks of those who hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from guichet.callbacks.holding import Announce, Over, Told, Why, hold_advice, is_to_overflow
from guichet.callbacks.legs import caller_left
from guichet.callbacks.overflowing import overflow
from guichet.callbacks.ports import BookInForce
from guichet.callbacks.request import Request
from guichet.callbacks.service import entered_queue
from guichet.callbacks.waiting import standing
from guichet.carrier.verbs import Enqueue, Gather, Hangup, Leave, Pause, Play, Redirect, Say, Verb
from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.ids import CallSid, RequestId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.ivr import hold_script
from guichet.ivr import script as said
from guichet.ivr.hold_wishes import Wish, offered
from guichet.ivr.ports import Begin
from guichet.ivr.record import ResultKind, StreamState, TurnResult
from guichet.ivr.turns import hold_path
from guichet.routing.hold_rules import USUAL, HoldRules
from guichet.routing.rule_book import RuleBook
from guichet.routing.urgent import Urgent

MUSIC = "/voice/audio/attente.wav"
BRIDGED, REDIRECTED = "bridged", "redirected"
"""How somebody leaves a queue: with an agent, or by our own hand, as those who are passed on."""
AGENT_OUTCOME = "agent"
"""The outcome of a call in which an agent talked."""
MUSIC_LOOPS = 2
"""About 24 seconds until it is looked whether there is anything to say."""
SILENCE_SECONDS = 24
_EVER = datetime.min.replace(tzinfo=UTC)

Heard = Callable[[PhoneNumber], tuple[Urgent, ...]]
"""Gives the urgent messages of a line."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Hearer:
    """Who holds: their call, the urgent messages that they have heard, and where they were told they stand."""

    call: CallSid
    told: tuple[str, ...] = ()
    last: Told | None = None


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

    async def waiting(self, request_id: RequestId, keys: str | None, who: Hearer) -> tuple[Verb, ...]:
        """Say where they stand if that is news, then music; let them out with a wish, or when they hold no more."""
        now, book = self._clock.now(), self._book()
        async with self._read() as unit:
            request = await unit.requests.get(request_id)
            if request is None:
                return (Leave(),)
            place = await standing(unit, request, book, now)
            record = await unit.calls.find(who.call)
            turn = await unit.calls.turn(who.call, record.turn) if record else None
        wishes = offered(request, takes_messages=book.recordings.offer) if record else (Wish.CALLBACK,)
        if keys in wishes:
            await self._wishes(who.call, keys)
            log.info("left the queue", request=request_id)
            return (Leave(),)
        if request.holds and request.entered_at is None:
            await self._entered(request_id)
        rules = rules_of(book, request)
        advice = hold_advice(request, place, None if keys else who.last, now, rules)
        if isinstance(advice, Over):
            return _out(advice, request)
        messages = self._urgent(request.line)
        news = [one.text for one in messages if one.id not in who.told]
        if any(one.closes for one in messages) and not request.is_out:
            log.info("emergency closure ends holding", request=request_id)
            return (*_spoken(news, request), Leave())
        if is_to_overflow(request, now, rules) and await self._overflowed(request_id):
            news.append(hold_script.ANOTHER_DESK)
        last = who.last
        if isinstance(advice, Announce):
            last = advice.told
            by_voice = rules.voice and turn is not None and turn.stream is StreamState.OPEN
            news += [
                *((hold_script.LATER,) if advice.is_late else ()),
                hold_script.standing(last.ahead, last.minutes),
                *((hold_script.choices(wishes, by_voice=by_voice),) if advice.choices else ()),
            ]
        told = dict.fromkeys([*who.told, *(one.id for one in messages)])
        return on_hold(hold_path(request_id, list(told), last), _spoken(news, request), music=rules.music)

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
    async def _wishes(self, call: CallSid, key: str) -> None:
        """Keep the key of a wish as what this turn of the call has brought; whoever we had called has no turn."""
        async with self._begin() as unit:
            record = await unit.calls.find(call)
            if record is not None:
                await unit.calls.claim(call, record.turn, _EVER)
                await unit.calls.finish(call, record.turn, TurnResult(ResultKind.KEYS, keys=key))

    @again_on_conflict
    async def _overflowed(self, request_id: RequestId) -> bool:
        """Let the other queue serve somebody who has held for long; say whether it does now."""
        async with self._begin() as unit:
            return await overflow(unit, request_id, self._book(), self._clock.now())

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


def rules_of(book: RuleBook, request: Request) -> HoldRules:
    """Return how people hold in the queue of a request."""
    queue = book.queues.get(request.queue)
    return queue.hold if queue is not None else USUAL


def on_hold(again: str, spoken: tuple[Say, ...], *, music: bool = True) -> tuple[Verb, ...]:
    """Return the verbs of somebody who waits: what is said, music, and again; a key interrupts both."""
    meanwhile = Play(MUSIC, loop=MUSIC_LOOPS) if music else Pause(SILENCE_SECONDS)
    prompts: tuple[Say | Play | Pause, ...] = (*spoken, meanwhile)
    return (Gather(action=again, prompts=prompts, timeout=1, digits=1, finish_on=""), Redirect(again))


def _spoken(texts: Sequence[Bilingual], request: Request) -> tuple[Say, ...]:
    return tuple(Say(text.to(request.language), request.language) for text in texts)


def _out(over: Over, request: Request) -> tuple[Verb, ...]:
    """Let somebody out, with a word where nobody is there any more; what follows is said after the queue."""
    log.info("let out of the queue", request=request.id, why=over.why.value)
    return (*_spoken([hold_script.UNSERVED] if over.why is Why.UNSERVED else [], request), Leave())
