from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from guichet.citizens.citizen import Certainty, Evidence
from guichet.citizens.memory_store import MemoryCitizenStore
from guichet.citizens.service import CitizenService
from guichet.citizens.sql_store import SqlCitizenStore
from guichet.citizens.store import CitizenStore
from guichet.core.ids import CitizenId
from tests.citizens.people import CATHERINE, EVERYBODY, HOME, JULIEN, MOBILE, OLIVER
from tests.conftest import BACKENDS, Engines


@dataclass(frozen=True)
class Unit:
    """The one store of a transaction."""

    citizens: CitizenStore


@pytest.fixture(params=BACKENDS)
async def service(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[CitizenService]:
    store: CitizenStore = MemoryCitizenStore()

    @asynccontextmanager
    async def begin() -> AsyncIterator[Unit]:
        yield Unit(store)

    if request.param == "memory":
        await store.save_all(EVERYBODY)
        yield CitizenService(begin)
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        store = SqlCitizenStore(connection)
        await store.save_all(EVERYBODY)
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
