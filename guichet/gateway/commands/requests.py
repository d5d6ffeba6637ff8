"""`guichet requests`: who waits, in which order and why. No names, no numbers: requests go by their references."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import click

from guichet.callbacks.order import why_here
from guichet.callbacks.request import Request
from guichet.core.errors import NotFound
from guichet.core.language import Bilingual
from guichet.gateway.commands.rule_files import Telling, json_option, language_option
from guichet.gateway.commands.rules_desk import Desk, at_desk
from guichet.gateway.settings import Settings

_NOBODY = Bilingual("Personne n'attend.", "Nobody is waiting.")
_AHEAD = Bilingual("{ahead} avant dans sa file", "{ahead} before it in its queue")
_STATE = Bilingual("état : {state}", "state: {state}")
_EVENT = "{at}  {before} → {after}  {actor}  {reason}"


@click.group()
def requests() -> None:
    """See who waits, in which order and why."""


@requests.command()
@click.option("--queue", help="Of one queue alone.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many at most.")
@language_option
@json_option
@click.pass_obj
def order(settings: Settings, queue: str | None, limit: int, language: str | None, *, as_json: bool) -> None:
    """List who waits in the one order of holders, callbacks and texts, each with the reasons of its place.

    guichet requests order
    guichet requests order --queue etat_civil --limit 10
    guichet requests order --json
    """
    telling = Telling.of(settings, language, as_json=as_json)

    async def work(desk: Desk) -> tuple[Sequence[Request], ZoneInfo, list[dict[str, Any]]]:
        zone = (await desk.book()).calendar.zone
        async with desk.database.read() as unit:
            found = await unit.requests.in_order(queue, limit)
        return found, zone, [_row(one, desk, zone, telling) | {"place": at} for at, one in enumerate(found, 1)]

    found, _, rows = at_desk(settings, work)
    telling.print_json(rows)
    if not as_json:
        for row in rows:
            click.echo(f"{row['place']:>4}  {row['reference']}  {row['queue']}  {'; '.join(row['because'])}")
    if not found:
        telling.say(_NOBODY)


@requests.command()
@click.argument("reference")
@language_option
@json_option
@click.pass_obj
def show(settings: Settings, reference: str, language: str | None, *, as_json: bool) -> None:
    """Show one request: where it stands and why, and everything that happened to it, by whom and when.

    guichet requests show K7-4QX9
    guichet requests show K7-4QX9 --json
    """
    telling = Telling.of(settings, language, as_json=as_json)

    async def work(desk: Desk) -> dict[str, Any]:
        zone = (await desk.book()).calendar.zone
        async with desk.database.read() as unit:
            found = await unit.requests.by_reference(reference)
            if found is None:
                raise NotFound(f"there is no request {reference}: `guichet requests order` lists those that wait")
            events = await unit.requests.events_of(found.id)
            ahead = await unit.requests.ahead(found)
            tries = await unit.attempts.results_of(found.id)
        told = [
            {
                "at": event.cause.at.isoformat(),
                "attempt": event.attempt,
                "before": event.before,
                "after": event.after,
                "actor": event.cause.actor,
                "reason": event.cause.reason,
            }
            for event in events
        ]
        return _row(found, desk, zone, telling) | {"ahead": ahead, "tries": list(tries), "events": told}

    row = at_desk(settings, work)
    telling.print_json(row)
    if as_json:
        return
    click.echo(f"{row['reference']}  {row['queue']}  {'; '.join(row['because'])}")
    telling.say(_STATE, state=row["state"])
    telling.say(_AHEAD, ahead=row["ahead"])
    for event in row["events"]:
        click.echo(_EVENT.format(**event).rstrip())


def _row(request: Request, desk: Desk, zone: ZoneInfo, telling: Telling) -> dict[str, Any]:
    return {
        "reference": request.reference,
        "kind": request.kind.value,
        "state": request.state.value,
        "queue": request.queue,
        "intent": request.intent,
        "language": request.language.value,
        "priority": request.priority,
        "target_at": request.target_at.isoformat(),
        "opened_at": request.opened_at.isoformat(),
        "reminders": request.reminders,
        "overtook": request.overtook,
        "because": [reason.to(telling.to) for reason in why_here(request, desk.now, zone)],
    }
