from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from aiohttp.test_utils import TestServer

from guichet.gateway.app import application
from tests.console.browsing import Visitor, employed, visitor
from tests.console.provider import CLIENT, SECRET, LocalProvider, provider
from tests.console.units import account
from tests.journeys.world import World


@asynccontextmanager
async def with_provider(world: World) -> AsyncIterator[tuple[Visitor, LocalProvider]]:
    """Run the gateway once more, on the same database, with a provider of identities."""
    async with provider(world.clock) as local:
        settings = world.services.settings.evolve(
            openid_issuer=local.base, openid_client_id=CLIENT, openid_client_secret=SECRET, openid_name="ProConnect"
        )
        async with TestServer(application(replace(world.services, settings=settings), None)) as server:
            awa = visitor(world)
            awa.base = str(server.make_url("/"))
            yield awa, local


async def come_back(person: Visitor, local: LocalProvider) -> str:
    """Go to the provider and back; return where that leads."""
    there = await person.ask("GET", "/console/openid")
    answer = local.consent(there.headers["Location"])
    page = await person.ask("GET", f"/console/openid/callback?code={answer['code']}&state={answer['state']}")
    return page.headers["Location"]


async def test_somebody_signs_in_through_the_provider(world: World) -> None:
    await employed(world, account("awa@mairie.example", password=""))
    async with with_provider(world) as (awa, local):
        assert "Se connecter avec ProConnect" in (await awa.go("/console/sign-in")).words
        assert await come_back(awa, local) == "/console/"
        assert (await awa.go("/console/account")).url == "/console/account"
        assert "__Host-guichet-openid" not in awa.cookies


async def test_whom_the_provider_knows_and_we_do_not_is_told(world: World) -> None:
    async with with_provider(world) as (awa, local):
        assert await come_back(awa, local) == "/console/sign-in?said=openid_unknown"
        local.lies = {"nonce": "another"}
        assert await come_back(awa, local) == "/console/sign-in?said=openid_refused"
        page = await awa.go("/console/sign-in?said=openid_unknown")
        assert "vous n’avez pas de compte ici" in page.words


async def test_an_answer_that_nobody_waits_for_opens_nothing(world: World) -> None:
    async with with_provider(world) as (awa, _):
        page = await awa.ask("GET", "/console/openid/callback?code=stolen&state=x")
        assert page.headers["Location"] == "/console/sign-in?said=openid_late"
        assert "__Host-guichet" not in awa.cookies
