"""The console, composed: who may come in, what they see, and what it works with."""

from aiohttp import web
from argon2 import PasswordHasher

from guichet.console import static_web
from guichet.console.account_web import AccountPages
from guichet.console.accounts import Accounts
from guichet.console.appearance import Appearance, read_logo
from guichet.console.assets import packaged
from guichet.console.cookies import Cookies
from guichet.console.door import Door
from guichet.console.factors import Factors
from guichet.console.openid import OpenId, Provider
from guichet.console.openid_web import OpenIdPages
from guichet.console.pages import Pages, Place
from guichet.console.passwords import Passwords
from guichet.console.permissions import ROOT
from guichet.console.sign_in import SignIn
from guichet.console.sign_in_web import SignInPages
from guichet.console.web import application
from guichet.gateway.cockpit_services import PLACES, Cockpit
from guichet.gateway.console_desk import desk_routes, streams_of
from guichet.gateway.services import Services
from guichet.gateway.settings import Settings

MENU = (Place(f"{ROOT}/desk", "desk.title", "d"), *PLACES)
"""The places at the head of every page, in the order of where people begin."""


def mount(app: web.Application, services: Services, hasher: PasswordHasher | None = None) -> None:
    """Mount the console under /console/. `hasher` tells what a password's hash costs."""
    settings, database, clock = services.settings, services.database, services.clock
    passwords = Passwords(hasher)
    sign_in = SignIn(database.begin, database.read, passwords, clock, settings.second_factor)
    factors = Factors(database.begin, clock)
    cookies = Cookies(plain_http=settings.console_plain_http)
    appearance = Appearance(settings.console_title, settings.console_colour, read_logo(settings.console_logo))
    assets = packaged(appearance)
    pages = Pages(assets, appearance, clock, lambda: services.rules.book().calendar.zone, MENU)
    openid = OpenId(provider_of(settings), clock) if settings.openid_issuer else None
    signing_in = SignInPages(
        sign_in,
        factors,
        pages,
        cookies,
        issuer=settings.console_title,
        provider=settings.openid_name if openid else "",
    )
    own = AccountPages(sign_in, factors, database.begin, pages, cookies, issuer=settings.console_title)
    door = Door(sign_in, pages, cookies, proxies=settings.console_proxies)
    cockpit = Cockpit(services, pages, Accounts(database.begin, passwords, clock))
    app.on_shutdown.append(cockpit.close)
    streams = streams_of(services)
    routes = (
        *desk_routes(services, pages, streams),
        *signing_in.routes(),
        *OpenIdPages(openid, database.begin, sign_in, cookies, clock).routes(),
        *own.routes(MENU),
        *static_web.routes(assets),
        *cockpit.routes,
    )

    async def enter(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=308, headers={"Location": f"{ROOT}/"})

    app.router.add_get(ROOT, enter)
    console = application(door, routes)
    console.on_shutdown.append(streams.close)
    app.add_subapp(ROOT, console)


def provider_of(settings: Settings) -> Provider:
    """Return the provider of identities of the settings."""
    return Provider(
        issuer=settings.openid_issuer,
        client_id=settings.openid_client_id,
        client_secret=settings.openid_client_secret,
        redirect_uri=f"{settings.public_url}{ROOT}/openid/callback",
        claim=settings.openid_claim,
    )
