"""An agent undoes a match; the history of both people follows."""

import pytest

from guichet.callbacks.request import RequestState
from guichet.callbacks.undoing import Undone, undo_match
from guichet.citizens.history import Happening
from guichet.core.errors import BadInput, NotFound
from guichet.core.ids import CitizenId, ContactId
from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, person, says
from tests.journeys.world import World

HER_BIRTH = ("date de naissance", says("le trois mars mille neuf cent quatre-vingt-cinq"))
ACT = ("Dites en une phrase", says("je voudrais un acte de naissance"))


async def id_of(world: World, external_id: str) -> CitizenId:
    async with world.services.database.read() as unit:
        found = await unit.citizens.by_external_id(external_id)
    assert found is not None
    return found.id


async def undo(world: World, contact: str, right: CitizenId | None = None) -> Undone:
    async with world.services.database.begin() as unit:
        return await undo_match(unit, ContactId(contact), right, "agent_claire", world.clock.now())


async def happened(world: World, citizen: CitizenId) -> list[Happening]:
    async with world.services.database.read() as unit:
        return [entry.what for entry in await unit.history.of(citizen)]


async def test_a_history_has_every_channel_in_order(any_world: World) -> None:
    world = any_world
    await world.call(CATHERINE, person(ACT, HER_BIRTH))
    await world.text(CATHERINE, "STATUT")
    catherine = await id_of(world, "VC-0001")
    async with world.services.database.read() as unit:
        entries = await unit.history.of(catherine)
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    contact = next(entry for entry in entries if entry.what is Happening.CONTACT)
    request = next(entry for entry in entries if entry.what is Happening.REQUEST)
    assert (contact.told["channel"], contact.told["request"]) == ("voice", request.id)
    assert request.told["contact"] == contact.id
    assert any(entry.what is Happening.MESSAGE and entry.told["direction"] == "out" for entry in entries)


async def test_what_a_contact_opened_goes_with_it(any_world: World) -> None:
    world = any_world
    await world.call(CATHERINE, person(ACT, HER_BIRTH))
    catherine, julien = await id_of(world, "VC-0001"), await id_of(world, "VC-0002")
    (contact,) = (await world.tables()).contacts
    undone = await undo(world, contact.id, julien)
    assert len(undone.moved) == 1
    assert await happened(world, catherine) == []
    assert set(await happened(world, julien)) == {*Happening}
    (request,) = (await aftermath.check(world)).requests
    assert (request.citizen, request.subject, request.state) == (julien, f"citizen:{julien}", "waiting")
    async with world.services.database.read() as unit:
        kept = await unit.contacts.get(ContactId(contact.id))
        events = await unit.requests.events_of(request.id)
    assert kept is not None
    assert kept.file["undone"] == [
        {"at": world.clock.now().isoformat(), "by": "agent_claire", "from": catherine, "to": julien}
    ]
    assert (events[-1].cause.actor, events[-1].before, events[-1].after) == ("agent_claire", "waiting", "waiting")


async def test_for_nobody_known_the_number_keeps_the_request(world: World) -> None:
    await world.call(CATHERINE, person(ACT, HER_BIRTH))
    (contact,) = (await world.tables()).contacts
    await undo(world, contact.id)
    (request,) = (await aftermath.check(world)).requests
    assert (request.citizen, request.subject) == (None, f"number:{CATHERINE}")


async def test_a_request_that_was_theirs_before_stays_and_the_other_gets_one(any_world: World) -> None:
    world = any_world
    for _ in range(2):
        await world.call(CATHERINE, person(ACT, HER_BIRTH))
    catherine, julien = await id_of(world, "VC-0001"), await id_of(world, "VC-0002")
    second = (await world.tables()).contacts[1]
    undone = await undo(world, second.id, julien)
    assert (len(undone.moved), len(undone.opened)) == (0, 1)
    await world.settled()
    hers, his = (await aftermath.check(world)).requests
    assert (hers.citizen, hers.reminders, his.citizen, his.reminders) == (catherine, 0, julien, 0)
    assert (his.number, his.target_at, his.priority) == (CATHERINE, hers.target_at, hers.priority)


async def test_a_request_that_they_have_joined_since_stays_theirs(world: World) -> None:
    for _ in range(2):
        await world.call(CATHERINE, person(ACT, HER_BIRTH))
    catherine, julien = await id_of(world, "VC-0001"), await id_of(world, "VC-0002")
    first, second = (await world.tables()).contacts
    undone = await undo(world, first.id, julien)
    assert len(undone.opened) == 1
    await world.settled()
    hers, his = (await aftermath.check(world)).requests
    assert (hers.citizen, hers.contact, his.citizen, his.contact) == (catherine, second.id, julien, first.id)


async def test_where_the_right_person_has_asked_already_there_is_one_request(any_world: World) -> None:
    world = any_world
    julien = await id_of(world, "VC-0002")
    await world.call(
        "+33639981002",
        person(ACT, ("date de naissance", says("le dix-sept septembre mille neuf cent quatre-vingt-trois"))),
    )
    await world.call(CATHERINE, person(ACT, HER_BIRTH))
    contact = (await world.tables()).contacts[1]
    await undo(world, contact.id, julien)
    await world.settled()
    tables = await aftermath.check(world)
    (open_one,) = tables.open_requests
    assert (open_one.citizen, open_one.reminders) == (julien, 1)
    assert {request.state for request in tables.requests} == {"waiting", RequestState.CANCELLED.value}


async def test_what_cannot_be_undone_says_why(world: World) -> None:
    await world.call(CATHERINE, person(ACT, HER_BIRTH))
    (contact,) = (await world.tables()).contacts
    catherine = await id_of(world, "VC-0001")
    with pytest.raises(NotFound, match="no such contact"):
        await undo(world, "con_0", catherine)
    with pytest.raises(NotFound, match="no such citizen"):
        await undo(world, contact.id, CitizenId("cit_0"))
    with pytest.raises(BadInput, match="already"):
        await undo(world, contact.id, catherine)
    await undo(world, contact.id)
    with pytest.raises(BadInput, match="nobody"):
        await undo(world, contact.id)
