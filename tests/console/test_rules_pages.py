import asyncio
import re
from datetime import timedelta

import pytest

from guichet.console.audit import Look
from guichet.console.role import Role
from guichet.console.rule_draft import SILENT, State
from guichet.routing.rule_book import read_text
from tests.console.browsing import Page, Visitor, signed_in
from tests.console.units import account
from tests.journeys.people import CATHERINE, keys, person, says
from tests.journeys.world import World

OLD, NEW = "La mairie est place de la Liberté", "La mairie est rue Haute"
CHANGED = read_text().replace(OLD, NEW)
HOURS = ("Dites en une phrase", says("quels sont vos horaires d'ouverture"))
NO_MORE = ("autre chose", says("non"))
RULES = "/console/rules"


@pytest.fixture
async def sam(any_world: World) -> Visitor:
    return await signed_in(any_world, account("sam", role=Role.SUPERVISOR))


async def did(world: World) -> list[tuple[str, str, str]]:
    async with world.services.database.read() as unit:
        return [(one.action, one.subject, one.actor) for one in await unit.audit.find(Look(action="rules."))]


async def replayed(sam: Visitor, page: Page) -> Page:
    async with asyncio.timeout(20):
        while "en cours" in page.words:
            page = await sam.go(page.url)
    return page


async def test_a_draft_is_written_published_heard_and_taken_back(any_world: World, sam: Visitor) -> None:
    world = any_world
    page = await sam.go(f"{RULES}/draft")
    assert page.status == 200
    assert "Aucune différence." in page.words
    page = await sam.go(f"{RULES}/draft", {"text": CHANGED.replace("\n", "\r\n")})
    assert "Le brouillon est enregistré." in page.words
    assert "La mairie est rue Haute" in page.words
    page = await sam.go(f"{RULES}/publish", {"note": "déménagement"})
    assert "La version est publiée" in page.words
    assert "Version 2, publiée par Sam" in page.words
    await world.services.rules.refresh()
    call = await world.call(CATHERINE, person(HOURS, NO_MORE))
    assert any("rue Haute" in text for text in call.log.said)
    page = await sam.go(f"{RULES}/versions/2")
    assert "déménagement" in page.words
    assert "rue Haute" in page.text
    page = await sam.go(f"{RULES}/rollback", {"note": "pas encore"})
    assert "Le texte d’avant est de nouveau en vigueur." in page.words
    await world.services.rules.refresh()
    again = await world.call(CATHERINE, person(HOURS, NO_MORE))
    assert any("place de la Liberté" in text for text in again.log.said)
    assert await did(world) == [
        ("rules.rolled_back", "rules:3", "account:acc_sam"),
        ("rules.published", "rules:2", "account:acc_sam"),
    ]


async def test_errors_are_told_at_their_line_while_one_writes(any_world: World, sam: Visitor) -> None:
    text = CHANGED.replace("territoire: metropole", "territoire: lune")
    assert text != CHANGED
    line = next(at for at, one in enumerate(text.split("\n"), 1) if one.startswith("territoire"))
    await sam.go(f"{RULES}/draft")
    sam.headers["Accept"] = "application/json"
    page = await sam.ask("POST", f"{RULES}/draft", {"text": text})
    assert f'"flaws": [{line}]' in page.text
    assert f"Ligne {line}, colonne" in page.text
    del sam.headers["Accept"]
    page = await sam.go(f"{RULES}/draft")
    assert "Une erreur" in page.words
    assert f'<li id="line-{line}" class="flawed">' in page.text
    page = await sam.go(f"{RULES}/publish", {"note": "malgré tout"})
    assert page.status == 400
    assert "Le texte a des erreurs" in page.words
    assert not await did(any_world)


async def test_a_publication_needs_a_reason_and_a_moment_to_come(any_world: World, sam: Visitor) -> None:
    await sam.go(f"{RULES}/draft", {"text": CHANGED})
    assert "Dites en quelques mots pourquoi." in (await sam.go(f"{RULES}/publish", {"note": " "})).words
    page = await sam.go(f"{RULES}/publish", {"note": "x", "at": "hier"})
    assert "Cette date n’est pas comprise." in page.words
    page = await sam.go(f"{RULES}/publish", {"note": "x", "at": "2020-01-01T08:00"})
    assert (page.status, "La publication est refusée" in page.words) == (400, True)


async def test_a_version_to_come_is_shown_applies_at_its_moment_or_is_withdrawn(any_world: World, sam: Visitor) -> None:
    world = any_world
    zone = world.services.rules.book().calendar.zone
    at = (world.clock.now() + timedelta(hours=2)).astimezone(zone)
    await sam.go(f"{RULES}/draft", {"text": CHANGED})
    page = await sam.go(f"{RULES}/publish", {"note": "ce soir", "at": f"{at:%Y-%m-%dT%H:%M}"})
    assert "elle s’appliquera à la date choisie" in page.words
    assert "à venir" in page.words
    await world.services.rules.refresh()
    assert world.services.rules.book().version == world.services.books.rules.version
    page = await sam.go(f"{RULES}/withdraw", {"number": "2"})
    assert "La version est retirée." in page.words
    world.clock.move(timedelta(hours=3))
    assert "Version 1, publiée" in (await (fresh := await signed_in(world, account("sam"))).go(RULES)).words
    assert fresh.token


async def test_who_publishes_second_is_shown_what_the_first_has_changed(any_world: World, sam: Visitor) -> None:
    pat = await signed_in(any_world, account("pat", role=Role.ADMINISTRATOR))
    await sam.go(f"{RULES}/draft", {"text": CHANGED})
    await pat.go(f"{RULES}/draft", {"text": read_text().replace(OLD, "La mairie est fermée ce soir")})
    await pat.go(f"{RULES}/publish", {"note": "fermeture"})
    page = await sam.go(f"{RULES}/publish", {"note": "déménagement"})
    assert page.status == 400
    assert "La version 2, de Pat, a été publiée" in page.words
    page = await sam.go(f"{RULES}/draft", {"do": "rebase"})
    assert "a été publiée depuis" not in page.words
    assert "Version 3, publiée par Sam" in (await sam.go(f"{RULES}/publish", {"note": "déménagement"})).words


async def test_a_draft_replayed_on_past_calls_tells_what_would_have_changed(any_world: World, sam: Visitor) -> None:
    world = any_world
    await world.call(CATHERINE, person(HOURS, NO_MORE))
    birth = ("date de naissance", keys("03031985"))
    await world.call(CATHERINE, person(("Dites en une phrase", says("je voudrais un acte de naissance")), birth))
    world.clock.move(timedelta(minutes=5))
    now, then = "si: {demande: horaires_adresse, veut_agent: non}", "si: {canal: sms}"
    await sam.go(f"{RULES}/draft", {"text": read_text().replace(now, then)})
    page = await replayed(sam, await sam.go(f"{RULES}/replays", {"days": "30"}))
    assert "2 contacts rejoués ; 1 changent d’issue" in page.words
    assert "quels sont vos horaires d'ouverture" in page.words
    assert page.text.count('<svg class="chart"') == 2
    assert "terminé" in (await sam.go(f"{RULES}/draft")).words
    other = await signed_in(world, account("pat", role=Role.SUPERVISOR))
    assert (await other.go(page.url)).status == 404


async def test_what_an_older_version_decided_is_told_apart_from_what_the_draft_changes(
    any_world: World, sam: Visitor
) -> None:
    """A call under version 2, one under version 3: the draft, which is version 3, changes nothing for either."""
    world = any_world
    now, then = "si: {demande: horaires_adresse, veut_agent: non}", "si: {canal: sms}"
    await sam.go(f"{RULES}/draft", {"text": read_text().replace(now, then)})
    assert "La version est publiée" in (await sam.go(f"{RULES}/publish", {"note": "par SMS seulement"})).words
    await world.services.rules.refresh()
    await world.call(CATHERINE, person(HOURS, NO_MORE))
    await sam.go(f"{RULES}/rollback", {"note": "pour tous"})
    await world.services.rules.refresh()
    world.clock.move(timedelta(minutes=5))
    await world.call(CATHERINE, person(HOURS, NO_MORE))
    await sam.go(f"{RULES}/draft", {"text": read_text()})
    page = await replayed(sam, await sam.go(f"{RULES}/replays", {"days": "30"}))
    assert "2 contacts rejoués ; 0 changent d’issue" in page.words
    assert "Décidés par d’autres versions des règles : 1, dont 1 autrement que par les règles publiées." in page.words
    assert "Aucun contact ne change d’issue ni de file." in page.words


async def test_a_replay_follows_by_itself_and_ends(any_world: World, sam: Visitor) -> None:
    await any_world.call(CATHERINE, person(HOURS, NO_MORE))
    await sam.go(f"{RULES}/draft")
    page = await sam.go(f"{RULES}/replays", {"days": "3"})
    page = await sam.ask("GET", f"{page.url}/live")
    assert page.headers["Content-Type"] == "text/event-stream"
    assert "contacts rejou" in re.findall(r"event: state\ndata: (.*)", page.text)[-1]


async def test_a_replay_that_tells_nothing_any_more_was_interrupted(any_world: World, sam: Visitor) -> None:
    await sam.go(f"{RULES}/draft")
    page = await replayed(sam, await sam.go(f"{RULES}/replays", {"days": "3"}))
    async with any_world.services.database.begin() as unit:
        run = await unit.rule_drafts.run(page.url.rpartition("/")[2])
        assert run
        await unit.rule_drafts.save_run(run.evolve(state=State.RUNNING, result=None))
    any_world.clock.move(SILENT + timedelta(seconds=1))
    assert "interrompu" in (await sam.go(page.url)).words


async def test_the_calendar_shows_hours_holidays_and_closures(any_world: World, sam: Visitor) -> None:
    page = await sam.go(f"{RULES}/calendar?month=2026-07")
    assert "Fête nationale" in page.words
    assert "8:30–12:00" in page.words
    assert (await sam.go(f"{RULES}/calendar?month=juillet")).status == 400


async def test_who_only_watches_reads_and_changes_nothing(any_world: World) -> None:
    eve = await signed_in(any_world, account("eve", role=Role.AUDITOR))
    page = await eve.go(RULES)
    assert page.status == 200
    assert "Revenir à la version" not in page.words
    assert (await eve.go(f"{RULES}/draft")).status == 403
