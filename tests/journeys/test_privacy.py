"""What is kept of somebody is given whole, erased from every table, and forgotten in time: on each database."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from guichet.callbacks.request import RequestState
from guichet.callbacks.service import close_request
from guichet.callbacks.tables import flags, requests
from guichet.citizens.citizen import Citizen
from guichet.core.errors import Conflict
from guichet.core.ids import CitizenId, RequestId
from guichet.core.phone import PhoneNumber
from guichet.core.tables import metadata
from guichet.gateway.privacy.erase import Erased, erase, standing
from guichet.gateway.privacy.export import export
from guichet.gateway.privacy.in_words import in_words
from guichet.gateway.privacy.person import Person, person_of
from guichet.gateway.privacy.tidy import Tidied, due, tidy
from guichet.gateway.privacy.trail import note, trail
from guichet.routing.retention import Retention
from tests.journeys import aftermath
from tests.journeys.people import CLAIRE, STRANGER, agent, person, says
from tests.journeys.test_third_party import APA, FOR_ODETTE, INES, MY_BIRTH, NOT_MYSELF, id_of, mandate
from tests.journeys.test_writing_for_another import FOR_MOTHER, WHO_I_AM, write
from tests.journeys.world import World

BIRTH = ("Dites en une phrase", says("je voudrais un acte de naissance"))
NOT_ANOTHER = ("pour vous-même", says("oui"))
KEEP = Retention(words=timedelta(days=90), people=timedelta(days=1095))


async def everything(world: World) -> dict[str, str]:
    """Return every table as one text."""
    async with world.services.database.read() as unit:
        return {
            table.name: json.dumps(
                [dict(row) for row in (await unit.connection.execute(sa.select(table))).mappings()],
                default=str,
                ensure_ascii=False,
            )
            for table in metadata.sorted_tables
        }


async def mentions(world: World, *pieces: str) -> list[tuple[str, str]]:
    """Return the tables that hold any of these pieces, whichever case."""
    tables = await everything(world)
    return [(name, piece) for name, text in tables.items() for piece in pieces if piece.casefold() in text.casefold()]


async def life(world: World) -> Citizen:
    """Let Inès call for herself, call for her mother, write for her mother; return her."""
    await mandate(world)
    await world.call(INES, person(BIRTH, NOT_ANOTHER, MY_BIRTH))
    await world.call(INES, person(APA, NOT_MYSELF, MY_BIRTH, FOR_ODETTE))
    await write(world, INES, FOR_MOTHER, "Odette Payet", WHO_I_AM)
    await write(world, INES, "blabla incomprehensible", "encore du blabla")
    await aftermath.check(world)
    async with world.services.database.read() as unit:
        found = await unit.citizens.by_external_id("VC-0030")
    assert found is not None
    await flagged(world, found)
    return found


async def flagged(world: World, citizen: Citizen) -> None:
    """Let an agent have flagged her, and passed her on with her name in the note."""
    flag = {
        "id": "flg_1",
        "subject": f"citizen:{citizen.id}",
        "kind": "insults",
        "note": "Mme Fernandez",
        "agent": "agt_1",
        "at": world.clock.now(),
        "expires_at": world.clock.now() + timedelta(days=30),
        "lifted_by": "",
    }
    async with world.services.database.begin() as unit:
        own = (await unit.connection.scalars(sa.select(requests.c.id).where(requests.c.citizen == citizen.id))).all()
        await unit.connection.execute(sa.insert(flags).values(flag | {"request": own[0]}))
        noted = sa.update(requests).where(requests.c.id == own[0]).values(passed_note="Mme Fernandez")
        await unit.connection.execute(noted)


async def erased(world: World, who: Person) -> Erased:
    """Erase somebody, and what they wait for."""
    async with world.services.database.begin() as unit:
        return await erase(unit, who, await standing(unit, who), world.clock.now())


async def the_person(world: World, citizen: Citizen) -> Person:
    async with world.services.database.read() as unit:
        return await person_of(unit, citizen)


async def given(world: World, who: Person) -> dict[str, Any]:
    """Return an export, as it is written."""
    async with world.services.database.read() as unit:
        found = await export(unit, who, world.clock.now())
    json.dumps(found)
    return found


async def test_the_export_has_all_that_is_theirs_and_nothing_of_others(any_world: World) -> None:
    world = any_world
    ines = await life(world)
    await world.call(STRANGER, person(BIRTH))
    who = await the_person(world, ines)
    assert who.numbers == ines.phones
    found = await given(world, who)
    assert found["record"]["external_id"] == "VC-0030"
    assert [one["role"] for one in found["record"]["speaks_for"]] == ["relative"]
    tables = await world.tables()
    odette = await id_of(world, "VC-0039")
    own = {row.id for row in tables.contacts if row.caller == INES and row.citizen != odette}
    assert {one["id"] for one in found["contacts"]} == own
    assert any(one["transcript"] for one in found["contacts"])
    assert any(one["unclear"] for one in found["contacts"] if "unclear" in one)
    assert {one["intent"] for one in found["requests"]} == {"etat_civil_acte", "agent_humain"}
    assert all("attempts" in one for one in found["requests"])
    assert [flag["note"] for one in found["requests"] for flag in one["flags"]] == ["Mme Fernandez"]
    assert found["texts"]
    assert STRANGER not in json.dumps(found)
    told = in_words(found)
    assert "Fernandez" in told
    assert "VC-0030" in told


async def test_after_an_erasure_no_table_knows_them(any_world: World) -> None:
    world = any_world
    ines = await life(world)
    birth = str(ines.birth_date)
    who = await the_person(world, ines)
    before = await world.tables()
    counts = await erased(world, who)
    assert (counts.records, counts.closed_requests, counts.mandates) == (1, 2, 1)
    assert counts.contacts
    assert counts.transcripts
    assert counts.texts
    assert counts.unclear_texts
    assert counts.mentions
    # Her number stays where her mother still waits for a call at it.
    assert {name for name, _ in await mentions(world, INES)} == {"requests"}
    odette = await id_of(world, "VC-0039")
    assert await mentions(world, ines.id, "VC-0030", "Fernandez", birth) == []
    async with world.services.database.begin() as unit:
        mother = await unit.citizens.get(odette)
        assert mother is not None
        mothers = await person_of(unit, mother)
        await erase(unit, mothers, await standing(unit, mothers), world.clock.now())
    assert await mentions(world, INES, ines.id, odette, "Odette") == []
    after = await world.tables()
    assert len(after.contacts) == len(before.contacts)
    assert [row.intent for row in after.requests] == [row.intent for row in before.requests]
    assert not after.open_requests
    await world.settled()
    assert not [job for job in (await world.tables()).jobs if job.failed_at is not None]


async def test_somebody_on_the_line_is_not_erased(world: World) -> None:
    await world.hire(agent("claire", CLAIRE), person())
    call, carried = world.ring(INES, person(("Dites en une phrase", says("un agent"))))
    await world.until_said(call, "Ne quittez pas")
    async with world.services.database.read() as unit:
        citizen = await unit.citizens.by_external_id("VC-0030")
        assert citizen is not None
        who = await person_of(unit, citizen)
        found = await standing(unit, who)
    assert found.talking
    with pytest.raises(Conflict):
        await erased(world, who)
    carried.cancel()
    await world.settled()


async def test_who_is_on_no_record_is_erased_by_number(world: World) -> None:
    await world.call(STRANGER, person(BIRTH, ("votre nom", says("julien martin"))))
    await write(world, STRANGER, "je voudrais un acte de naissance")
    who = Person(None, (PhoneNumber(STRANGER),))
    assert (await given(world, who))["record"] is None
    counts = await erased(world, who)
    assert (counts.records, counts.contacts) == (0, 2)
    assert await mentions(world, STRANGER) == []


async def test_what_came_from_a_shared_number_is_left_to_who_shares_it(world: World) -> None:
    async with world.services.database.begin() as unit:
        one = await unit.citizens.by_external_id("VC-0030")
        assert one is not None
        twin = Citizen(CitizenId("cit_twin"), "VC-X", "Paul", "Fernandez", phones=one.phones)
        await unit.citizens.save_all([twin])
        who = await person_of(unit, one)
    assert who.numbers == ()
    await write(world, INES, "je voudrais un acte de naissance")
    counts = await erased(world, who)
    assert (counts.records, counts.contacts, counts.texts) == (1, 0, 0)
    assert (await world.tables()).messages


async def test_words_then_people_are_forgotten_in_their_time(any_world: World) -> None:
    world = any_world
    await life(world)
    database = world.services.database
    for request in (await world.tables()).open_requests:
        async with database.begin() as unit:
            await close_request(unit, RequestId(request.id), RequestState.DONE, "", world.clock.now())
    start = world.clock.now()
    assert replace(await tidy(database, KEEP, start + timedelta(days=89)), jobs=0) == Tidied()
    later = start + timedelta(days=91)
    announced = await due(database, KEEP, later)
    words = await tidy(database, KEEP, later)
    assert (words.transcripts, words.texts) == (announced.transcripts, announced.texts)
    assert (words.contacts, words.requests) == (0, 0)
    tables = await world.tables()
    assert not any((tables.lines, tables.messages, tables.calls, tables.turns))
    assert await mentions(world, "blabla", "j'appelle pour ma mère") == []
    assert {row.caller for row in tables.contacts} == {INES}
    last = start + timedelta(days=1096)
    people = await tidy(database, KEEP, last)
    assert (people.contacts, people.requests) == (len(tables.contacts), len(tables.requests))
    kept = await world.tables()
    assert {row.caller for row in kept.contacts} == {row.citizen for row in kept.contacts} == {None}
    assert {row.number for row in kept.requests} == {None}
    assert [row.file["decision"] for row in kept.contacts if "decision" in row.file]
    assert await tidy(database, KEEP, last) == Tidied()


async def test_what_is_open_is_left_alone_whatever_its_age(world: World) -> None:
    await life(world)
    later = world.clock.now() + timedelta(days=5000)
    await tidy(world.services.database, KEEP, later)
    tables = await world.tables()
    assert {row.number for row in tables.open_requests} == {INES}


async def test_nothing_is_forgotten_where_the_book_does_not_say_so(world: World) -> None:
    await life(world)
    before = await everything(world)
    await tidy(world.services.database, Retention(), world.clock.now() + timedelta(days=20))
    assert await everything(world) == before


async def test_the_trail_says_what_was_done_and_not_to_whom(any_world: World) -> None:
    async with any_world.services.database.begin() as unit:
        await note(unit, "erased", "awa", Erased(records=1, texts=3).as_data(), any_world.clock.now())
        (line,) = await trail(unit)
    assert (line["what"], line["by"], line["records"], line["texts"]) == ("erased", "awa", 1, 3)
