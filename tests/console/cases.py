"""Cases for agents to work, made by citizens who call and write."""

from dataclasses import replace

from guichet.callbacks.request import Request
from guichet.carrier.simulator.parties import Answers, Party
from guichet.console.account import Account
from guichet.core.ids import RequestId
from guichet.routing.agent import Presence
from tests.console.browsing import Visitor, employed, signed_in
from tests.console.units import account
from tests.journeys.people import BRUNO, CATHERINE, CLAIRE, LUCAS, agent, person, says
from tests.journeys.world import World

PHONES = {"claire": CLAIRE, "bruno": BRUNO}


async def serving(world: World, name: str = "claire", party: Party | None = None, presence: str = "away") -> Visitor:
    """Return the browser of an agent who has signed in; their telephone is away unless said otherwise."""
    hired = replace(agent(name, PHONES[name]), presence=Presence(presence))
    await world.hire(hired, party or Answers([], ring=10_000))
    mine: Account = account(name, agent=hired.id, name=hired.name)
    await employed(world, mine)
    return await signed_in(world, mine)


async def written(world: World, number: str = LUCAS, body: str = "je suis sourd, je veux un acte de naissance") -> None:
    """Let somebody write to us."""
    await world.text(number, body)


async def called(world: World) -> None:
    """Let Catherine ask for a birth certificate by telephone: she is to be called back."""
    await world.call(CATHERINE, person(("Dites en une phrase", says("un acte de naissance"))))


async def requests(world: World) -> list[Request]:
    """Return all requests, oldest first."""
    tables = await world.tables()
    async with world.services.database.read() as unit:
        found = [await unit.requests.get(RequestId(row.id)) for row in tables.requests]
    return [one for one in found if one is not None]
