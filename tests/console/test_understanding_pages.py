import re

import pytest

from guichet.console.audit import Look
from guichet.console.friction import Friction
from guichet.console.role import Role
from tests.console.browsing import Visitor, signed_in
from tests.console.units import account
from tests.journeys.people import CATHERINE, LUCAS, STRANGER, keys, person, says
from tests.journeys.world import World

PAGE = "/console/understanding"
JOKE = ("Dites en une phrase", says("racontez-moi une blague"))


@pytest.fixture
async def sam(any_world: World) -> Visitor:
    return await signed_in(any_world, account("sam", role=Role.SUPERVISOR))


async def test_what_was_not_understood_is_grouped_suggested_and_settled(any_world: World, sam: Visitor) -> None:
    world = any_world
    assert "Tout a été compris, ou traité." in (await sam.go(PAGE)).words
    await world.text(STRANGER, "raconte-moi une blague")
    await world.text(LUCAS, "raconte moi une blague !")
    page = await sam.go(PAGE)
    assert "2 fois" in page.words
    assert "blague" in page.words
    texts = re.search(r'name="texts" value="([^"]+)"', page.text)
    assert texts
    page = await sam.go(f"{PAGE}/settle", {"texts": texts[1]})
    assert "Marqué comme traité." in page.words
    assert "Tout a été compris, ou traité." in page.words
    async with world.services.database.read() as unit:
        assert [one.detail for one in await unit.audit.find(Look(action="unclear.settled"))] == [{"texts": 2}]
    assert (await sam.go(f"{PAGE}/settle", {"texts": "con_1:9"})).status == 404
    assert (await sam.go(f"{PAGE}/settle", {"texts": " "})).status == 400


async def test_where_callers_struggle_is_counted_by_question_and_matter(any_world: World, sam: Visitor) -> None:
    world = any_world
    await world.call(CATHERINE, person(JOKE, ("Je n'ai pas compris", keys("6")), ("autre chose", keys("2"))))
    await world.call(
        CATHERINE,
        person(
            ("Dites en une phrase", says("je voudrais un acte de naissance")), ("date de naissance", keys("03031985"))
        ),
    )
    async with world.services.database.read() as unit:
        rows = await unit.friction.since(world.clock.now().replace(hour=0))
    assert sum(row.turns for row in rows) >= 4
    assert any(row.question == "SpokenDate" and row.keys == 1 for row in rows)
    assert any(row.question == "FreeSpeech" for row in rows)
    page = await sam.go(PAGE)
    assert "une date" in page.words
    assert "parole libre" in page.words
    assert (await sam.go(f"{PAGE}?days=0")).status == 400


def test_trouble_is_the_share_of_turns_that_cost_the_caller() -> None:
    assert Friction("YesNo", "", turns=10, again=2, keys=5, silent=1, given_up=1).trouble == 0.4
    assert Friction("YesNo", "", 0, 0, 0, 0, 0).trouble == 0.0


async def test_an_example_shows_its_effect_is_published_used_and_taken_back(any_world: World, sam: Visitor) -> None:
    world = any_world
    await world.text(STRANGER, "zorglub mirobolant")
    page = await sam.go(PAGE)
    assert "En faire un exemple" in page.words
    lesson = {"example": "zorglub mirobolant", "intent": "transport_scolaire", "language": "fr"}
    page = await sam.go("/console/training", lesson)
    assert "Ce que l’exemple change" in page.words
    assert "Textes d’usagers compris autrement" in page.words
    based_on = re.search(r'name="based_on" value="(\d+)"', page.text)
    assert based_on
    page = await sam.go("/console/training/publish", {**lesson, "based_on": based_on[1]})
    assert "L’exemple est publié." in page.words
    assert await world.services.intents.refresh()
    assert world.services.intents.match(["zorglub mirobolant"]).intent == "transport_scolaire"
    page = await sam.go("/console/training/publish", {**lesson, "example": "autre", "based_on": based_on[1]})
    assert (page.status, "Refusé" in page.words) == (400, True)
    assert (await sam.go("/console/training", lesson)).status == 400
    page = await sam.go("/console/training/rollback", {"note": "un essai"})
    assert "Le livre d’avant est de nouveau en vigueur." in page.words
    assert await world.services.intents.refresh()
    assert world.services.intents.match(["zorglub mirobolant"]).intent is None
    async with world.services.database.read() as unit:
        noted = [one.action for one in await unit.audit.find(Look(action="intents."))]
    assert noted == ["intents.rolled_back", "intents.published"]
