from datetime import UTC, date, datetime

import pytest

from guichet.citizens.citizen import Citizen
from guichet.citizens.mandate import Mandate, Role
from guichet.citizens.speaking import Helper, SpeakingService, Spoken, Standing, _named, is_named
from guichet.citizens.store import Seen
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber
from tests.citizens.people import citizen
from tests.citizens.units import Begin

TODAY = date(2026, 3, 2)
ODETTE = citizen("1", "Odette", "Payet")
INES = citizen("2", "Inès", "Fernandez", phones=(PhoneNumber("+33639981030"),))
MAURICE = citizen("3", "Maurice", "Chevalier")
ODILE = citizen("4", "Odile", "Payet")
OFFICE = PhoneNumber("+33199001299")
FOR_ODETTE = Mandate(
    ODETTE.id, Role.RELATIVE, INES.id, scope=("apa_personne_agee", "aide_sociale"), until=date(2026, 12, 31)
)
OVER = Mandate(MAURICE.id, Role.GUARDIAN, INES.id, until=date(2026, 3, 1))
OUTSIDE = Mandate(MAURICE.id, Role.SOCIAL_WORKER, holder_name="Claire Dubois", holder_phone=OFFICE)


@pytest.fixture
async def speaking(begin: Begin) -> SpeakingService:
    async with begin() as unit:
        await unit.citizens.save_all([ODETTE, INES, MAURICE, ODILE])
        await unit.records.save_mandates([FOR_ODETTE, OVER, OUTSIDE], Seen("", "imp_1"))
    return SpeakingService(begin)


async def ask(
    speaking: SpeakingService, helper: Helper, name: str, matter: str | None = "aide_sociale", day: date = TODAY
) -> Spoken:
    return await speaking.speaks(helper, (name,), matter, day)


DAUGHTER = Helper(INES.phones[0], INES.id)


async def test_a_mandate_lets_its_holder_speak_for_whom_they_name(speaking: SpeakingService) -> None:
    assert await ask(speaking, DAUGHTER, "odette payet") == Spoken(Standing.MANDATE, ODETTE.id, Role.RELATIVE, INES.id)
    assert await ask(speaking, DAUGHTER, "payer odette") == Spoken(Standing.MANDATE, ODETTE.id, Role.RELATIVE, INES.id)


@pytest.mark.parametrize(
    ("name", "matter", "standing"),
    [
        ("odette payet", "cantine_periscolaire", Standing.OUT_OF_SCOPE),
        ("odette payet", None, Standing.OUT_OF_SCOPE),
        ("maurice chevalier", "aide_sociale", Standing.EXPIRED),
        ("odile payet", "aide_sociale", Standing.NONE),
        ("payet", "aide_sociale", Standing.NONE),
        ("julien roy", "aide_sociale", Standing.NONE),
        ("", "aide_sociale", Standing.NONE),
    ],
)
async def test_whatever_is_missing_nobody_may_be_spoken_for(
    speaking: SpeakingService, name: str, matter: str | None, standing: Standing
) -> None:
    assert await ask(speaking, DAUGHTER, name, matter) == Spoken(standing)


async def test_a_mandate_holds_on_its_last_day(speaking: SpeakingService) -> None:
    last = date(2026, 12, 31)
    assert (await ask(speaking, DAUGHTER, "odette payet", day=last)).standing is Standing.MANDATE
    assert (await ask(speaking, DAUGHTER, "odette payet", day=date(2027, 1, 1))).standing is Standing.EXPIRED


@pytest.mark.parametrize(
    ("helper", "standing"),
    [
        (Helper(OFFICE, names=("claire dubois",)), Standing.MANDATE),
        (Helper(OFFICE, names=("clair du bois", "claire dubois")), Standing.MANDATE),
        (Helper(OFFICE, names=("julie dubois",)), Standing.NONE),
        (Helper(OFFICE), Standing.NONE),
        (Helper(INES.phones[0], names=("claire dubois",)), Standing.NONE),
        (Helper(None, names=("claire dubois",)), Standing.NONE),
    ],
)
async def test_somebody_from_outside_is_known_by_number_and_name_together(
    speaking: SpeakingService, helper: Helper, standing: Standing
) -> None:
    assert (await ask(speaking, helper, "maurice chevalier")).standing is standing


async def test_a_number_tells_whether_somebody_there_holds_a_mandate(speaking: SpeakingService) -> None:
    assert await speaking.holds(INES.phones[0], TODAY)
    assert await speaking.holds(OFFICE, TODAY)
    assert not await speaking.holds(INES.phones[0], date(2027, 6, 1))
    assert not await speaking.holds(PhoneNumber("+33639981031"), TODAY)
    assert not await speaking.holds(None, TODAY)


async def test_a_mandate_that_left_the_source_is_over(speaking: SpeakingService, begin: Begin) -> None:
    async with begin() as unit:
        assert await unit.records.mandates_left(Seen("", "imp_2"), datetime(2026, 3, 1, tzinfo=UTC)) == 3
    assert (await ask(speaking, DAUGHTER, "odette payet")).standing is Standing.EXPIRED
    assert not await speaking.holds(OFFICE, TODAY)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("odette payet", True),
        ("payet odette", True),
        ("odète payé", True),
        ("madame odette payet", True),
        ("odile payet", False),
        ("odette", False),
        ("odette martin", False),
        ("marie payet", False),
        ("je ne sais pas", False),
    ],
)
def test_a_name_is_that_of_a_person_or_not(said: str, named: bool) -> None:
    assert is_named([said], ODETTE) is named


def test_two_of_one_name_are_told_apart_by_nothing() -> None:
    twin = Citizen(CitizenId("cit_9"), "9", "Odette", "Payet")
    assert _named(["odette payet"], [ODETTE, twin]) is None


@pytest.mark.parametrize(
    ("phone", "name", "named"),
    [
        (INES.phones[0], "odette payet", ODETTE.id),
        (INES.phones[0], "Chevalier Maurice", MAURICE.id),
        (OFFICE, "maurice chevalier", MAURICE.id),
        (OFFICE, "odette payet", None),
        (INES.phones[0], "odile payet", None),
        (INES.phones[0], "", None),
    ],
)
async def test_a_name_means_one_whom_a_mandate_of_that_number_is_about_or_nobody(
    speaking: SpeakingService, phone: PhoneNumber, name: str, named: CitizenId | None
) -> None:
    assert await speaking.named(phone, (name,)) == named


async def test_for_whom_nobody_was_named_nobody_may_speak(speaking: SpeakingService) -> None:
    assert (await speaking.stands(DAUGHTER, ODETTE.id, "aide_sociale", TODAY)).standing is Standing.MANDATE
    assert (await speaking.stands(DAUGHTER, None, "aide_sociale", TODAY)) == Spoken(Standing.NONE)
    stranger = Helper(INES.phones[0], None, ("ines fernandez",))
    assert (await speaking.stands(stranger, ODETTE.id, "aide_sociale", TODAY)) == Spoken(Standing.NONE)


async def test_the_file_of_a_contact_tells_who_spoke_for_whom(speaking: SpeakingService) -> None:
    outsider = await speaking.stands(Helper(OFFICE, names=("claire dubois",)), MAURICE.id, None, TODAY)
    assert outsider.as_file() == {
        "standing": "mandate",
        "role": "social_worker",
        "helper": None,
        "helper_name": "Claire Dubois",
    }
