"""« Non, pas ça », « je me suis trompé »: by voice, by keys and by text, at every point where it may be said."""

from datetime import timedelta

import pytest

from guichet.carrier.simulator.parties import Action
from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, STRANGER, keys, person, says
from tests.journeys.test_writing_for_another import write
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World

CERTIFICATE = ("Dites en une phrase", says("je voudrais un acte de naissance"))
CANTEEN = "c'est pour la cantine de mon fils"
BORN = ("date de naissance", keys("03031985"))


@in_both_voices
@pytest.mark.parametrize(
    "slip", [says("je me suis trompé"), says("non c'est pas ça"), keys("7")], ids=["mistake", "not that", "keys"]
)
async def test_a_matter_is_taken_back_when_asked_who_they_are(world: World, slip: Action) -> None:
    await world.call(CATHERINE, person(CERTIFICATE, ("date de naissance", slip), ("Reprenons", says(CANTEEN)), BORN))
    (request,) = (await aftermath.check(world)).requests
    assert request.intent == "cantine_periscolaire"


@in_both_voices
async def test_the_right_matter_may_be_said_in_the_same_breath(any_world: World) -> None:
    world = any_world
    call = await world.call(CATHERINE, person(CERTIFICATE, ("date de naissance", says(f"non pas ça, {CANTEEN}")), BORN))
    assert "Reprenons" not in " ".join(call.log.said)
    (request,) = (await aftermath.check(world)).requests
    assert request.intent == "cantine_periscolaire"


async def test_an_answer_that_misses_the_matter_is_no_farewell(world: World) -> None:
    call = await world.call(
        CATHERINE,
        person(
            ("Dites en une phrase", says("quels sont vos horaires d'ouverture")),
            ("autre chose", says("non ce n'est pas ce que je voulais")),
            ("Reprenons", says(CANTEEN)),
            BORN,
        ),
    )
    assert "Excusez-moi. Reprenons." in " ".join(call.log.said)
    (request,) = (await aftermath.check(world)).requests
    assert request.intent == "cantine_periscolaire"


async def test_what_is_no_emergency_is_taken_back(world: World) -> None:
    call = await world.call(
        CATHERINE,
        person(
            ("Dites en une phrase", says("il y a le feu")),
            ("réentendre ces numéros", says("non ce n'est pas une urgence")),
            ("Dites en une phrase", says(CANTEEN)),
            BORN,
        ),
    )
    assert "112" in " ".join(call.log.said)
    assert "cantine_periscolaire" in {request.intent for request in (await aftermath.check(world)).requests}


async def test_by_text_the_wrong_request_goes_and_the_right_one_comes(any_world: World) -> None:
    world = any_world
    first, again, done = await write(
        world, STRANGER, "je voudrais un acte de naissance", "non c pa ca", "c'est pour la cantine"
    )
    assert "est enregistrée" in first
    assert "est annulée. Quelle est votre demande" in again
    assert "est enregistrée" in done
    tables = await aftermath.check(world)
    assert [(one.intent, one.state) for one in sorted(tables.requests, key=lambda one: one.intent)] == [
        ("cantine_periscolaire", "waiting"),
        ("etat_civil_acte", "cancelled"),
    ]


async def test_by_text_the_right_matter_may_be_in_the_same_text(world: World) -> None:
    await write(world, STRANGER, "je voudrais un acte de naissance", "je me suis trompé, c'est pour la cantine")
    tables = await aftermath.check(world)
    assert {(one.intent, one.state) for one in tables.requests} == {
        ("cantine_periscolaire", "waiting"),
        ("etat_civil_acte", "cancelled"),
    }


async def test_a_correction_that_follows_at_once_is_not_taken_for_a_piece_of_the_text(world: World) -> None:
    await world.text(STRANGER, "je voudrais un acte de naissance")
    await world.text(STRANGER, "non pas ça")
    await world.move(timedelta(seconds=30))
    await world.settled()
    (request,) = (await aftermath.check(world)).requests
    assert request.state == "cancelled"


async def test_a_request_that_was_open_before_is_not_taken_back(world: World) -> None:
    await write(world, STRANGER, "je voudrais un acte de naissance")
    await world.move(timedelta(hours=3))
    await write(world, STRANGER, "je voudrais un acte de naissance", "non pas ça")
    (request,) = (await aftermath.check(world)).requests
    assert (request.intent, request.state) == ("etat_civil_acte", "waiting")
