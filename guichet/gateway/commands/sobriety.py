"""`guichet sobriety`: what hearing the calls of some days has cost."""

import asyncio
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import click

from guichet.citizens.contact import Spent
from guichet.core.errors import BadInput
from guichet.core.language import Bilingual
from guichet.gateway.settings import Settings
from guichet.transcripts.sobriety import Assumptions, Energy, energy

_USUAL = Assumptions()
_TOLD = Bilingual(
    "{calls} appel(s) du {first} au {last} : {listened} écoutées, {cpu} de processeur "
    "({share} par seconde écoutée), soit environ {watt_hours} Wh et {grams} g de CO2e.",
    "{calls} call(s) from {first} to {last}: {listened} listened to, {cpu} of CPU "
    "({share} a second listened to), which is about {watt_hours} Wh and {grams} g of CO2e.",
)


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
    data = _data(first, last, spent, energy(spent.cpu, assumed), assumed)
    language = settings.languages[0]
    if as_json:
        click.echo(json.dumps({**data, "assumptions": {**data["assumptions"], "text": assumed.told().to(language)}}))
        return
    click.echo(_TOLD.to(language).format(**_in_words(data)))
    click.echo(assumed.told().to(language))


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


def _data(first: date, last: date, spent: Spent, used: Energy, assumed: Assumptions) -> dict[str, Any]:
    """Return what is printed, as data."""
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "calls": spent.calls,
        "listened_seconds": round(spent.listened, 1),
        "cpu_seconds": round(spent.cpu, 2),
        "cpu_per_second": round(spent.cpu / spent.listened, 4) if spent.listened else None,
        "watt_hours": round(used.watt_hours, 4),
        "grams_co2e": round(used.grams, 4),
        "assumptions": {"watts": assumed.watts, "overhead": assumed.overhead, "grams_per_kwh": assumed.grams},
    }


def _in_words(data: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of the sentence."""
    return {
        "calls": data["calls"],
        "first": data["from"],
        "last": data["to"],
        "listened": f"{data['listened_seconds']:g} s",
        "cpu": f"{data['cpu_seconds']:g} s",
        "share": "-" if data["cpu_per_second"] is None else f"{data['cpu_per_second']:g} s",
        "watt_hours": f"{data['watt_hours']:g}",
        "grams": f"{data['grams_co2e']:g}",
    }
