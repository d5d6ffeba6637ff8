"""`guichet api hook`: outgoing webhooks."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import click

from guichet.console.audit import Entry
from guichet.console.hooks.addresses import Allowed
from guichet.console.hooks.hook import Delivery, DeliveryStage, Hook, Topic
from guichet.console.hooks.service import add_hook, enable, redeliver
from guichet.core.clock import SystemClock
from guichet.gateway.settings import Settings
from guichet.gateway.units import SqlUnit

T = TypeVar("T")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def hook() -> None:
    """Look after outgoing webhooks: who is told of what happens, and what they were sent."""


@hook.command()
@click.argument("url")
@click.option("--topic", "topics", multiple=True, help="What to be told of; repeatable. Default: everything.")
@json_option
@click.pass_obj
def add(settings: Settings, url: str, topics: tuple[str, ...], *, as_json: bool) -> None:
    """Have an address told; the secret that signs what it is sent is shown now, and never again.

    Topics: request.opened, request.changed, request.closed, contact.ended.

    guichet api hook add https://gru.ville.example/guichet
    guichet api hook add https://gru.ville.example/guichet --topic request.closed --topic contact.ended --json
    """
    wanted = frozenset(map(Topic.parse, topics) if topics else Topic)

    async def keep(unit: SqlUnit, now: datetime) -> Hook:
        made = await add_hook(unit, Allowed.parse(settings.hook_allow).checked(url), wanted, now)
        await unit.audit.note(Entry(now, "command", "hook.added", f"hook:{made.id}", {"topics": sorted(wanted)}))
        return made

    made = in_transaction(settings, keep)
    if as_json:
        click.echo(json.dumps({**_row(made), "secret": made.secret}))
        return
    click.echo(_line(made))
    click.echo(f"secret (keep it now, it is not shown again): {made.secret}")


@hook.command("list")
@json_option
@click.pass_obj
def list_(settings: Settings, *, as_json: bool) -> None:
    """List the hooks, with those that fail or were disabled.

    guichet api hook list
    guichet api hook list --json
    """

    async def read(unit: SqlUnit, _now: datetime) -> tuple[Hook, ...]:
        return await unit.hooks.all()

    every = in_transaction(settings, read)
    if as_json:
        click.echo(json.dumps([_row(one) for one in every]))
        return
    for one in every:
        click.echo(_line(one))


@hook.command()
@click.argument("hook_id")
@json_option
@click.pass_obj
def remove(settings: Settings, hook_id: str, *, as_json: bool) -> None:
    """Forget a hook and what it was sent.

    guichet api hook remove hook_01m8…
    """

    async def forget(unit: SqlUnit, now: datetime) -> None:
        await unit.hooks.remove(hook_id)
        await unit.audit.note(Entry(now, "command", "hook.removed", f"hook:{hook_id}"))

    in_transaction(settings, forget)
    click.echo(json.dumps({"id": hook_id, "state": "removed"}) if as_json else f"{hook_id} is removed")


@hook.command("enable")
@click.argument("hook_id")
@json_option
@click.pass_obj
def enable_(settings: Settings, hook_id: str, *, as_json: bool) -> None:
    """Have a hook told again that was disabled because it took nothing.

    guichet api hook enable hook_01m8…
    """

    async def again(unit: SqlUnit, now: datetime) -> Hook:
        await unit.audit.note(Entry(now, "command", "hook.enabled", f"hook:{hook_id}"))
        return await enable(unit, hook_id)

    enabled = in_transaction(settings, again)
    click.echo(json.dumps(_row(enabled)) if as_json else _line(enabled))


@hook.command()
@click.argument("hook_id")
@click.option("--state", type=click.Choice([one.value for one in DeliveryStage]), help="Only those in this state.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many at most.")
@json_option
@click.pass_obj
def deliveries(settings: Settings, hook_id: str, state: str | None, limit: int, *, as_json: bool) -> None:
    """List what was sent to a hook, latest first, and what came of it.

    guichet api hook deliveries hook_01m8…
    guichet api hook deliveries hook_01m8… --state given_up --json
    """

    async def read(unit: SqlUnit, _now: datetime) -> list[Delivery]:
        await unit.hooks.get(hook_id)
        wanted = DeliveryStage(state) if state else None
        return list(await unit.hooks.deliveries_of(hook_id, limit, state=wanted))

    every = in_transaction(settings, read)
    if as_json:
        click.echo(json.dumps([_delivery_row(one) for one in every]))
        return
    for one in every:
        came = one.status or one.error or "not tried yet"
        click.echo(
            f"{one.id}  {one.created_at:%Y-%m-%d %H:%M}  {one.topic:<15} {one.state:<9} {one.tries} tries: {came}"
        )


@hook.command("redeliver")
@click.argument("hook_id")
@click.argument("delivery_id")
@json_option
@click.pass_obj
def redeliver_(settings: Settings, hook_id: str, delivery_id: str, *, as_json: bool) -> None:
    """Send a message once more; its receiver knows it by the same webhook-id.

    guichet api hook redeliver hook_01m8… dlv_01m8…
    """

    async def again(unit: SqlUnit, now: datetime) -> Delivery:
        entry = Entry(now, "command", "hook.redelivered", f"hook:{hook_id}", {"delivery": delivery_id})
        await unit.audit.note(entry)
        return await redeliver(unit, hook_id, delivery_id, now)

    one = in_transaction(settings, again)
    click.echo(json.dumps(_delivery_row(one)) if as_json else f"{one.id} is sent once more")


def in_transaction(settings: Settings, work: Callable[[SqlUnit, datetime], Awaitable[T]]) -> T:
    """Do it in one transaction of the installation's database."""
    from guichet.gateway.services import open_database

    now = SystemClock(timedelta(seconds=settings.clock_offset)).now()

    async def run() -> T:
        async with open_database(settings) as database:
            await database.check()
            async with database.begin() as unit:
                return await work(unit, now)

    return asyncio.run(run())


def _line(one: Hook) -> str:
    state = "told"
    if one.disabled_at:
        state = f"DISABLED {one.disabled_at:%Y-%m-%d %H:%M}: {one.disabled_why}"
    elif one.failing_since:
        state = f"failing since {one.failing_since:%Y-%m-%d %H:%M}"
    return f"{one.id}  {one.url}: {', '.join(sorted(one.topics))}; {state}"


def _row(one: Hook) -> dict[str, Any]:
    moments = {name: getattr(one, name) for name in ("created_at", "failing_since", "disabled_at")}
    told = {name: at and at.isoformat() for name, at in moments.items()}
    return {"id": one.id, "url": one.url, "topics": sorted(one.topics), **told, "disabled_why": one.disabled_why}


def _delivery_row(one: Delivery) -> dict[str, Any]:
    moments = {name: getattr(one, name) for name in ("created_at", "due_at", "tried_at")}
    told = {name: at and at.isoformat() for name, at in moments.items()}
    plain = {name: getattr(one, name) for name in ("id", "event", "tries", "status", "error")}
    return {**plain, "topic": one.topic.value, "state": one.state.value, **told}
