"""A supervisor's journeys in a real browser."""

import asyncio
import re
from datetime import timedelta

from playwright.async_api import Route

from guichet.carrier.simulator.parties import Answers, HangUp
from guichet.console.role import Role
from guichet.routing.rule_form_asks import Part
from tests.console.browsing import employed
from tests.console.chromium import faults, opened
from tests.console.units import account
from tests.journeys.people import AHMED, CATHERINE, CLAIRE, LUCAS, accepts, agent, person, says
from tests.journeys.world import World

SAM = account("sam", role=Role.SUPERVISOR)
HOURS = ("Dites en une phrase", says("quels sont vos horaires d'ouverture"))
NO_MORE = ("autre chose", says("non"))


async def test_a_rule_is_edited_replayed_published_and_rolled_back(world: World) -> None:
    await world.call(CATHERINE, person(HOURS, NO_MORE))
    async with opened(world, SAM) as page:
        await page.goto("/console/rules")
        assert await faults(page) == []
        await page.get_by_role("link", name="Brouillon").click()
        text = page.locator("#text")
        book = await text.input_value()
        await text.fill(book.replace("territoire: metropole", "territoire: lune"))
        await page.locator("#look .bad-words").wait_for()
        assert await page.locator("#gutter li.flawed").count() == 1
        assert await faults(page) == []
        await text.fill(book.replace("La mairie est place de la Liberté", "La mairie est rue Haute"))
        await page.locator("#look .differences li").filter(has_text="rue Haute").wait_for()
        assert await page.locator("#gutter li.flawed").count() == 0
        await page.get_by_role("button", name="Rejouer").click()
        await page.get_by_text("1 contacts rejoués").wait_for()
        assert await faults(page) == []
        await page.get_by_role("link", name="Brouillon").click()
        await page.get_by_label("Pourquoi").fill("déménagement")
        await page.get_by_role("button", name="Publier").click()
        await page.get_by_text("La version est publiée").wait_for()
        await world.services.rules.refresh()
        call = await world.call(CATHERINE, person(HOURS, NO_MORE))
        assert any("rue Haute" in said for said in call.log.said)
        await page.get_by_label("Pourquoi").fill("pas encore")
        await page.get_by_role("button", name="Revenir à la version 1").click()
        await page.get_by_text("Le texte d’avant est de nouveau en vigueur.").wait_for()
        await world.services.rules.refresh()
        again = await world.call(CATHERINE, person(HOURS, NO_MORE))
        assert any("place de la Liberté" in said for said in again.log.said)
        await page.goto("/console/rules/versions/2")
        assert await faults(page) == []
        await page.goto("/console/rules/calendar?month=2026-05")
        assert await faults(page) == []


async def test_what_is_typed_before_the_script_has_come_is_checked_too(world: World) -> None:
    typed = asyncio.Event()

    async def hold_up(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    async with opened(world, SAM) as page:
        await page.route(re.compile(r"/rules[^/]*\.js"), hold_up)
        await page.goto("/console/rules/draft", wait_until="commit")
        text = page.locator("#text")
        await text.fill((await text.input_value()).replace("territoire: metropole", "territoire: lune"))
        typed.set()
        await page.locator("#look .bad-words").wait_for()


async def test_the_form_of_the_rules_is_filled_and_what_it_changes_is_published(world: World) -> None:
    async with opened(world, SAM) as page:
        await page.goto("/console/rules/draft")
        await page.get_by_role("link", name="Modifier dans un formulaire").click()
        for part in Part:
            await page.goto(f"/console/rules/form/{part.value}")
            assert await faults(page) == []
        await page.goto("/console/rules/form/closures")
        new = page.get_by_role("group", name="Une fermeture de plus")
        await new.get_by_label("Le", exact=True).fill("31/06/2027")
        await page.keyboard.press("Enter")
        await page.get_by_text("date illisible").wait_for()
        assert await faults(page) == []
        wrong = page.locator("[aria-invalid=true]")
        assert await wrong.input_value() == "31/06/2027"
        await wrong.fill("30/06/2027")
        await page.get_by_role("button", name="Enregistrer et vérifier").click()
        await page.locator("#look .differences li").filter(has_text="30").wait_for()
        await page.get_by_role("link", name="Comparer, rejouer, publier").click()
        await page.get_by_label("Pourquoi").fill("inventaire")
        await page.get_by_role("button", name="Publier").click()
        await page.get_by_text("La version est publiée").wait_for()
        await world.services.rules.refresh()
        closures = world.services.rules.book().calendar.closures
        assert [one.start.isoformat() for one in closures][-1] == "2027-06-30T00:00:00"


async def test_an_emergency_message_is_heard_by_the_next_caller_until_it_is_ended(world: World) -> None:
    hangs_up = Answers(react=lambda _: HangUp())
    async with opened(world, SAM) as page:
        await page.goto("/console/")
        await page.keyboard.press("g")
        await page.keyboard.press("e")
        await page.get_by_label("En français").fill("La rue Haute est inondée.")
        await page.get_by_label("En anglais").fill("Rue Haute is flooded.")
        await page.get_by_label("Pendant", exact=True).select_option("60")
        await page.get_by_role("button", name="Diffuser").click()
        await page.get_by_text("Le message est diffusé.").wait_for()
        assert await faults(page) == []
        await world.services.rules.refresh()
        call = await world.call(LUCAS, hangs_up)
        assert any("inondée" in said for said in call.log.said)
        await page.get_by_role("button", name="Arrêter ce message").click()
        await page.get_by_text("Le message est arrêté.").wait_for()
        await world.services.rules.refresh()
        again = await world.call(AHMED, hangs_up)
        assert not any("inondée" in said for said in again.log.said)


async def test_the_board_follows_by_itself_and_nothing_jumps(world: World) -> None:
    async with opened(world, SAM) as page:
        await page.goto("/console/board")
        await page.get_by_text("Personne n’attend.").wait_for()
        assert await faults(page) == []
        tops = "() => [...document.querySelectorAll('#board h2')].map(one => one.getBoundingClientRect().top)"
        before = await page.evaluate(tops)
        await world.call(CATHERINE, person(("Dites en une phrase", says("je voudrais un acte de naissance"))))
        world.clock.move(timedelta(seconds=2))
        await page.get_by_text("État civil et élections").wait_for()
        assert await page.evaluate(tops) == before
        assert await faults(page) == []


async def test_every_page_of_a_supervisor_is_accessible_on_a_phone_in_the_dark_too(world: World) -> None:
    await world.call(CATHERINE, person(HOURS, NO_MORE))
    await employed(world, account("awa"))
    await world.hire(agent("claire", CLAIRE), accepts())
    paths = [
        "/measures?by=matter",
        "/measures/publication",
        "/search?q=horaires",
        "/search?who=Martin",
        "/team",
        "/team/acc_awa",
        "/team/new/agent",
        "/team/agents/agent_claire",
        "/audit",
        "/coaching",
        "/understanding",
        "/emergency",
        "/rules/draft",
    ]
    for context in ({}, {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}):
        async with opened(world, SAM, **context) as page:
            for path in paths:
                await page.goto(f"/console{path}")
                assert await faults(page) == [], path
                wide = await page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert wide <= 0, path


async def test_an_example_is_taught_from_what_was_not_understood(world: World) -> None:
    await world.text(LUCAS, "zorglub mirobolant")
    async with opened(world, SAM) as page:
        await page.goto("/console/understanding")
        await page.get_by_role("link", name="En faire un exemple").click()
        await page.get_by_label("Demande").select_option("transport_scolaire")
        await page.get_by_role("button", name="Essayer").click()
        await page.get_by_text("Ce que l’exemple change").first.wait_for()
        assert await faults(page) == []
        await page.get_by_role("button", name="Publier cet exemple").click()
        await page.get_by_text("L’exemple est publié.").wait_for()
        assert await faults(page) == []
    assert await world.services.intents.refresh()
    assert world.services.intents.match(["zorglub mirobolant"]).intent == "transport_scolaire"
