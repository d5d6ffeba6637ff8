"""Somebody writes for somebody else: the same rights as on the telephone, and nothing kept of who they say they are."""

from datetime import timedelta

from guichet.core.phone import PhoneNumber
from tests.journeys import aftermath
from tests.journeys.people import CLAIRE, STRANGER, accepts, agent, person
from tests.journeys.test_third_party import APA, FOR_ODETTE, INES, MY_BIRTH, NOT_MYSELF, id_of, mandate
from tests.journeys.world import World

FOR_MOTHER = "bjr jecris pr ma mere elle voudrait lapa svp"
WHO_I_AM = "Inès Fernandez 10/10/1993"


async def write(world: World, number: str, *texts: str) -> list[str]:
    """Write text after text; return what was answered to each, the last of a number's own."""
    answers = []
    for text in texts:
        before = len(world.simulator.messages.all)
        await world.text(number, text)
        await world.move(timedelta(seconds=30))
        await world.settled()
        sent = [one for one in world.simulator.messages.all[before:] if one.direction == "outbound-api"]
        answers.append(" ".join(one.body for one in sent))
    return answers


async def test_with_a_mandate_the_request_is_the_mother_s_and_answers_the_daughter(any_world: World) -> None:
    world = any_world
    odette = await mandate(world)
    whom, who, done = await write(world, INES, FOR_MOTHER, "Odette Payet", WHO_I_AM)
    assert "Pour qui écrivez-vous" in whom
    assert "date de naissance" in who
    assert done.startswith("Mandat vérifié.")
    tables = await aftermath.check(world)
    (contact,), (request,) = tables.contacts, tables.requests
    assert (request.citizen, request.number, request.intent) == (odette, INES, "apa_personne_agee")
    assert (contact.citizen, contact.file["mandate"]["helper"]) == (odette, await id_of(world, "VC-0030"))


async def test_she_hears_of_her_mother_s_request_that_is_open_already(world: World) -> None:
    await mandate(world)
    await world.call(INES, person(APA, NOT_MYSELF, MY_BIRTH, FOR_ODETTE))
    *_, done = await write(world, INES, FOR_MOTHER, "odette payet", WHO_I_AM)
    assert "déjà enregistrée et garde sa place" in done
    assert len((await aftermath.check(world)).requests) == 1


async def test_without_a_mandate_for_it_nothing_of_the_mother_is_said_or_touched(world: World) -> None:
    await mandate(world, scope=("cantine_periscolaire",))
    *_, done = await write(world, INES, FOR_MOTHER, "Odette Payet", WHO_I_AM)
    assert "Sans mandat enregistré" in done
    assert "Odette" not in done
    (request,) = (await aftermath.check(world)).requests
    assert (request.citizen, request.subject) == (None, f"number:{INES}")


async def test_whoever_has_her_telephone_is_told_nothing(world: World) -> None:
    await mandate(world)
    *_, again, done = await write(
        world, INES, FOR_MOTHER, "Odette Payet", "Inès Fernandez 1/1/1980", "Inès Fernandez 2/2/1980"
    )
    assert "Nous n'avons pas pu le vérifier" in again
    assert "Sans mandat enregistré" in done
    (request,) = (await aftermath.check(world)).requests
    assert request.citizen is None


async def test_a_social_worker_from_outside_is_known_by_number_and_name(world: World) -> None:
    odette = await mandate(
        world, holder=None, holder_name="Claire Dubois", holder_phone=PhoneNumber(STRANGER), scope=()
    )
    *_, done = await write(world, STRANGER, "je voudrais demander l'apa", "Odette Payet", "Claire Dubois 1/1/1980")
    assert done.startswith("Mandat vérifié.")
    (request,) = (await aftermath.check(world)).requests
    assert request.citizen == odette


async def test_a_daughter_who_writes_for_herself_says_so_and_is_served_as_ever(world: World) -> None:
    await mandate(world)
    whom, done = await write(world, INES, "je voudrais un acte de naissance", "moi")
    assert "Répondez MOI" in whom
    assert done.startswith("Votre demande")
    (request,) = (await aftermath.check(world)).requests
    assert (request.citizen, request.intent) == (None, "etat_civil_acte")


async def test_who_holds_no_mandate_is_not_asked_for_whom(world: World) -> None:
    (done,) = await write(world, STRANGER, FOR_MOTHER)
    assert "Sans mandat enregistré" in done


async def test_no_name_and_no_birth_date_is_kept(world: World) -> None:
    await mandate(world)
    await write(world, INES, FOR_MOTHER, "Odette Payet", WHO_I_AM)
    tables = await world.tables()
    async with world.services.database.read() as unit:
        lines = [line.heard.text for contact in tables.contacts for line in await unit.transcripts.of(contact.id)]
    kept = [*lines, *(text.body for text in tables.messages)]
    assert kept
    assert not [text for text in kept if any(piece in text.casefold() for piece in ("odette", "payet", "1993", "inès"))]


async def test_the_agent_hears_who_calls_for_whom_and_that_the_mandate_is_checked(world: World) -> None:
    await mandate(world)
    await world.hire(agent("anne", CLAIRE), accepts())
    await world.call(INES, person(APA, NOT_MYSELF, MY_BIRTH, FOR_ODETTE))
    await world.settled()
    whispered = " ".join(said for call in world.agents_calls for said in call.log.said)
    assert "Inès Fernandez, pour Odette Payet, mandat vérifié : proche, attend depuis" in whispered
    await aftermath.check(world)


async def test_the_agent_is_warned_of_who_calls_for_another_without_a_mandate(world: World) -> None:
    await mandate(world, scope=("cantine_periscolaire",))
    await world.hire(agent("anne", CLAIRE), accepts())
    await world.call(INES, person(APA, NOT_MYSELF, MY_BIRTH, FOR_ODETTE))
    await world.settled()
    whispered = " ".join(said for call in world.agents_calls for said in call.log.said)
    assert "pour une autre personne et sans mandat vérifié" in whispered
    assert "Odette" not in whispered
