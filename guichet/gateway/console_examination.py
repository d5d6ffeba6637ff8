"""What `guichet doctor` looks at for the console: who can sign in, how safely, and what its pages need."""

import asyncio
from urllib.parse import urlsplit

from guichet.console.appearance import Appearance, read_logo
from guichet.console.assets import packaged
from guichet.console.openid import OpenId
from guichet.console.role import Role
from guichet.core.clock import SystemClock
from guichet.core.errors import BadInput, Unavailable
from guichet.gateway.console_services import provider_of
from guichet.gateway.health import Check
from guichet.gateway.services import open_database
from guichet.gateway.settings import Settings

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
POWERFUL = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


def console_checks(settings: Settings) -> dict[str, Check]:
    """Return the checks of the console; that of a provider of identities only where one is set."""
    checks: dict[str, Check] = {
        "console accounts": lambda: _accounts(settings),
        "console sign-in": lambda: _sign_in(settings),
        "console appearance": lambda: asyncio.to_thread(_appearance, settings),
    }
    if settings.openid_issuer:
        checks["identity provider"] = lambda: _provider(settings)
    return checks


async def _accounts(settings: Settings) -> None:
    """Look whether somebody can sign in, and whether the agents can be reached at their desk."""
    async with open_database(settings) as database, database.read() as unit:
        accounts = [one for one in await unit.accounts.all() if one.disabled_at is None]
        agents = await unit.agents.all()
    if not accounts:
        raise Unavailable(
            "nobody can sign in: `guichet agents password LOGIN --name NAME --role administrator` makes an account"
        )
    if Role.ADMINISTRATOR not in {one.role for one in accounts}:
        raise Unavailable("there is no administrator: `guichet agents password LOGIN --name NAME --role administrator`")
    tied = {one.agent for one in accounts}
    idle = [one.name for one in agents if one.id not in tied]
    if idle and len(idle) == len(agents):
        raise Unavailable("no agent has a desk: tie an account to one, `guichet agents password LOGIN --agent ID`")


async def _sign_in(settings: Settings) -> None:
    """Look whether what protects sign-in is there, where more than this machine can reach it."""
    if urlsplit(settings.public_url).hostname in LOCAL:
        return
    if settings.console_plain_http:
        raise BadInput("GUICHET_CONSOLE_PLAIN_HTTP lets cookies travel unprotected: take it out")
    missing = sorted(POWERFUL - set(settings.second_factor))
    if missing and not settings.openid_issuer:
        named = ",".join(sorted({*settings.second_factor, *POWERFUL}))
        raise BadInput(f"{' and '.join(missing)} sign in with a password alone: set GUICHET_SECOND_FACTOR={named}")


def _appearance(settings: Settings) -> None:
    packaged(Appearance(settings.console_title, settings.console_colour, read_logo(settings.console_logo)))


async def _provider(settings: Settings) -> None:
    """Ask the provider of identities for its description and its keys."""
    if not settings.openid_client_id or not settings.openid_client_secret:
        raise BadInput("set GUICHET_OPENID_CLIENT_ID and GUICHET_OPENID_CLIENT_SECRET: the provider gave them to you")
    await OpenId(provider_of(settings), SystemClock()).begin()
