"""`guichet report`: how well citizens were served."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from guichet.citizens.contact import Spent
from guichet.core.errors import BadInput
from guichet.gateway.commands.rule_files import Telling, json_option, language_option
from guichet.gateway.commands.rules_desk import Desk, at_desk
from guichet.gateway.settings import Settings
from guichet.routing.measures import By, Period, Report

_USUAL = timedelta(days=30)
_FARTHEST = timedelta(days=3700)
"""A report is of ten years at most."""
_FIRST_YEAR, _LAST_YEAR = 1971, 9000
"""Before and after these, clocks and databases count no more."""


@click.command()
@click.option("--from", "first", metavar="DAY", help="First day (2026-03-01). Default: 30 days before the last.")
@click.option("--to", "last", metavar="DAY", help="Last day, included. Default: today.")
@click.option(
    "--by",
    type=click.Choice([one.value for one in By]),
    default=By.QUEUE.value,
    show_default=True,
    help="What the rows are.",
)
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
@click.option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write a CSV file besides.")
@language_option
@json_option
@click.pass_obj
def report(settings: Settings, /, *, as_json: bool, file: Path | None, **given: Any) -> None:
    """Say how well citizens were served: who got an agent, after what wait, who gave up, who had to come back.

    Days are those of the rule book's time zone. What each figure counts is in docs/measures.md. At the end: what
    hearing the calls has cost, with the assumptions of the estimate (others: `guichet sobriety`).

    guichet report
    guichet report --from 2026-03-01 --to 2026-03-31 --by hour
    guichet report --by day --csv march.csv --json
    """
    from guichet.gateway.energy_in_words import spent_as_json, spent_in_words
    from guichet.routing.measures_in_words import report_as_csv, report_as_json, report_in_words
    from guichet.transcripts.sobriety import Assumptions

    form = "json" if as_json else given["form"]
    telling = Telling.of(settings, given["language"], as_json=form == "json")
    days = _day(given["first"]), _day(given["last"])

    async def work(desk: Desk) -> tuple[Report, Spent]:
        book = await desk.book()
        period = _period(*days, desk.now, book.calendar.zone)
        async with desk.database.read() as unit:
            found = await unit.measures.report(period, By(given["by"]), desk.now)
            return found, await unit.contacts.spent(period.start, period.end)

    found, spent = at_desk(settings, work)
    if file is not None:
        file.write_text(report_as_csv(found), encoding="utf-8")
    assumed = Assumptions()
    telling.print_json({**report_as_json(found), "sobriety": spent_as_json(spent, assumed, telling.to)})
    if form == "csv":
        click.echo(report_as_csv(found), nl=False)
    if form == "table":
        for line in report_in_words(found, telling.to):
            click.echo(line)
        for line in spent_in_words(found.period.first, found.period.last, spent, assumed, telling.to):
            click.echo(line)


def _day(text: str | None) -> date | None:
    """Read a day. Raises BadInput."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"'{text}' is no day: write it as 2026-03-31") from None


def _period(first: date | None, last: date | None, now: datetime, zone: ZoneInfo) -> Period:
    """Return the days asked for. Raises BadInput where they are none, or too many."""
    last = last or now.astimezone(zone).date()
    if last.year > _LAST_YEAR:
        raise BadInput(f"--to {last} is far off: give a day up to today")
    first = first or last - _USUAL
    if first.year < _FIRST_YEAR:
        raise BadInput(f"--from {first} is long past: give a day from {_FIRST_YEAR} on")
    if first > last:
        raise BadInput(f"--from {first} is after --to {last}: swap them")
    if last - first > _FARTHEST:
        raise BadInput(f"from {first} to {last} is more than ten years: ask for a shorter time")
    return Period(first, last, zone)
