"""Somebody calls for somebody else: with a mandate, without, with one for another matter, from outside the record."""

from datetime import date

import pytest

from guichet.carrier.simulator.parties import HangUp
from guichet.citizens.mandate import Mandate, Role
from guichet.citizens.store import Seen
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber
from tests.journeys import aftermath
from tests.journeys.people import HIDDEN, STRANGER, keys, person, says
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World

INES = "+33639981030"
"""Inès Fernandez, born 10 October 1993, daughter of Odette Payet."""
ODETTE_HOME = "+262262190139"
APA = ("Dites en une phrase", says("j'appelle pour ma mère elle voudrait l'apa"))
MY_BIRTH = ("date de naissance", says("le dix octobre mille neuf cent quatre-vingt-treize"))
FOR_ODETTE = ("Pour qui appelez-vous", says("odette payet"))
NOT_MYSELF = ("pour vous-même", says("non"))


async def id_of(world: World, external_id: str) -> CitizenId:
    async with world.services.database.read() as unit:
        found = await unit.citizens.by_external_id(external_id)
    assert found is not None
    return found.id


async def mandate(world: World, **others: object) -> CitizenId:
    """Give Inès, or somebody from outside, the right to speak for Odette; return Odette."""
    odette, ines = await id_of(world, "VC-0039"), await id_of(world, "VC-0030")
    given = {"holder": ines, "scope": ("apa_personne_agee",), "until": date(2026, 12, 31), **others}
    async with world.services.database.begin() as unit:
        await unit.records.save_mandates([Mandate(odette, Role.RELATIVE, **given)], Seen("", "imp_1"))  # type: ignore[arg-type]
    return odette


@in_both_voices
async def test_with_a_mandate_the_request_is_the_mother_s_and_calls_the_daughter(any_world: World) -> None:
    world = any_world
    odette = await mandate(world)
    call = await world.call(INES, person(APA, NOT_MYSELF, MY_BIRTH, FOR_ODETTE))
    said = " ".join(call.log.said)
    assert "Merci, vous pouvez parler pour cette personne." in said
    assert "un agent va vous rappeler" in said
    tables = await aftermath.check(world)
    (contact,), (request,) = tables.contacts, tables.requests
    assert (request.citizen, request.number, request.intent) == (odette, INES, "apa_personne_agee")
    assert contact.citizen == odette


@in_both_voices
async def test_she_asks_about_the_request_that_her_mother_has_open(world: World) -> None:
    odette = await mandate(world)
    await world.call(
        ODETTE_HOME,
        person(
            ("Dites en une phrase", says("je voudrais demander l'apa")),
            ("date de naissance", says("le dix-sept août mille neuf cent quarante et un")),
        ),
    )
    call = await world.call(INES, person(APA, NOT_MYSELF, MY_BIRTH, FOR_ODETTE))
    assert "Votre demande est bien en cours" in " ".join(call.log.said)
    (request,) = (await aftermath.check(world)).requests
    assert (request.citizen, request.number) == (odette, ODETTE_HOME)


@in_both_voices
@pytest.mark.parametrize(
    ("others", "matter"),
    [
        ({"scope": ("cantine_periscolaire",)}, "another matter"),
        ({"until": date(2020, 1, 1)}, "over"),
        (None, "none"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_without_a_mandate_for_it_nothing_of_the_mother_is_said_or_touched(
    world: World, others: dict[str, object] | None, matter: str
) -> None:
    if others is not None:
        await mandate(world, **others)
    await world.call(
        ODETTE_HOME,
        person(
            ("Dites en une phrase", says("je voudrais demander l'apa")),
            ("date de naissance", says("le dix-sept août mille neuf cent quarante et un")),
        ),
    )
    call = await world.call(INES, person(APA, NOT_MYSELF, MY_BIRTH, FOR_ODETTE))
    said = " ".join(call.log.said)
    assert "Sans mandat enregistré pour cette demande" in said
    assert "Votre demande est enregistrée" in said
    assert "Odette" not in said
    tables = await aftermath.check(world)
    hers, theirs = tables.requests
    assert (hers.number, theirs.number) == (ODETTE_HOME, INES)
    assert (theirs.citizen, theirs.subject) == (None, f"number:{INES}")
    assert hers.reminders == 0


@in_both_voices
async def test_a_social_worker_from_outside_is_known_by_number_and_name(world: World) -> None:
    odette = await mandate(
        world, holder=None, holder_name="Claire Dubois", holder_phone=PhoneNumber(STRANGER), scope=()
    )
    call = await world.call(
        STRANGER,
        person(
            ("Dites en une phrase", says("je voudrais demander l'apa")),
            ("pour vous-même", says("c'est pour une cliente")),
            ("votre nom", says("claire dubois")),
            FOR_ODETTE,
        ),
    )
    assert "vous pouvez parler pour cette personne" in " ".join(call.log.said)
    (request,) = (await aftermath.check(world)).requests
    assert request.citizen == odette


@in_both_voices
async def test_a_daughter_who_calls_for_herself_is_served_as_ever(world: World) -> None:
    await mandate(world)
    call = await world.call(
        INES,
        person(
            ("Dites en une phrase", says("je voudrais un acte de naissance")), ("pour vous-même", keys("1")), MY_BIRTH
        ),
    )
    assert "Merci, c'est vérifié." in " ".join(call.log.said)
    (request,) = (await aftermath.check(world)).requests
    assert request.citizen == await id_of(world, "VC-0030")


@in_both_voices
async def test_the_name_of_whom_they_call_for_is_kept_nowhere(world: World) -> None:
    await mandate(world)
    await world.call(INES, person(APA, NOT_MYSELF, MY_BIRTH, FOR_ODETTE))
    async with world.services.database.read() as unit:
        lines = [
            line.heard.text
            for contact in (await world.tables()).contacts
            for line in await unit.transcripts.of(contact.id)
        ]
    assert lines
    assert not any("odette" in line.casefold() or "payet" in line.casefold() for line in lines)


@in_both_voices
async def test_who_hangs_up_before_the_end_leaves_no_name_behind(world: World) -> None:
    call = await world.call(
        HIDDEN,
        person(
            ("Dites en une phrase", says("je voudrais demander l'apa")),
            ("votre nom", says("julien martin")),
            ("date de naissance", HangUp()),
        ),
    )
    assert call.ended_by == "person"
    assert "date de naissance" in call.log.said[-1]
    await aftermath.check(world)
