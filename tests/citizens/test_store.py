from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from guichet.citizens.memory_store import MemoryCitizenStore
from guichet.citizens.search_keys import heard_keys
from guichet.citizens.sql_store import SqlCitizenStore
from guichet.citizens.store import CitizenStore, Saved
from guichet.core.ids import CitizenId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from tests.citizens.people import ANSELME, CATHERINE, EVERYBODY, HELENE, HOME, JULIEN, MOBILE, OLIVER, citizen
from tests.conftest import BACKENDS, Engines


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[CitizenStore]:
    if request.param == "memory":
        yield MemoryCitizenStore()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        yield SqlCitizenStore(connection)


async def test_a_citizen_comes_back_as_saved(store: CitizenStore) -> None:
    person = replace(CATHERINE, language=Language.EN, never_call=True, email="k@example.org", address="4 rue Basse")
    assert await store.save_all([person]) == Saved(added=1)
    assert await store.get(person.id) == person
    assert await store.by_external_id("1") == person
    assert await store.get(CitizenId("cit_0")) is None
    assert await store.by_external_id("9") is None


async def test_a_second_import_updates_and_keeps_the_id(store: CitizenStore) -> None:
    await store.save_all(EVERYBODY)
    moved = citizen("1", "Katherine", "Lefèvre", postcode="69100", phones=(MOBILE,))
    assert await store.save_all([moved, *EVERYBODY[1:]]) == Saved(changed=1, same=4)
    assert await store.count() == 5
    assert await store.get(CATHERINE.id) == replace(moved, id=CATHERINE.id)
    assert CATHERINE.id not in {found.id for found in await store.with_phone(HOME)}


async def test_old_search_keys_go_with_an_update(store: CitizenStore) -> None:
    await store.save_all([OLIVER])
    await store.save_all([citizen("4", "Zoé", "Quentin")])
    assert await store.candidates(heard_keys(["oliver hughes"], ["11 april 1977"], ["s6 3yb"])) == ()


async def test_of_two_lines_for_one_citizen_in_a_batch_the_last_wins(store: CitizenStore) -> None:
    assert await store.save_all([OLIVER, replace(OLIVER, town="Sheffield")]) == Saved(added=1)
    found = await store.by_external_id("4")
    assert found is not None
    assert found.town == "Sheffield"


async def test_a_shared_number_gives_everybody_who_has_it(store: CitizenStore) -> None:
    await store.save_all(EVERYBODY)
    assert {found.id for found in await store.with_phone(HOME)} == {CATHERINE.id, JULIEN.id, ANSELME.id}
    assert await store.with_phone(PhoneNumber("+33199001299")) == ()
    assert len(await store.with_phone(HOME, limit=2)) == 2


@pytest.mark.parametrize(
    ("names", "dates", "postcodes"),
    [
        (["catherine martin"], [], []),
        (["martin catherine"], [], []),
        (["catrine lefebvre"], [], []),
        ([], ["le trois mars quatre-vingt-cinq"], []),
        ([], ["3rd of March 1985"], []),
        (["c a t h e r i n e m a r t i n"], [], []),
    ],
)
async def test_what_was_heard_finds_the_citizen(
    store: CitizenStore, names: list[str], dates: list[str], postcodes: list[str]
) -> None:
    await store.save_all(EVERYBODY)
    found = await store.candidates(heard_keys(names, dates, postcodes))
    assert found
    assert found[0] == CATHERINE


async def test_candidates_share_most_first_and_are_limited(store: CitizenStore) -> None:
    await store.save_all(EVERYBODY)
    found = await store.candidates(heard_keys(["julien martin"], ["3 mars 1985"], []))
    assert set(found[:2]) == {JULIEN, CATHERINE}
    assert len(await store.candidates(heard_keys(["julien martin"], ["3 mars 1985"], []), limit=1)) == 1


async def test_the_owners_of_a_number_come_behind_those_who_share_most(store: CitizenStore) -> None:
    await store.save_all(EVERYBODY)
    found = await store.candidates(heard_keys(["oliver hughes"], [], []), phone=HOME)
    assert found[0] == OLIVER
    assert set(found[1:]) == {CATHERINE, JULIEN, ANSELME}
    assert set(await store.candidates((), phone=MOBILE)) == {CATHERINE}
    assert (await store.candidates((), phone=PhoneNumber("+33199001299"))) == ()


async def test_nothing_heard_finds_nobody(store: CitizenStore) -> None:
    await store.save_all(EVERYBODY)
    assert await store.candidates(()) == ()
    assert await store.candidates(("jZZZZZZ",)) == ()


async def test_a_british_postcode_alone_finds_its_people(store: CitizenStore) -> None:
    await store.save_all(EVERYBODY)
    assert await store.candidates(heard_keys([], [], ["Sierra six three yankee bravo"])) == (OLIVER,)


async def test_a_name_without_its_particle_is_found(store: CitizenStore) -> None:
    await store.save_all(EVERYBODY)
    assert (await store.candidates(heard_keys(["hélène tour"], [], [])))[0] == HELENE
    assert (await store.candidates(heard_keys(["hélène delatour"], [], [])))[0] == HELENE
