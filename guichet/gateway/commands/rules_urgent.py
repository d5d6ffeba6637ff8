"""`guichet rules urgent put|list|end`: urgent messages and emergency closures."""

import getpass
from datetime import datetime, timedelta
from typing import Any

import click

from guichet.core.errors import BadInput, NotFound
from guichet.core.ids import new_id
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.gateway.commands.rule_files import Telling, json_option, language_option
from guichet.gateway.commands.rules_desk import Desk, at_desk
from guichet.gateway.settings import Settings
from guichet.routing.rule_book import RuleBook
from guichet.routing.time_reader import duration
from guichet.routing.urgent import CLOSED, Urgent

_PUT = Bilingual("{id} : les appelants l'entendent jusqu'au {until}", "{id}: callers hear it until {until}")
_ENDED = Bilingual("{id} : retiré", "{id}: taken down")
_NONE = Bilingual("aucun message d'urgence", "no urgent message")
_CLOSES = Bilingual("ferme le guichet", "closes the counter")
_UP = Bilingual("en cours", "up")
_OVER = Bilingual("passé", "over")


@click.group()
def urgent() -> None:
    """Tell every caller something at once, or close the counter, until it expires."""


@urgent.command()
@click.option("--fr", help="What is said in French.")
@click.option("--en", help="What is said in English.")
@click.option("--for", "lasts", required=True, help="How long: '45 min', '4 h', '24 h'.")
@click.option("--close", "closes", is_flag=True, help="Nobody is served meanwhile: the counter is closed.")
@click.option("--line", help="Only for callers of this line: its name or number.")
@click.option("--author", default=getpass.getuser, help="Who puts it up (default: your user name).")
@language_option
@json_option
@click.pass_obj
def put(settings: Settings, /, language: str | None, *, as_json: bool, **given: Any) -> None:
    """Put a message up: the next caller hears it within a second, those on hold at the next announcement.

    guichet rules urgent put --for "6 h" --fr "L'eau est coupée rue Haute." --en "There is no water in rue Haute."
    guichet rules urgent put --for "2 h" --close
    """
    telling = Telling.of(settings, language, as_json=as_json)
    text = _text(given["fr"], given["en"], closes=given["closes"])
    lasts = _lasts(given["lasts"])

    async def work(desk: Desk) -> tuple[Urgent, RuleBook]:
        book = await desk.book()
        line = _line(book, given["line"])
        ends = desk.now + lasts
        message = Urgent(new_id("urg"), text, given["closes"], line, given["author"], desk.now, ends)
        async with desk.database.begin() as unit:
            await unit.urgent_messages.add(message)
        return message, book

    message, book = at_desk(settings, work)
    telling.print_json(_row(message, message.put_up_at))
    telling.say(_PUT, id=message.id, until=f"{message.expires_at.astimezone(book.calendar.zone):%d/%m %H:%M}")


@urgent.command("list")
@language_option
@json_option
@click.pass_obj
def list_(settings: Settings, language: str | None, *, as_json: bool) -> None:
    """List the urgent messages, latest first: those that are up, and the past ones.

    guichet rules urgent list
    """
    telling = Telling.of(settings, language, as_json=as_json)

    async def work(desk: Desk) -> tuple[tuple[Urgent, ...], datetime]:
        async with desk.database.read() as unit:
            return await unit.urgent_messages.all(), desk.now

    messages, now = at_desk(settings, work)
    telling.print_json([_row(one, now) for one in messages])
    for one in messages if not as_json else ():
        state = (_UP if one.is_up(now) else _OVER).to(telling.to)
        closes = f", {_CLOSES.to(telling.to)}" if one.closes else ""
        ends = one.taken_down_at or one.expires_at
        click.echo(
            f"{one.id}  {state}{closes}  {one.put_up_at:%Y-%m-%d %H:%M} – {ends:%Y-%m-%d %H:%M} UTC  "
            f"{one.author}: {one.text.to(telling.to)}"
        )
    if not messages:
        telling.say(_NONE)


@urgent.command()
@click.argument("message_id", required=False)
@language_option
@json_option
@click.pass_obj
def end(settings: Settings, message_id: str | None, language: str | None, *, as_json: bool) -> None:
    """Take a message down before it expires; without an id, all that are up.

    guichet rules urgent end
    """
    telling = Telling.of(settings, language, as_json=as_json)

    async def work(desk: Desk) -> list[str]:
        async with desk.database.begin() as unit:
            up = [one.id for one in await unit.urgent_messages.up(desk.now)]
            if not up or (message_id is not None and message_id not in up):
                raise NotFound("no such urgent message is up: see guichet rules urgent list")
            ended = [message_id] if message_id is not None else up
            for one in ended:
                await unit.urgent_messages.take_down(one, desk.now)
            return ended

    ended = at_desk(settings, work)
    telling.print_json({"ended": ended})
    for one in ended:
        telling.say(_ENDED, id=one)


def _text(fr: str | None, en: str | None, *, closes: bool) -> Bilingual:
    """Return the text in both languages; a closure has the house's when none is given. Raises BadInput."""
    if closes and fr is None and en is None:
        return CLOSED
    if not fr or not en:
        raise BadInput("an urgent message is given in both languages: --fr and --en (or --close alone)")
    return Bilingual(fr, en)


def _lasts(text: str) -> timedelta:
    try:
        return timedelta(minutes=duration(text))
    except ValueError:
        raise BadInput(f"'{text}' is no duration: write '45 min' or '4 h'") from None


def _line(book: RuleBook, name: str | None) -> PhoneNumber | None:
    """Return the number of a line of the book. Raises BadInput with those there are."""
    if name is None:
        return None
    number = PhoneNumber.maybe(name)
    for line in book.lines:
        if name == line.name or number == line.number:
            return line.number
    raise BadInput(f"there is no line '{name}': there are {', '.join(line.name for line in book.lines)}")


def _row(message: Urgent, now: datetime) -> dict[str, Any]:
    return {
        "id": message.id,
        "fr": message.text.fr,
        "en": message.text.en,
        "closes": message.closes,
        "line": message.line.e164 if message.line else None,
        "author": message.author,
        "put_up_at": message.put_up_at.isoformat(),
        "expires_at": message.expires_at.isoformat(),
        "taken_down_at": message.taken_down_at.isoformat() if message.taken_down_at else None,
        "is_up": message.is_up(now),
    }
