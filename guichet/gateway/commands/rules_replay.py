"""`guichet rules replay` and `guichet rules sample-history`: what a draft would have made of past contacts."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import click

from guichet.core.language import Bilingual
from guichet.gateway.commands.rule_files import Telling, json_option, language_option, usable
from guichet.gateway.commands.rules_desk import Desk, at_desk
from guichet.gateway.commands.rules_drafts import opened
from guichet.gateway.settings import Settings
from guichet.routing.rule_book import RuleBook

_EVERY_SECONDS = 1.0
_DONE = Bilingual("{done} / {total} contacts", "{done} / {total} contacts")
_WRITTEN = Bilingual(
    "historique d'exemple : {contacts} contacts inventés sur {days} jours, décidés par la version {number} du livre",
    "sample history: {contacts} invented contacts over {days} days, decided by version {number} of the book",
)


@click.command()
@click.option("--draft", required=True, type=click.Path(path_type=Path), help="The rule book to try: a file, or @NAME.")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3660), help="How many days back.")
@click.option("--examples", default=3, show_default=True, type=click.IntRange(0, 100), help="Examples of each change.")
@language_option
@json_option
@click.pass_obj
def replay(settings: Settings, draft: Path, days: int, examples: int, language: str | None, *, as_json: bool) -> None:
    """Say what a draft would have made of the contacts of the last days; nothing is changed.

    Matters whose outcome or queue changes, with examples; waits, answers and targets by a simulation with the agents
    and handling times of those days. Progress is told on stderr.

    guichet rules replay --draft draft.yaml
    guichet rules replay --draft draft.yaml --days 90 --json
    """
    from guichet.gateway.past_days import past_contacts, staff_of
    from guichet.routing.replay import Replay
    from guichet.routing.replay_in_words import replay_as_json, replay_in_words

    telling = Telling.of(settings, language, as_json=as_json)
    tried = usable(draft, opened(settings, draft).text, telling)

    async def work(desk: Desk) -> Replay:
        since = desk.now - timedelta(days=days)
        published = await _knowing(settings, await desk.book())
        async with desk.database.read() as unit:
            total = await unit.contacts.count(since)
        one = Replay(
            published,
            await _knowing(settings, tried),
            await staff_of(desk.database, published, since, desk.now),
            examples,
        )
        tell, done = _progress(telling, total), 0
        async for read, contacts in past_contacts(desk.database, since):
            for past in contacts:
                one.take(past)
            done += read
            tell(done)
        one.close()
        return one

    found = at_desk(settings, work)
    telling.print_json(replay_as_json(found))
    for line in replay_in_words(found) if not as_json else ():
        click.echo(line.to(telling.to))


@click.command("sample-history")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 400))
@click.option("--contacts", default=10_000, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same history.")
@language_option
@json_option
@click.pass_obj
def sample_history(
    settings: Settings, days: int, contacts: int, seed: int, language: str | None, *, as_json: bool
) -> None:
    """Fill an empty database with invented contacts, to try replays on; each is marked as a sample.

    GUICHET_DATA_DIR=/tmp/sample guichet database upgrade
    GUICHET_DATA_DIR=/tmp/sample guichet rules sample-history --days 60 --contacts 20000
    """
    from guichet.gateway.sample_days import write
    from guichet.routing.rule_version import in_force
    from guichet.routing.sample_history import SampleHistory

    telling = Telling.of(settings, language, as_json=as_json)

    async def work(desk: Desk) -> int:
        book = await _knowing(settings, await desk.book())
        history = SampleHistory(book, seed, days, contacts, desk.now)
        await write(desk.database, book, history, _progress(telling, contacts))
        current = in_force(await desk.all(), desk.now)
        return current.number if current else 0

    number = at_desk(settings, work)
    telling.print_json({"sample": True, "contacts": contacts, "days": days, "seed": seed, "version": number})
    telling.say(_WRITTEN, contacts=contacts, days=days, number=number)


COMMANDS: Sequence[click.Command] = (replay, sample_history)


async def _knowing(settings: Settings, book: RuleBook) -> RuleBook:
    """Return a book with the intent book in force."""
    from guichet.gateway.commands.intents_desk import find_book

    return book.knowing(await find_book(settings))


def _progress(telling: Telling, total: int) -> Callable[[int], None]:
    """Return what tells on stderr, once a second, how far it is."""
    last = time.monotonic()

    def tell(done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY_SECONDS:
            last = time.monotonic()
            click.echo(_DONE.format(done=done, total=total).to(telling.to), err=True)

    return tell
