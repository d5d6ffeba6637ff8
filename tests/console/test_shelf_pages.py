import pytest

from guichet.console.audit import Look
from guichet.console.role import Role
from guichet.routing.rule_book import read_text
from tests.console.browsing import Visitor, signed_in
from tests.console.units import account
from tests.journeys.world import World

DRAFT, SHELF = "/console/rules/draft", "/console/rules/drafts"
SHORTER = read_text().replace("    samedi: 9:00-12:00", "    samedi: fermé")
LONGER = read_text().replace("    samedi: 9:00-12:00", "    samedi: 9:00-13:00")


@pytest.fixture
async def sam(any_world: World) -> Visitor:
    return await signed_in(any_world, account("sam", role=Role.SUPERVISOR))


@pytest.fixture
async def pat(any_world: World) -> Visitor:
    return await signed_in(any_world, account("pat", role=Role.SUPERVISOR))


async def test_a_draft_is_kept_under_a_name_and_a_colleague_goes_on_with_it(
    any_world: World, sam: Visitor, pat: Visitor
) -> None:
    await sam.go(DRAFT, {"text": SHORTER})
    page = await sam.go(SHELF, {"do": "keep", "name": " été ", "note": "moins de samedis"})
    assert "Le brouillon est gardé sous ce nom." in page.words
    assert "Vous écrivez le brouillon « été »." in page.words
    page = await pat.go(DRAFT)
    assert "été – Sam" in page.words
    assert "moins de samedis" in page.words
    page = await pat.go(SHELF, {"do": "take", "name": "été"})
    assert "Vous écrivez maintenant ce brouillon." in page.words
    assert "le samedi de 9 heures à midi →" in page.words
    await pat.go(DRAFT, {"text": LONGER})
    assert "gardé sous ce nom" in (await pat.go(SHELF, {"do": "keep", "name": "été", "note": "plus"})).words
    await sam.go(DRAFT, {"text": SHORTER})
    page = await sam.go(SHELF, {"do": "keep", "name": "été", "note": "moins"})
    assert "Quelqu’un a gardé un autre brouillon" in page.words
    assert "été – Pat" in page.words
    page = await sam.go(SHELF, {"do": "delete", "name": "été"})
    assert "Le brouillon est supprimé." in page.words
    async with any_world.services.database.read() as unit:
        trail = [(one.action, one.subject) for one in await unit.audit.find(Look(action="rules."))]
    assert trail == [("rules.draft_deleted", "draft:été"), *[("rules.draft_kept", "draft:été")] * 2]


async def test_what_one_is_writing_is_not_lost_to_another_draft(sam: Visitor) -> None:
    await sam.go(SHELF, {"do": "keep", "name": "été", "note": "", "text": SHORTER})
    await sam.go(DRAFT, {"text": LONGER})
    page = await sam.go(SHELF, {"do": "take", "name": "été"})
    assert "n’est gardé nulle part" in page.words
    assert "9:00-13:00" in page.text
    page = await sam.go(SHELF, {"do": "take", "name": "été", "over": "on"})
    assert "samedi: fermé" in page.text
    assert (await sam.go(SHELF, {"do": "take", "name": "hiver"})).status == 404
    assert (await sam.go(SHELF, {"do": "keep", "name": "@", "note": ""})).status == 400


async def test_a_draft_of_an_older_version_warns_before_it_is_published(sam: Visitor, pat: Visitor) -> None:
    await sam.go(SHELF, {"do": "keep", "name": "été", "note": "", "text": SHORTER})
    await pat.go("/console/rules/publish", {"note": "plus long", "text": LONGER})
    page = await pat.go(SHELF, {"do": "take", "name": "été"})
    assert "commencé avec la version 1, qui n’est plus en vigueur" in page.words
    assert "La version 2, de Pat, a été publiée depuis" in page.words
    page = await pat.go("/console/rules/publish", {"note": "été"})
    assert page.status == 400
    await pat.go(DRAFT, {"do": "rebase"})
    assert "Version 3, publiée par Pat" in (await pat.go("/console/rules/publish", {"note": "été"})).words
