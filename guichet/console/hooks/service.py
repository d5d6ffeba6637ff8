"""Telling other systems: hooks are added and removed, deliveries made, tried again, looked at, sent once more."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from guichet.console.hooks.hook import Delivery, DeliveryStage, Hook, Topic, new_secret
from guichet.console.hooks.retries import LONGEST_REST, is_taken, next_delay, why_disabled
from guichet.console.hooks.sender import Answered, Sender
from guichet.console.hooks.signing import headers
from guichet.console.hooks.sql_store import SqlHookStore
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import new_id

AGENT = "Guichet-Hooks/1"
AT_ONCE = 4
"""Messages under way to one receiver, from one process."""

log = structlog.get_logger()


class Unit(Protocol):
    """One transaction over the hooks."""

    @property
    def hooks(self) -> SqlHookStore:
        """The hooks and their deliveries."""
        ...


Begin = Callable[[], AbstractAsyncContextManager[Unit]]


async def add_hook(unit: Unit, url: str, topics: frozenset[Topic], now: datetime) -> Hook:
    """Add a hook, with a secret of its own; its address was checked (`Allowed.checked`). Raises BadInput."""
    if not topics:
        raise BadInput(f"a hook has at least one topic; there are: {', '.join(Topic)}")
    hook = Hook(new_id("hook"), url, topics, new_secret(), now)
    await unit.hooks.add(hook)
    return hook


async def enable(unit: Unit, hook_id: str) -> Hook:
    """Have a disabled hook told again, from now on. Raises NotFound."""
    hook = (await unit.hooks.get(hook_id)).evolve(
        failing_since=None, rests_until=None, disabled_at=None, disabled_why=""
    )
    await unit.hooks.change(hook)
    return hook


async def redeliver(unit: Unit, hook_id: str, delivery_id: str, now: datetime) -> Delivery:
    """Send a message once more, with as many tries as a new one. Raises NotFound; Conflict where it is under way."""
    delivery = await unit.hooks.delivery(delivery_id)
    if delivery is None or delivery.hook != hook_id:
        raise NotFound(f"there is no such delivery of this hook; see `guichet api hook deliveries {hook_id}`")
    if (await unit.hooks.get(hook_id)).disabled_at is not None:
        raise Conflict("the hook is disabled: enable it first")
    if delivery.state is DeliveryStage.WAITING:
        raise Conflict("this message is being delivered already")
    again = delivery.evolve(state=DeliveryStage.WAITING, due_at=now, tries=0)
    if not await unit.hooks.note(delivery, again):
        raise Conflict("the delivery has changed meanwhile")
    await unit.hooks.make(again)
    return again


class Hooks:
    """Makes deliveries."""

    def __init__(self, begin: Begin, sender: Sender, clock: Clock) -> None:
        self._begin = begin
        self._sender = sender
        self._clock = clock
        self._doors: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def deliver(self, delivery_id: str) -> None:
        """Run the job DeliverHook: send a message that waits, and note what came of it; run twice, it may come twice.

        While a hook fails, one message at a time tries it: the others wait, and hold nobody up. A few at a time go to
        one receiver: a slow one takes no room from the others.
        """
        async with self._begin() as unit:
            delivery = await unit.hooks.delivery(delivery_id)
        if delivery is not None:
            async with self._doors.setdefault(delivery.hook, asyncio.Semaphore(AT_ONCE)):
                await self._deliver(delivery_id)

    async def _deliver(self, delivery_id: str) -> None:
        now = self._clock.now()
        async with self._begin() as unit:
            delivery = await unit.hooks.delivery(delivery_id)
            if delivery is None or delivery.state is not DeliveryStage.WAITING:
                return
            hook = await unit.hooks.get(delivery.hook)
            if hook.disabled_at is not None:
                await unit.hooks.note(delivery, delivery.given_up("hook_disabled"))
                return
            if hook.rests_until is not None and now < hook.rests_until:
                later = delivery.evolve(due_at=hook.rests_until)
                if await unit.hooks.note(delivery, later):
                    await unit.hooks.make(later)
                return
        body = delivery.body.encode()
        own = {"Content-Type": "application/json", "User-Agent": AGENT}
        signed = headers(hook.secret, delivery.event, now, body)
        answered = await self._sender.send(hook.url, own | signed, body)
        async with self._begin() as unit:
            await self._note(unit, delivery, answered)

    async def _note(self, unit: Unit, delivery: Delivery, answered: Answered) -> None:
        """Keep how it went: done, again later, or given up; a hook that fails for too long is disabled."""
        now, tries = self._clock.now(), delivery.tries + 1
        tried = delivery.evolve(tries=tries, tried_at=now, status=answered.status, error=answered.error)
        delay = next_delay(tries)
        hook = await self._fares(unit, delivery.hook, answered, delay)
        if is_taken(answered.status):
            tried = tried.evolve(state=DeliveryStage.DELIVERED, due_at=None)
        elif delay is None or hook.disabled_at is not None:
            tried = tried.given_up(answered.error)
        else:
            tried = tried.evolve(due_at=now + delay)
        if not await unit.hooks.note(delivery, tried):
            return
        log.info("hook told", hook=hook.id, delivery=delivery.id, state=tried.state.value, status=answered.status)
        if tried.state is DeliveryStage.WAITING:
            await unit.hooks.make(tried)
        await unit.hooks.sweep(now)

    async def _fares(self, unit: Unit, hook_id: str, answered: Answered, delay: timedelta | None) -> Hook:
        """Keep since when a hook fails and how long it is left alone, and disable it in the end."""
        now, hook = self._clock.now(), await unit.hooks.get(hook_id)
        fares = hook.evolve(failing_since=None, rests_until=None)
        if not is_taken(answered.status):
            since = hook.failing_since or now
            fares = hook.evolve(failing_since=since, rests_until=now + min(delay or LONGEST_REST, LONGEST_REST))
            why = why_disabled(hook, now - since, answered.status)
            if why:
                fares = fares.evolve(disabled_at=now, disabled_why=why)
                log.warning("hook disabled", hook=hook.id, why=why)
        if fares != hook:
            await unit.hooks.change(fares)
        return fares
