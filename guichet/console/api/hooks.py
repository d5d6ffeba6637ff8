"""Outgoing webhooks over the API: who is told, what was sent, and sending it once more."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from guichet.console.api.cursor import read_cursor, write_cursor
from guichet.console.api.kinds import USUAL_LIMIT, Limit, MaybeCursor
from guichet.console.api.operation import Answer, Asked, Operation
from guichet.console.api.token import Scope
from guichet.console.hooks.hook import Delivery, DeliveryStage, Hook, Topic
from guichet.console.hooks.service import add_hook, enable, redeliver

Url = Annotated[str, Meta(pattern=r"^https?://[!-~]{1,490}$", description="Where to post to.", examples=["https://…"])]


class HookShown(msgspec.Struct, frozen=True):
    """A hook; `failing_since` and `disabled_at` tell that it takes nothing."""

    id: str
    url: str
    topics: tuple[Topic, ...]
    created_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_why: str


class HooksShown(msgspec.Struct, frozen=True):
    """Every hook, oldest first."""

    items: tuple[HookShown, ...]


class NewHook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address to be told of what happens."""

    url: Url
    topics: tuple[Topic, ...]


class HookAdded(msgspec.Struct, frozen=True):
    """A new hook, with the secret that signs what it is sent: shown here, and never again."""

    id: str
    secret: str


class DeliveryShown(msgspec.Struct, frozen=True):
    """A message to a hook; `status` is the last answer's, `error` a word where there was none."""

    id: str
    event: str
    topic: Topic
    state: DeliveryStage
    created_at: datetime
    due_at: datetime | None
    tries: int
    tried_at: datetime | None
    status: int | None
    error: str


class DeliveriesPage(msgspec.Struct, frozen=True):
    """A page of deliveries, latest first; the log goes back thirty days."""

    items: tuple[DeliveryShown, ...]
    next: str | None


class DeliveriesWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which deliveries."""

    state: DeliveryStage | UnsetType = UNSET
    limit: Limit = USUAL_LIMIT
    cursor: MaybeCursor = UNSET


async def _list(asked: Asked) -> Answer:
    return Answer(HooksShown(tuple(map(_shown, await asked.unit.hooks.all()))))


async def _add(asked: Asked) -> Answer:
    given: NewHook = asked.body
    url = asked.tools.allowed.checked(given.url)
    hook = await add_hook(asked.unit, url, frozenset(given.topics), asked.now)
    detail = {"topics": sorted(hook.topics)}
    return Answer(HookAdded(hook.id, hook.secret), f"hook:{hook.id}", detail, location=f"/hooks/{hook.id}")


async def _read(asked: Asked) -> Answer:
    return Answer(_shown(await asked.unit.hooks.get(asked.path["id"])))


async def _remove(asked: Asked) -> Answer:
    hook = await asked.unit.hooks.get(asked.path["id"])
    await asked.unit.hooks.remove(hook.id)
    return Answer(_shown(hook), f"hook:{hook.id}")


async def _enable(asked: Asked) -> Answer:
    hook = await enable(asked.unit, asked.path["id"])
    return Answer(_shown(hook), f"hook:{hook.id}")


async def _deliveries(asked: Asked) -> Answer:
    wanted: DeliveriesWanted = asked.query
    hook = await asked.unit.hooks.get(asked.path["id"])
    before = None if wanted.cursor is UNSET else read_cursor(str(wanted.cursor), "delivery", (str,))[0]
    state = None if wanted.state is UNSET else DeliveryStage(wanted.state)
    found = await asked.unit.hooks.deliveries_of(hook.id, wanted.limit + 1, before, state)
    items = tuple(map(_delivery, found[: wanted.limit]))
    following = write_cursor("delivery", [items[-1].id]) if len(found) > wanted.limit else None
    return Answer(DeliveriesPage(items, following))


async def _redeliver(asked: Asked) -> Answer:
    again = await redeliver(asked.unit, asked.path["id"], asked.path["delivery"], asked.now)
    return Answer(_delivery(again), f"hook:{again.hook}", {"delivery": again.id})


def _shown(hook: Hook) -> HookShown:
    return HookShown(
        id=hook.id,
        url=hook.url,
        topics=tuple(sorted(hook.topics)),
        created_at=hook.created_at,
        failing_since=hook.failing_since,
        disabled_at=hook.disabled_at,
        disabled_why=hook.disabled_why,
    )


def _delivery(one: Delivery) -> DeliveryShown:
    return DeliveryShown(**{name: getattr(one, name) for name in DeliveryShown.__struct_fields__})


def operations() -> tuple[Operation, ...]:
    """Return the operations on hooks."""
    return (
        Operation(
            name="list_hooks",
            method="GET",
            path="/hooks",
            scope=Scope.HOOKS_READ,
            summary="List who is told of what happens",
            answers=HooksShown,
            perform=_list,
        ),
        Operation(
            name="add_hook",
            method="POST",
            path="/hooks",
            scope=Scope.HOOKS_WRITE,
            summary="Have an address told of what happens",
            body=NewHook,
            answers=HookAdded,
            perform=_add,
            action="hook.added",
            status=201,
            writes=True,
        ),
        Operation(
            name="read_hook",
            method="GET",
            path="/hooks/{id}",
            scope=Scope.HOOKS_READ,
            summary="Read a hook and how it fares",
            answers=HookShown,
            perform=_read,
        ),
        Operation(
            name="remove_hook",
            method="DELETE",
            path="/hooks/{id}",
            scope=Scope.HOOKS_WRITE,
            summary="Remove a hook and its deliveries",
            answers=HookShown,
            perform=_remove,
            action="hook.removed",
            writes=True,
        ),
        Operation(
            name="enable_hook",
            method="POST",
            path="/hooks/{id}/enable",
            scope=Scope.HOOKS_WRITE,
            summary="Have a disabled hook told again, from now on",
            answers=HookShown,
            perform=_enable,
            action="hook.enabled",
            writes=True,
        ),
        Operation(
            name="list_deliveries",
            method="GET",
            path="/hooks/{id}/deliveries",
            scope=Scope.HOOKS_READ,
            summary="List what was sent to a hook, and what came of it",
            query=DeliveriesWanted,
            answers=DeliveriesPage,
            perform=_deliveries,
        ),
        Operation(
            name="redeliver",
            method="POST",
            path="/hooks/{id}/deliveries/{delivery}/redeliver",
            scope=Scope.HOOKS_WRITE,
            summary="Send a message once more",
            answers=DeliveryShown,
            perform=_redeliver,
            action="hook.redelivered",
            writes=True,
        ),
    )
