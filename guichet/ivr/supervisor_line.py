"""The supervisors' line: an urgent message is put up, or taken down, by telephone. Each webhook has one transaction.

Who they are is checked by number and PIN: three wrong ones end the call, five in a row lock the number for a quarter of
an hour. Everything that is done is kept (`supervisor_deeds`), and so is every wrong PIN.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from guichet.carrier.verbs import Gather, Hangup, Redirect, Say, Verb
from guichet.core.again import again_on_conflict
from guichet.core.clock import Clock
from guichet.core.ids import CallSid, new_id
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.ivr import supervisor_words as words
from guichet.ivr.supervisor import CLOSURE, At, CheckPin, Deed, PutUp, SupervisorCall, TakeDown, checked, take
from guichet.ivr.supervisor_store import Done, Supervisor, SupervisorStore
from guichet.routing.rule_book import RuleBook
from guichet.routing.urgent import Urgent
from guichet.routing.urgent_store import UrgentStore

PATH = "/voice/supervisor"
MOST_WRONG_IN_A_ROW = 5
LOCKED = timedelta(minutes=15)
KEY_SECONDS = 8

log = structlog.get_logger()


class Unit(Protocol):
    """One transaction over what supervisors do by telephone."""

    @property
    def supervisors(self) -> SupervisorStore:
        """The supervisors, and their calls."""
        ...

    @property
    def urgent_messages(self) -> UrgentStore:
        """The urgent messages."""
        ...


Begin = Callable[[], AbstractAsyncContextManager[Unit]]


class Secrets(Protocol):
    """Checks a PIN against its hash."""

    async def is_right(self, kept: str, password: str) -> bool:
        """Say whether it is right; with no hash, take as long and say no."""
        ...


@dataclass(frozen=True, slots=True)
class _Told:
    """What came of a step: the call, and what is said before the next question."""

    call: SupervisorCall
    news: Bilingual | None = None


class SupervisorLine:
    """Serves the webhooks of the supervisors' number."""

    def __init__(self, begin: Begin, clock: Clock, book: Callable[[], RuleBook], secrets: Secrets) -> None:
        self._begin = begin
        self._clock = clock
        self._book = book
        self._secrets = secrets

    def is_ours(self, line: PhoneNumber) -> bool:
        """Whether a number that was called is the supervisors'."""
        return line == self._book().urgent.number

    async def open(self, call: CallSid) -> tuple[Verb, ...]:
        """Take a call: ask for the number. A repeat gets the question of where the call stands."""
        now = self._clock.now()
        async with self._begin() as unit:
            state = await unit.supervisors.call(call)
            if state is None:
                state = SupervisorCall(call)
                await unit.supervisors.save(state, now)
            up = await unit.urgent_messages.up(now)
        return self._answer(_Told(state), up)

    async def turn(self, call: CallSid, step: int, keys: str) -> tuple[Verb, ...]:
        """Take keys in; those of a step that has been answered change nothing."""
        async with self._begin() as unit:
            state = await unit.supervisors.call(call)
            known = await unit.supervisors.find(state.number) if state else None
        if state is None:
            return await self.open(call)
        # The hash takes long: it is checked between two transactions.
        is_pin = state.at is At.PIN and state.step == step and keys.isdecimal()
        is_right = is_pin and await self._secrets.is_right(known.pin if known else "", keys)
        return await self._turned(call, step, keys, is_right=is_right)

    @again_on_conflict
    async def _turned(self, call: CallSid, step: int, keys: str, *, is_right: bool) -> tuple[Verb, ...]:
        now, prepared = self._clock.now(), self._book().urgent.prepared
        async with self._begin() as unit:
            state = await unit.supervisors.call(call)
            if state is None or state.step != step:
                return self._answer(_Told(state or SupervisorCall(call)), await unit.urgent_messages.up(now))
            after, deed = take(state, keys, prepared)
            told = _Told(after, words.NOT_OFFERED if after.misses else None)
            if deed is not None:
                told = await self._do(unit, after, deed, now, is_right=is_right)
            await unit.supervisors.save(told.call, now)
            up = await unit.urgent_messages.up(now)
        return self._answer(told, up)

    async def _do(self, unit: Unit, call: SupervisorCall, deed: Deed, now: datetime, *, is_right: bool) -> _Told:
        """Do what was chosen, and keep that it was done."""
        match deed:
            case CheckPin():
                return await self._checked(unit, call, now, is_right=is_right)
            case PutUp(lasts):
                text = words.chosen(call, self._book().urgent.prepared)
                author = f"supervisor {call.number}"
                message = Urgent(new_id("urg"), text, call.choice == CLOSURE, None, author, now, now + lasts)
                await unit.urgent_messages.add(message)
                await self._note(unit, call, "closed" if message.closes else "put up", now, message.id)
                return _Told(call, words.DONE)
            case TakeDown():
                for message in await unit.urgent_messages.up(now):
                    await unit.urgent_messages.take_down(message.id, now)
                    await self._note(unit, call, "taken down", now, message.id)
                return _Told(call, words.TAKEN_DOWN)

    async def _checked(self, unit: Unit, call: SupervisorCall, now: datetime, *, is_right: bool) -> _Told:
        """Go on after a PIN: a number that is locked or disabled is wrong whatever the PIN."""
        known = await unit.supervisors.find(call.number)
        is_open = known is not None and known.disabled_at is None
        is_open = is_open and (known.locked_until is None or known.locked_until <= now) if known else False
        if is_open and is_right and known is not None:
            await unit.supervisors.put(known.evolve(wrong=0, locked_until=None))
            await self._note(unit, call, "signed in", now)
            return _Told(checked(call, is_right=True))
        if known is not None and is_open:
            await unit.supervisors.put(_wronged(known, now))
        await self._note(unit, call, "wrong PIN", now)
        return _Told(checked(call, is_right=False), words.NOT_KNOWN)

    @staticmethod
    async def _note(unit: Unit, call: SupervisorCall, deed: str, now: datetime, message: str = "") -> None:
        await unit.supervisors.note(Done(call.id, call.number[:16], deed, now, message))
        log.info("supervisor by telephone", call=call.id, deed=deed, message=message)

    def _answer(self, told: _Told, up: tuple[Urgent, ...]) -> tuple[Verb, ...]:
        """Say what came of it, and ask the next."""
        call, book = told.call, self._book()
        asked = words.question(call, book.urgent.prepared, up, book.calendar.zone)
        news = (Say(told.news.to(call.language), call.language),) if told.news else ()
        said = (*news, Say(asked, call.language))
        if call.at is At.END:
            return (*said, Hangup())
        action = f"{PATH}?step={call.step}"
        return (Gather(action=action, prompts=said, timeout=KEY_SECONDS, finish_on="#"), Redirect(action))


def _wronged(known: Supervisor, now: datetime) -> Supervisor:
    """Count a wrong PIN; the fifth in a row locks."""
    wrong = known.wrong + 1
    if wrong < MOST_WRONG_IN_A_ROW:
        return known.evolve(wrong=wrong)
    return known.evolve(wrong=0, locked_until=now + LOCKED)
