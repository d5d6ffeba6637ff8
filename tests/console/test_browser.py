"""What people do at the desk, in a real browser, by keyboard alone; and what its pages are worth to everybody."""

from datetime import timedelta
from typing import Literal

import pytest

from guichet.carrier.simulator.parties import Answers, HangUp, Press
from guichet.console.role import Role
from guichet.console.session import Stage
from guichet.routing.agent import Presence
from tests.console.browser import Screen, screen
from tests.console.browsing import signed_in
from tests.console.cases import called, requests, serving, written
from tests.console.test_desk_pages import presence_of
from tests.console.units import SECRET, account
from tests.journeys.people import CATHERINE, accepts
from tests.journeys.world import World

pytestmark = pytest.mark.browser


async def test_by_keyboard_alone_from_signing_in_to_a_callback_and_a_text(world: World) -> None:
    await called(world)
    await world.move(timedelta(minutes=2))
    world.simulator.party(CATHERINE, Answers([Press("1"), HangUp(40.0)], ring=4))
    await serving(world, party=accepts())
    async with screen(world.base) as window:
        await window.go("/console/")
        await window.tab_to("Identifiant")
        await window.type("claire")
        await window.press("Tab")
        await window.type(SECRET)
        await window.press("Enter")
        await window.sees("Ma présence")
        await window.press("p", "a")
        await window.sees("C’est noté.")
        await _called_back(world, window)
        await _text_answered(world, window)
        assert window.hosts == {world.base.removeprefix("http://")}
        assert window.errors == []


async def _called_back(world: World, window: Screen) -> None:
    """Take the callback that rings, and conclude it."""
    await world.services.offering.look()
    await world.settled()
    await world.move(timedelta(seconds=10))
    (request,) = await requests(world)
    await window.sees(f"Ouvrir {request.reference}")
    await window.press("o")
    await window.sees("Issue")
    await window.press("n")
    await window.type("Acte à envoyer par la poste")
    await window.tab_to("Garder la note")
    await window.press("Enter")
    await window.sees("La note est gardée.")
    await window.press("f")
    assert await window.focused() == "Issue"
    await window.press("ArrowDown")
    await window.tab_to("Conclure le dossier")
    await window.press("Enter")
    await window.sees("Le dossier est conclu.")
    assert await presence_of(world) is Presence.AVAILABLE


async def _text_answered(world: World, window: Screen) -> None:
    """Take the text that arrives while the desk is open, answer it, and conclude."""
    await written(world)
    await window.sees("Prendre le suivant")
    await window.press("s")
    await window.sees("entre les mains d’un agent")
    await window.press("e")
    await window.type("Bonjour, c'est fait.")
    await window.sees("1 SMS, encore 140 caractères.")
    await window.tab_to("Envoyer et conclure")
    await window.press("Enter")
    await window.sees("Le message est parti, le dossier est conclu.")
    await world.settled()
    assert [one.state.value for one in await requests(world)] == ["done", "done"]
    assert (await world.tables()).sent[-1].body == "Bonjour, c'est fait."


async def test_what_is_typed_outlives_a_cut_line_and_a_reload(world: World) -> None:
    await written(world)
    (request,) = await requests(world)
    claire = await serving(world)
    async with screen(world.base) as window:
        await window.use(claire)
        await window.go(f"/console/cases/{request.id}")
        await window.page.context.set_offline(True)
        await window.press("n")
        await window.type("Rappeler jeudi")
        await window.sees("Liaison coupée, gardé dans ce navigateur.")
        await window.page.context.set_offline(False)
        await window.sees("Brouillon gardé.")
        await window.page.reload()
        assert await window.page.input_value("#note") == "Rappeler jeudi"
        async with screen(world.base, scripts=False) as other:
            await other.use(claire)
            await other.go(f"/console/cases/{request.id}")
            assert await other.page.input_value("#note") == "Rappeler jeudi"


async def test_keys_are_listed_raise_flags_and_can_be_switched_off(world: World) -> None:
    await written(world)
    (request,) = await requests(world)
    async with screen(world.base) as window:
        await window.use(await serving(world))
        await window.go(f"/console/cases/{request.id}")
        await window.press("?")
        await window.sees("signaler une incivilité")
        assert await window.flaws() == []
        await window.press("Escape")
        await window.page.locator("dialog").wait_for(state="detached")
        await window.press("t")
        await window.sees("Le dossier est entre vos mains.")
        await window.press("i", "i")
        await window.sees("L’incivilité est signalée.")
        await window.go("/console/help")
        await window.page.locator("#shortcuts-on").uncheck()
        await window.go(f"/console/cases/{request.id}")
        await window.press("l")
        await window.press("?")
        assert await window.page.locator("dialog").count() == 0
        (after,) = await requests(world)
        assert after.agent is not None


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
async def test_no_page_has_a_flaw_that_axe_finds_nor_scrolls_sideways(
    world: World, scheme: Literal["light", "dark"], width: int
) -> None:
    await called(world)
    await written(world)
    claire = await serving(world)
    half = await signed_in(world, account("sam", role=Role.SUPERVISOR), Stage.SETTING_UP)
    first, second = await requests(world)
    await claire.go(f"/console/cases/{second.id}/take", {})
    await claire.go(f"/console/cases/{second.id}/note", {"note": "Vu"})
    await claire.go(f"/console/cases/{second.id}/flag", {"kind": "help"})
    paths = ["/desk", f"/cases/{first.id}", f"/cases/{second.id}", "/account", "/sessions", "/help", "/nothing"]
    async with screen(world.base, scheme=scheme, width=width) as window:
        await window.go("/console/sign-in")
        await _is_well(window, "sign-in")
        await window.use(claire)
        for path in paths:
            await window.go(f"/console{path}")
            await _is_well(window, path)
    async with screen(world.base, scheme=scheme, width=width) as window:
        await window.use(half)
        await window.go("/console/second-factor")
        await _is_well(window, "second-factor")


async def _is_well(window: Screen, path: str) -> None:
    assert await window.flaws() == [], path
    wide = await window.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, path


async def test_a_page_weighs_little_and_stands_still_while_it_follows(world: World) -> None:
    claire = await serving(world)
    async with screen(world.base) as window:
        await window.use(claire)
        await window.go("/console/desk")
        weight = await window.page.evaluate(
            "performance.getEntries().reduce((all, one) => all + (one.decodedBodySize || 0), 0)"
        )
        assert 5_000 < weight < 150_000
        heading = await window.page.locator("h1").bounding_box()
        await written(world)
        await window.sees("Prendre le suivant")
        assert await window.page.locator("h1").bounding_box() == heading
        presence = await window.page.locator("#presence").bounding_box()
        await world.text("+33639981026", "je suis sourd, je veux un acte de naissance")
        await window.page.locator("tbody tr").nth(1).wait_for()
        assert await window.page.locator("#presence").bounding_box() == presence
