"""Who is calling, as people say it and telephones show it: mistakes are borne, and nothing is asked twice."""

from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, STRANGER, keys, person, says
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World

CERTIFICATE = ("Dites en une phrase", says("je voudrais un acte de naissance"))
CANTEEN = says("c'est pour la cantine de mon fils")
BORN = ("date de naissance", says("le trois mars mille neuf cent quatre-vingt-cinq"))
OLIVER = "+33639981007"
"""Oliver Hughes, born 4 November 1977."""
FOREIGN = "+32470123456"
"""A Belgian mobile, in nobody's record."""


async def test_the_name_and_birth_date_are_enough_from_a_foreign_number(any_world: World) -> None:
    world = any_world
    await world.call(FOREIGN, person(CERTIFICATE, ("votre nom", says("catherine martin")), BORN))
    (request,) = (await aftermath.check(world)).requests
    assert (request.number, request.citizen is not None) == (FOREIGN, True)


@in_both_voices
async def test_a_number_and_a_swapped_date_are_too_little_and_the_right_date_is_enough(world: World) -> None:
    call = await world.call(
        OLIVER,
        person(CERTIFICATE, ("date de naissance", keys("11041977")), ("pas pu vérifier", keys("04111977"))),
    )
    assert "Merci, c'est vérifié." in " ".join(call.log.said)
    (request,) = (await aftermath.check(world)).requests
    assert request.citizen is not None


async def test_a_date_that_differs_in_more_is_a_wrong_date(world: World) -> None:
    wrong = keys("11051978")
    await world.call(OLIVER, person(CERTIFICATE, ("date de naissance", wrong), ("pas pu vérifier", wrong)))
    (request,) = (await aftermath.check(world)).requests
    assert request.citizen is None


@in_both_voices
async def test_who_has_said_who_they_are_is_not_asked_again_for_another_matter(world: World) -> None:
    call = await world.call(
        CATHERINE,
        person(CERTIFICATE, BORN, ("choisir un moment", says("je me suis trompé")), ("Reprenons", CANTEEN)),
    )
    assert sum("date de naissance" in text for text in call.log.said) == 1
    tables = await aftermath.check(world)
    found = {request.intent: request for request in tables.requests}
    assert (found["etat_civil_acte"].state, found["cantine_periscolaire"].state) == ("cancelled", "waiting")
    assert found["cantine_periscolaire"].citizen is not None


async def test_a_wrong_name_that_is_corrected_by_the_birth_date_proves_nothing(world: World) -> None:
    await world.call(STRANGER, person(CERTIFICATE, ("votre nom", says("jean personne")), BORN))
    (request,) = (await aftermath.check(world)).requests
    assert request.citizen is None
