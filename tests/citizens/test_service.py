from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from guichet.citizens.case_file import CaseFile
from guichet.citizens.citizen import Certainty, Evidence, Item
from guichet.citizens.memory_store import MemoryCitizenStore
from guichet.citizens.record_memory_store import MemoryRecordStore
from guichet.citizens.record_sql_store import SqlRecordStore
from guichet.citizens.record_store import RecordStore
from guichet.citizens.service import CitizenService
from guichet.citizens.sql_store import SqlCitizenStore
from guichet.citizens.store import CitizenStore, Seen
from guichet.core.ids import CitizenId
from tests.citizens.people import CATHERINE, EVERYBODY, HOME, JULIEN, MOBILE, OLIVER
from tests.conftest import BACKENDS, Engines

SEEN = Seen("test", "run")
FILES = (
    (CATHERINE.id, CaseFile("2026-LOG-00117")),
    (CATHERINE.id, CaseFile("2026-LOG-00200")),
    (JULIEN.id, CaseFile("2026-URB-00117")),
    (OLIVER.id, CaseFile("03031985")),
    (OLIVER.id, CaseFile("12")),
)


@dataclass(frozen=True)
class Unit:
    """The stores of a transaction."""

    citizens: CitizenStore
    records: RecordStore


@pytest.fixture(params=BACKENDS)
async def service(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[CitizenService]:
    store: CitizenStore = MemoryCitizenStore()
    records: RecordStore = MemoryRecordStore()

    @asynccontextmanager
    async def begin() -> AsyncIterator[Unit]:
        yield Unit(store, records)

    if request.param == "memory":
        await store.save_all(EVERYBODY)
        await records.save_files(FILES, SEEN)
        yield CitizenService(begin)
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        store, records = SqlCitizenStore(connection), SqlRecordStore(connection)
        await store.save_all(EVERYBODY)
        await records.save_files(FILES, SEEN)
        yield CitizenService(begin)


async def test_a_citizen_is_returned_by_id(service: CitizenService) -> None:
    assert await service.citizen(CATHERINE.id) == CATHERINE
    assert await service.citizen(CitizenId("cit_0")) is None


async def test_a_hidden_number_identifies_nobody(service: CitizenService) -> None:
    found = await service.identify(Evidence())
    assert found.certainty is Certainty.UNKNOWN
    assert found.candidates == ()


async def test_a_shared_number_gives_several_candidates(service: CitizenService) -> None:
    found = await service.identify(Evidence(phone=HOME))
    assert found.certainty is Certainty.CHECK
    assert len(found.candidates) == 3


async def test_a_shared_number_and_a_name_give_the_right_one(service: CitizenService) -> None:
    found = await service.identify(Evidence(phone=HOME, names=("julien martin",)))
    assert found.best is not None
    assert found.best.citizen == JULIEN


async def test_somebody_on_another_phone_is_found_by_what_they_say(service: CitizenService) -> None:
    evidence = Evidence(phone=MOBILE, names=("hughes oliver",), birth_dates=("11th of April 1977",))
    found = await service.identify(evidence)
    assert found.best is not None
    assert found.best.citizen == OLIVER


async def test_keyed_digits_are_a_birth_date(service: CitizenService) -> None:
    found = await service.identify(Evidence(phone=MOBILE, birth_dates=("03031985",)))
    assert found.certainty is Certainty.SURE
    assert found.best is not None
    assert found.best.citizen == CATHERINE


@pytest.mark.parametrize("said", ["2026log00117", "dossier 2026 LOG 00200", "202600200"])
async def test_a_file_number_proves_who_calls_from_their_own_number(service: CitizenService, said: str) -> None:
    found = await service.identify(Evidence(phone=MOBILE, files=(said,)))
    assert found.certainty is Certainty.SURE
    assert found.best is not None
    assert found.best.citizen == CATHERINE
    assert "le numéro de dossier entendu est sur la fiche" in {reason.text.fr for reason in found.best.because}


@pytest.mark.parametrize("said", ["202600118", "202600999", "12", "03031985", "202600117"])
async def test_any_other_number_proves_nothing(service: CitizenService, said: str) -> None:
    found = await service.identify(Evidence(phone=MOBILE, files=(said,)))
    assert found.certainty is not Certainty.SURE


async def test_a_birth_date_is_no_file_number_and_a_file_number_no_birth_date(service: CitizenService) -> None:
    """Oliver's file has the digits of Catherine's birth date."""
    by_date = await service.identify(Evidence(birth_dates=("03031985",)))
    by_file = await service.identify(Evidence(files=("03031985",)))
    assert by_date.best is not None
    assert by_file.best is not None
    assert (by_date.best.citizen, by_file.best.citizen) == (CATHERINE, OLIVER)


async def test_somebody_on_another_phone_is_found_by_their_file(service: CitizenService) -> None:
    found = await service.identify(Evidence(names=("oliver hughes",), files=("03 03 1985",)))
    assert found.best is not None
    assert (found.best.citizen, found.certainty) == (OLIVER, Certainty.SURE)


async def test_letters_decide_between_files_of_the_same_digits(service: CitizenService) -> None:
    found = await service.identify(Evidence(phone=HOME, files=("2026urb00117",)))
    assert found.best is not None
    assert found.best.citizen == JULIEN


async def test_a_shared_number_is_separated_by_the_name(service: CitizenService) -> None:
    found = await service.identify(Evidence(phone=HOME))
    assert (found.separating, found.has_files) == (Item.NAME, True)
