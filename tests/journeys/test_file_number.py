"""A caller proves who they are by the number of a file, said or typed, instead of their birth date."""

import pytest

from guichet.carrier.simulator.parties import Action
from guichet.citizens.case_file import CaseFile
from guichet.citizens.store import Seen
from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, keys, person, says
from tests.journeys.test_third_party import id_of
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World

NUMBER = "2026-LOG-00117"
WANTED = ("Dites en une phrase", says("je voudrais un acte de naissance"))
SPOKEN = says("deux mille vingt-six L O G zéro zéro cent dix-sept")


async def file_of(world: World, external_id: str, number: str) -> None:
    """Give a citizen a file."""
    owner = await id_of(world, external_id)
    async with world.services.database.begin() as unit:
        await unit.records.save_files([(owner, CaseFile(number, "logement social"))], Seen("", "imp_1"))


@in_both_voices
@pytest.mark.parametrize(
    ("wish", "given"),
    [(keys("5#"), keys("202600117#")), (says("numéro de dossier"), SPOKEN), (keys("5#"), SPOKEN)],
    ids=["keyed", "spoken", "both"],
)
async def test_a_file_number_is_as_good_as_a_birth_date(any_world: World, wish: Action, given: Action) -> None:
    world = any_world
    await file_of(world, "VC-0001", NUMBER)
    answers = (WANTED, ("date de naissance", wish), ("numéro de dossier, ou tapez ses chiffres", given))
    if wish == keys("5#"):
        answers = (WANTED, ("date de naissance", wish), ("chiffres de votre numéro de dossier", given))
    call = await world.call(CATHERINE, person(*answers))
    assert any("Merci, c'est vérifié." in text for text in call.log.said)
    tables = await aftermath.check(world)
    (contact,), (request,) = tables.contacts, tables.requests
    owner = await id_of(world, "VC-0001")
    assert (contact.citizen, request.citizen) == (owner, owner)
    kept = str(list(tables.lines)) + str(contact.file)
    assert "00117" not in kept
    assert "cent dix-sept" not in kept


@in_both_voices
async def test_a_neighbour_s_number_proves_nothing_and_two_tries_are_all(world: World) -> None:
    await file_of(world, "VC-0001", NUMBER)
    await file_of(world, "VC-0019", "2026-URB-00999")
    call = await world.call(
        CATHERINE,
        person(
            WANTED,
            ("date de naissance", keys("5#")),
            ("chiffres de votre numéro de dossier", keys("202600999#")),
            ("Je n'ai pas pu vérifier", keys("04031985")),
        ),
    )
    said = " ".join(call.log.said)
    assert said.count("Je n'ai pas pu vérifier votre identité.") == 2
    assert "Catherine" not in said
    (contact,) = (await aftermath.check(world)).contacts
    assert contact.citizen is None
