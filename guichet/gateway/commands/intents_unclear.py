"""`guichet intents unclear`: what citizens said that was not understood, ready to become examples."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import click

from guichet.core.errors import NotFound
from guichet.core.ids import ContactId
from guichet.gateway.settings import Settings
from guichet.routing.unclear import Group, Unclear, grouped

NO_MATTER = "hors_sujet"
"""Where texts belong that are near to no matter."""


def _group_json(group: Group) -> dict[str, Any]:
    """Write a group for scripts."""
    texts = [
        {"id": one.id, "at": one.at.isoformat(), "channel": one.channel, "language": one.language, "text": one.text}
        for one in group.texts
    ]
    return {"count": len(group.texts), "suggestion": group.suggestion, "texts": texts}


def _print_groups(groups: Sequence[Group]) -> None:
    """Print groups for people: each text as the book would have it, with what names it behind."""
    if not groups:
        click.echo("everything was understood, or has been settled")
    for group in groups:
        times = f"{len(group.texts)} times" if len(group.texts) > 1 else "once"
        click.echo(f"{times}; perhaps {group.suggestion or NO_MATTER}:")
        for one in group.texts:
            click.echo(f"  - {json.dumps(one.text, ensure_ascii=False)}  # {one.language}, {one.id}")


def _named(text: str) -> tuple[ContactId, int]:
    """Read what names a text. Raises NotFound."""
    contact, _, turn = text.partition(":")
    if not turn.isdecimal():
        raise NotFound(f"no text is named {text}; `guichet intents unclear` shows their names, as con_…:3")
    return ContactId(contact), int(turn)


@click.command()
@click.option("--days", type=click.IntRange(1, 3660), default=30, help="How far back (30).")
@click.option("--settle", multiple=True, metavar="NAME", help="Mark a text as dealt with, and show it no more.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a group.")
@click.pass_obj
def unclear(settings: Settings, /, days: int, settle: tuple[str, ...], *, as_json: bool) -> None:
    """Show what was not understood: masked, alike texts together, with the matter they may belong to.

    A line can be put into the intent book as it stands; then say so with --settle.

    guichet intents unclear --days 7
    guichet intents unclear --settle con_01k…:1
    """
    if settle:
        asyncio.run(_settle(settings, [_named(one) for one in settle]))
        click.echo(f"{len(settle)} settled")
        return
    groups = _grouped(settings, asyncio.run(_texts(settings, timedelta(days=days))))
    if as_json:
        for group in groups:
            click.echo(json.dumps(_group_json(group), ensure_ascii=False))
    else:
        _print_groups(groups)


def _grouped(settings: Settings, texts: Sequence[Unclear]) -> Sequence[Group]:
    """Group texts by the book in force; without any, no matcher is trained."""
    if not texts:
        return ()
    from guichet.gateway.commands.intents_desk import book_in_force
    from guichet.routing.intent_matcher import IntentMatcher
    from guichet.transcripts.redact import without_labels

    matcher = IntentMatcher.train(book_in_force(settings))
    return grouped(texts, lambda text: matcher.nearest(without_labels(text)))


async def _texts(settings: Settings, back: timedelta) -> Sequence[Unclear]:
    """Read the texts."""
    from guichet.core.clock import SystemClock
    from guichet.gateway.services import open_database

    since: datetime = SystemClock().now() - back
    async with open_database(settings) as database:
        await database.check()
        async with database.read() as unit:
            return await unit.unclear.since(since)


async def _settle(settings: Settings, named: Sequence[tuple[ContactId, int]]) -> None:
    """Mark texts as dealt with, all of them or none."""
    from guichet.core.clock import SystemClock
    from guichet.gateway.services import open_database

    async with open_database(settings) as database:
        await database.check()
        async with database.begin() as unit:
            for contact, turn in named:
                if not await unit.unclear.settle(contact, turn, SystemClock().now()):
                    raise NotFound(f"no text is named {contact}:{turn}; nothing was settled")
