"""`guichet agents password`: who may sign in to the console, as what."""

import asyncio
import json
import sys
from typing import Any

import click

from guichet.console.account import Account
from guichet.console.role import Role
from guichet.core.errors import BadInput
from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.gateway.settings import Settings

_AT_A_TERMINAL = "Password (twelve characters at least; nothing is shown)"


@click.command()
@click.argument("login")
@click.option("--name", help="As colleagues know them (default: the agent's name, or the login).")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Default for a new account: agent.")
@click.option("--agent", help="The id of the agent they are (guichet agents list).")
@click.option("--language", type=click.Choice([known.value for known in Language]), help="Of their pages.")
@click.option("--no-password", is_flag=True, help="Leave the password: they sign in through OPENID_ISSUER.")
@click.option("--forget-second-factor", is_flag=True, help="Their telephone is lost: they set another one up.")
@click.option("--disable/--enable", "is_disabled", default=None, help="Shut the account, or open it again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def password(settings: Settings, /, login: str, *, no_password: bool, as_json: bool, **given: Any) -> None:
    """Make or change an account of the console; the password is asked for, or read from the standard input.

    guichet agents password awa.diallo --agent agent_01m8…
    guichet agents password paul.roy@mairie.example --name "Paul Roy" --role supervisor
    pass show guichet/awa | guichet agents password awa.diallo
    guichet agents password awa.diallo --forget-second-factor --no-password
    guichet agents password awa.diallo --disable --no-password
    """
    from guichet.console.accounts import Accounts, Wanted
    from guichet.console.passwords import Passwords
    from guichet.core.clock import SystemClock
    from guichet.gateway.services import open_database
    from guichet.routing.sql_agent_store import SqlAgentStore

    secret = None if no_password or given["is_disabled"] else _asked_for()
    role, language = given["role"], given["language"]

    async def run() -> tuple[Account, bool]:
        async with open_database(settings) as base:
            name, agent = given["name"], given["agent"]
            if agent:
                async with base.read() as unit:
                    name = name or (await SqlAgentStore(unit.connection).get(AgentId(agent))).name
            wanted = Wanted(
                login=login,
                name=name,
                role=Role(role) if role else None,
                password=secret,
                agent=AgentId(agent) if agent else None,
                language=Language(language) if language else None,
                forget_second_factor=given["forget_second_factor"],
                is_disabled=given["is_disabled"],
            )
            return await Accounts(base.begin, Passwords(), SystemClock()).put(wanted, "command")

    account, is_new = asyncio.run(run())
    click.echo(json.dumps(_row(account), ensure_ascii=False) if as_json else _line(account, is_new=is_new))


def _asked_for() -> str:
    """Ask for the password at a terminal, or read the first line that comes in: never an argument others could see."""
    if sys.stdin.isatty():
        secret = str(click.prompt(_AT_A_TERMINAL, hide_input=True, confirmation_prompt="Once more", err=True))
    else:
        secret = sys.stdin.readline().rstrip("\n")
    if not secret:
        raise BadInput("no password was given: type it when asked, send it to the standard input, or --no-password")
    return secret


def _line(account: Account, *, is_new: bool) -> str:
    done = "made" if is_new else "changed"
    tied = f", agent {account.agent}" if account.agent else ""
    shut = ", disabled" if account.disabled_at else ""
    return f"{account.id}  {account.login}: {account.name}, {account.role.value}{tied}{shut} ({done})"


def _row(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "role": account.role.value,
        "agent": account.agent,
        "language": account.language.value,
        "second_factor": account.totp is not None,
        "disabled": account.disabled_at is not None,
    }
