"""`guichet sobriety`: what hearing the calls of some days has cost."""

import asyncio
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import click

from guichet.citizens.contact import Spent
from guichet.core.errors import BadInput
from guichet.gateway.energy_in_words import spent_as_json, spent_in_words
from guichet.gateway.settings import Settings
from guichet.transcripts.sobriety import Assumptions

_USUAL = Assumptions()


@click.command()
@click.option("--from", "first", metavar="DAY", help="First day (2026-03-01, UTC). Default: 30 days before the last.")
@click.option("--to", "last", metavar="DAY", help="Last day, included. Default: today.")
@click.option("--watts", type=click.FloatRange(0), default=_USUAL.watts, show_default=True, help="Of one busy core.")
@click.option("--overhead", type=click.FloatRange(1), default=_USUAL.overhead, show_default=True, help="PUE.")
@click.option("--grams", type=click.FloatRange(0), default=_USUAL.grams, show_default=True, help="CO2e a kWh.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def sobriety(settings: Settings, /, *, as_json: bool, **given: Any) -> None:
    """Sum the CPU seconds of the recogniser over calls, with an estimate of the energy.

    guichet sobriety
    guichet sobriety --from 2026-03-01 --to 2026-03-31 --watts 6 --json
    """
    last = _day(given["last"]) if given["last"] else datetime.now(UTC).date()
    first = _day(given["first"]) if given["first"] else last - timedelta(days=30)
    if first > last:
        raise BadInput(f"--from {first} is after --to {last}: swap them")
    assumed = Assumptions(given["watts"], given["overhead"], given["grams"])
    spent = asyncio.run(_spent(settings, first, last))
    language = settings.languages[0]
    if as_json:
        days = {"from": first.isoformat(), "to": last.isoformat()}
        click.echo(json.dumps({**days, **spent_as_json(spent, assumed, language)}))
        return
    for line in spent_in_words(first, last, spent, assumed, language):
        click.echo(line)


def _day(text: str) -> date:
    """Read a day. Raises BadInput."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"'{text}' is no day: write it as 2026-03-31") from None


async def _spent(settings: Settings, first: date, last: date) -> Spent:
    """Ask the database."""
    from guichet.gateway.services import open_database

    async with open_database(settings) as base, base.read() as unit:
        return await unit.contacts.spent(
            datetime.combine(first, time(), UTC), datetime.combine(last + timedelta(days=1), time(), UTC)
        )
