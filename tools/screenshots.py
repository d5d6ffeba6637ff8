"""Makes the pictures of the console in docs/images: each page as an agent of the sample commune sees it.

    python -m tools.screenshots

Needs the development requirements and Debian's Chromium (tools/install_packages.sh). The gateway, its database and the
simulated carrier are those of the tests.
"""

import asyncio
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from guichet.carrier.simulator.parties import Answers
from guichet.console.role import Role
from guichet.console.session import Stage
from guichet.routing.agent import Presence
from tests.console.browser import Screen, screen
from tests.console.browsing import employed, signed_in
from tests.console.units import account
from tests.journeys.people import AHMED, CATHERINE, CLAIRE, EMMA, LUCAS, agent, person, says
from tests.journeys.world import World, open_world, prepare

IMAGES = Path(__file__).parents[1] / "docs" / "images"
WIDE, NARROW = 1120, 390


async def main() -> None:
    """Open a gateway, let people call and write, and take the pictures."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite+aiosqlite:///{folder}/guichet.sqlite"
        await prepare(url)
        async with open_world(url, folder) as world:
            await _busy(world)
            await _pictures(world)


async def _busy(world: World) -> None:
    """Let some people wait."""
    born = ("date de naissance", says("le trois mars mille neuf cent quatre-vingt-cinq"))
    await world.call(CATHERINE, person(("Dites en une phrase", says("je voudrais un acte de naissance")), born))
    world.clock.move(timedelta(minutes=7))
    await world.call(AHMED, person(("Dites en une phrase", says("c'est pour ma carte d'identité"))))
    world.clock.move(timedelta(minutes=4))
    await world.text(LUCAS, "je suis sourd, je veux un acte de naissance")
    world.clock.move(timedelta(minutes=2))
    await world.text(EMMA, "je n'entends pas, j'ai besoin d'un passeport")
    world.clock.move(timedelta(minutes=3))
    await world.settled()


async def _pictures(world: World) -> None:
    hired = replace(agent("claire", CLAIRE), name="Claire Fontaine", presence=Presence.PAUSE)
    await world.hire(hired, Answers([], ring=10_000))
    await employed(world, account("claire", name=hired.name, agent=hired.id))
    claire = await signed_in(world, account("claire", name=hired.name, agent=hired.id))
    half = await signed_in(world, account("sam", role=Role.SUPERVISOR), Stage.SETTING_UP)
    first = str((await world.tables()).requests[0].id)
    case = f"/console/cases/{first}"
    await claire.go(f"{case}/take", {})
    await claire.go(f"{case}/note", {"note": "Acte à envoyer par la poste, à son adresse."})
    await claire.go(f"{case}/answer", {"do": "template", "template": "fait", "body": ""})
    async with screen(world.base, width=WIDE) as window:
        await _take(window, "/console/sign-in", "console-sign-in")
        await window.use(claire)
        for path, name in (
            ("/console/desk", "console-desk"),
            (case, "console-case"),
            ("/console/account", "console-account"),
            ("/console/sessions", "console-sessions"),
            ("/console/help", "console-keys"),
            ("/console/none", "console-not-found"),
        ):
            await _take(window, path, name)
    sam = await signed_in(world, account("sandra", role=Role.SUPERVISOR))
    async with screen(world.base, width=WIDE) as window:
        await window.use(sam)
        await _take(window, "/console/rules/form/closures", "console-rules-form")
    async with screen(world.base, width=WIDE) as window:
        await window.use(half)
        await _take(window, "/console/second-factor", "console-second-factor")
    async with screen(world.base, width=NARROW, scheme="dark") as window:
        await window.use(claire)
        await _take(window, case, "console-case-phone")


async def _take(window: Screen, path: str, name: str) -> None:
    await window.go(path)
    await window.page.screenshot(path=IMAGES / f"{name}.png", full_page=True)
    print(f"{name}.png: {(IMAGES / f'{name}.png').stat().st_size // 1000} kB")


if __name__ == "__main__":
    asyncio.run(main())
