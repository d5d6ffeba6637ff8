"""`guichet api`: the tokens that open the API, and who is told of what happens."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import click

from guichet.console.api.token import ApiToken, Scope, new_token
from guichet.console.audit import Entry
from guichet.core.errors import BadInput
from guichet.gateway.commands.api_hooks import hook, in_transaction, json_option
from guichet.gateway.settings import Settings
from guichet.gateway.units import SqlUnit

_SPAN = re.compile(r"([1-9][0-9]{0,4})\s*d(?:ays)?")


@click.group()
def api() -> None:
    """Open the API to other systems, and tell them of what happens.

    guichet api token add --name "GRU" --scope requests:read --scope requests:write
    guichet api hook add https://gru.ville.example/guichet --topic request.closed
    """


@api.group()
def token() -> None:
    """Look after the tokens that open the API."""


api.add_command(hook)


@token.command()
@click.option("--name", required=True, help="Which system uses it.")
@click.option("--scope", "scopes", multiple=True, required=True, help="What it may do; repeatable. `all`: everything.")
@click.option("--expires", help="After so many days ('90d'), or at a moment in UTC ('2027-01-01'). Default: never.")
@json_option
@click.pass_obj
def add(settings: Settings, name: str, scopes: tuple[str, ...], expires: str | None, *, as_json: bool) -> None:
    """Make a token; its text is shown now, and never again.

    guichet api token add --name "GRU" --scope requests:read --scope requests:write --expires 365d
    guichet api token add --name "Statistics" --scope reports:read --json
    """
    wanted = frozenset(Scope if "all" in scopes else map(Scope.parse, scopes))

    async def keep(unit: SqlUnit, now: datetime) -> tuple[ApiToken, str]:
        made, text = new_token(name, wanted, now, _moment(expires, now))
        await unit.tokens.add(made)
        await unit.audit.note(Entry(now, "command", "token.added", f"token:{made.id}", {"scopes": sorted(wanted)}))
        return made, text

    made, text = in_transaction(settings, keep)
    if as_json:
        click.echo(json.dumps({**_row(made), "token": text}, ensure_ascii=False))
        return
    click.echo(_line(made))
    click.echo(f"token (keep it now, it is not shown again): {text}")


@token.command("list")
@json_option
@click.pass_obj
def list_(settings: Settings, *, as_json: bool) -> None:
    """List the tokens: what each may do, when it was last used, whether it is still good.

    guichet api token list
    guichet api token list --json
    """

    async def read(unit: SqlUnit, _now: datetime) -> tuple[ApiToken, ...]:
        return await unit.tokens.all()

    every = in_transaction(settings, read)
    if as_json:
        click.echo(json.dumps([_row(one) for one in every], ensure_ascii=False))
        return
    for one in every:
        click.echo(_line(one))


@token.command()
@click.argument("token_id")
@json_option
@click.pass_obj
def revoke(settings: Settings, token_id: str, *, as_json: bool) -> None:
    """End a token at once, for good.

    guichet api token revoke tok_01m8…
    """

    async def end(unit: SqlUnit, now: datetime) -> ApiToken:
        await unit.audit.note(Entry(now, "command", "token.revoked", f"token:{token_id}"))
        return await unit.tokens.revoke(token_id, now)

    revoked = in_transaction(settings, end)
    click.echo(json.dumps(_row(revoked), ensure_ascii=False) if as_json else _line(revoked))


def _moment(text: str | None, now: datetime) -> datetime | None:
    """Read when a token ends. Raises BadInput."""
    if text is None:
        return None
    span = _SPAN.fullmatch(text)
    try:
        if span:
            return now + timedelta(days=int(span[1]))
        found = datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
    except (ValueError, OverflowError):
        raise BadInput(f"'{text}' is no moment: write '90d' or '2027-01-01'") from None


def _state(one: ApiToken) -> str:
    if one.revoked_at:
        return f"revoked {one.revoked_at:%Y-%m-%d}"
    return f"expires {one.expires_at:%Y-%m-%d %H:%M} UTC" if one.expires_at else "does not expire"


def _line(one: ApiToken) -> str:
    used = f"last used {one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never used"
    return f"{one.id}  {one.name}: {', '.join(sorted(one.scopes))}; {_state(one)}; {used}"


def _row(one: ApiToken) -> dict[str, Any]:
    moments = {name: getattr(one, name) for name in ("created_at", "expires_at", "last_used_at", "revoked_at")}
    told = {name: at and at.isoformat() for name, at in moments.items()}
    return {"id": one.id, "name": one.name, "scopes": sorted(one.scopes), **told}
