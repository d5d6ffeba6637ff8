"""Two matters in one sentence: neither is lost, on the telephone nor by text."""

from datetime import timedelta

from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, CLAIRE, accepts, agent, keys, person, says
from tests.journeys.world import World

BOTH = "je voudrais un acte de naissance et aussi inscrire mon fils à la cantine"
ANSWERED_FIRST = "vous êtes ouverts à quelle heure et aussi ma rue est dans le noir"
BORN = ("date de naissance", keys("03031985"))


async def test_the_agent_hears_both(world: World) -> None:
    await world.hire(agent("claire", CLAIRE), accepts())
    await world.call(CATHERINE, person(("Dites en une phrase", says(BOTH)), BORN))
    await world.move(timedelta(minutes=5))
    await world.settled()
    whispered = " ".join(said for call in world.agents_calls for said in call.log.said)
    assert "; et aussi : " in whispered
    tables = await aftermath.check(world)
    assert {tables.contacts[0].file["intent"]["intent"], *tables.contacts[0].file["intent"]["also"]} == {
        "etat_civil_acte",
        "cantine_periscolaire",
    }


async def test_after_an_answer_the_other_matter_is_served(world: World) -> None:
    call = await world.call(CATHERINE, person(("Dites en une phrase", says(ANSWERED_FIRST)), BORN))
    said = " ".join(call.log.said)
    assert "La mairie est place de la Liberté" in said
    tables = await aftermath.check(world)
    assert [request.intent for request in tables.requests] == ["voirie_signalement"]


async def test_by_text_each_is_a_request_of_its_own(any_world: World) -> None:
    world = any_world
    await world.text(CATHERINE, BOTH)
    tables = await aftermath.check(world)
    assert {request.intent for request in tables.requests} == {"etat_civil_acte", "cantine_periscolaire"}
    assert len({text.body for text in tables.sent}) == 2


async def test_by_text_an_answer_and_a_request(world: World) -> None:
    await world.text(CATHERINE, ANSWERED_FIRST)
    tables = await aftermath.check(world)
    assert [request.intent for request in tables.requests] == ["voirie_signalement"]
    assert any("place de la Liberté" in text.body for text in tables.sent)
    assert any(tables.requests[0].reference in text.body for text in tables.sent)
