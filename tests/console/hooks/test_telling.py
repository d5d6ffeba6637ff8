"""Other systems are told of what happens: once it has, signed, again until they have it, and never from the inside."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from guichet.console.hooks.hook import Delivery, DeliveryStage, Hook, Topic
from guichet.console.hooks.retries import LONGEST_REST, MOST_TRIES, PATIENCE
from guichet.console.hooks.service import add_hook, enable, redeliver
from guichet.console.hooks.signing import verify
from guichet.core.errors import Conflict
from guichet.core.phone import PhoneNumber
from tests.console.hooks.receiver import Receiver
from tests.journeys.people import AHMED, CATHERINE, KATHERINE, person, says
from tests.journeys.world import World

MATTER = "Je voudrais un acte de naissance"


async def hooked(world: World, url: str, *topics: Topic) -> Hook:
    async with world.services.database.begin() as unit:
        return await add_hook(unit, url, frozenset(topics or Topic), world.clock.now())


async def deliveries(world: World, hook: Hook) -> Sequence[Delivery]:
    """Return what was sent, first to last."""
    async with world.services.database.read() as unit:
        return (await unit.hooks.deliveries_of(hook.id, 100))[::-1]


async def state_of(world: World, hook: Hook) -> Hook:
    async with world.services.database.read() as unit:
        return await unit.hooks.get(hook.id)


async def _change_and_fail(world: World) -> None:
    async with world.services.database.begin() as unit:
        (request,) = await unit.requests.open_of_number(PhoneNumber(CATHERINE))
        assert await unit.requests.change(request, request.evolve(priority=9))
        raise ZeroDivisionError


async def _send_again(world: World, hook: Hook) -> None:
    async with world.services.database.begin() as unit:
        (last,) = await unit.hooks.deliveries_of(hook.id, 1)
        await redeliver(unit, hook.id, last.id, world.clock.now())


async def test_a_request_is_told_from_its_opening_to_its_end(open_to_us: World, receiver: Receiver) -> None:
    world = open_to_us
    hook = await hooked(world, receiver.url)
    await world.text(CATHERINE, MATTER)
    await world.text(CATHERINE, "ANNULER")
    told = sorted(receiver.told, key=lambda one: str(one["type"]))
    assert [one["type"] for one in told] == ["contact.ended", "contact.ended", "request.closed", "request.opened"]
    opened, closed = told[3]["data"], told[2]["data"]
    assert opened["request"] == closed["request"]
    assert (opened["state"], closed["before"], closed["state"]) == ("waiting", "waiting", "cancelled")
    assert told[0]["data"]["channel"] == "sms"
    for headers, body in receiver.got:
        verify(hook.secret, headers, body, world.clock.now())
        assert CATHERINE[-8:] not in body.decode()
        assert "Martin" not in body.decode()
        assert "acte" not in body.decode()
    assert {one.state for one in await deliveries(world, hook)} == {DeliveryStage.DELIVERED}


async def test_the_end_of_a_call_is_told_once(open_to_us: World, receiver: Receiver) -> None:
    world = open_to_us
    await hooked(world, receiver.url, Topic.CONTACT_ENDED)
    await world.call(KATHERINE, person(("Dites en une phrase", says("je voudrais les horaires de la mairie"))))
    (told,) = receiver.told
    assert told["data"]["channel"] == "voice"
    async with world.services.database.begin() as unit:
        contact = await unit.contacts.get(told["data"]["contact"])
        assert contact is not None
        await unit.contacts.save(contact.evolve(intent="etat_civil_acte"))
    await world.settled()
    assert len(receiver.told) == 1


async def test_a_hook_is_told_of_its_topics_alone(open_to_us: World, receiver: Receiver) -> None:
    world = open_to_us
    await hooked(world, receiver.url, Topic.REQUEST_CLOSED)
    await world.text(CATHERINE, MATTER)
    assert receiver.told == []
    await world.text(CATHERINE, "ANNULER")
    assert [one["type"] for one in receiver.told] == ["request.closed"]


async def test_what_is_rolled_back_is_not_told(open_to_us: World, receiver: Receiver) -> None:
    world = open_to_us
    hook = await hooked(world, receiver.url)
    await world.text(CATHERINE, MATTER)
    before = await deliveries(world, hook)
    with pytest.raises(ZeroDivisionError):
        await _change_and_fail(world)
    assert await deliveries(world, hook) == before


async def test_a_receiver_that_fails_is_told_again_later_with_the_same_id(
    open_to_us: World, receiver: Receiver
) -> None:
    world = open_to_us
    receiver.status = 500
    hook = await hooked(world, receiver.url, Topic.REQUEST_OPENED)
    await world.text(CATHERINE, MATTER)
    (waiting,) = await deliveries(world, hook)
    assert (waiting.state, waiting.tries, waiting.status) == (DeliveryStage.WAITING, 1, 500)
    assert (await state_of(world, hook)).failing_since == world.clock.now()
    await world.move(timedelta(seconds=4))
    assert len(receiver.got) == 1
    receiver.status = 200
    await world.move(timedelta(seconds=1))
    (done,) = await deliveries(world, hook)
    assert (done.state, done.tries, done.status) == (DeliveryStage.DELIVERED, 2, 200)
    (first, again) = receiver.got
    assert first[0]["webhook-id"] == again[0]["webhook-id"] == done.event
    assert first[0]["webhook-timestamp"] != again[0]["webhook-timestamp"]
    assert first[1] == again[1]
    assert (await state_of(world, hook)).failing_since is None


async def test_while_a_receiver_fails_one_message_tries_it_and_the_others_wait(
    open_to_us: World, receiver: Receiver
) -> None:
    world = open_to_us
    receiver.status = 503
    hook = await hooked(world, receiver.url, Topic.REQUEST_OPENED)
    await world.text(CATHERINE, MATTER)
    await world.text(KATHERINE, "I would like a birth certificate please")
    assert [one.tries for one in await deliveries(world, hook)] == [1, 0]
    assert len(receiver.got) == 1
    receiver.status = 200
    await world.move(timedelta(seconds=5))
    assert {one.state for one in await deliveries(world, hook)} == {DeliveryStage.DELIVERED}
    assert len(receiver.got) == 3


async def test_a_message_is_given_up_in_the_end_and_sent_again_by_hand(open_to_us: World, receiver: Receiver) -> None:
    world = open_to_us
    receiver.status = 404
    hook = await hooked(world, receiver.url, Topic.REQUEST_OPENED)
    await world.text(CATHERINE, MATTER)
    with pytest.raises(Conflict):
        await _send_again(world, hook)
    for _ in range(MOST_TRIES + 2):
        await world.move(timedelta(hours=6))
    (lost,) = await deliveries(world, hook)
    assert (lost.state, lost.tries, lost.status) == (DeliveryStage.GIVEN_UP, MOST_TRIES, 404)
    receiver.status = 200
    await _send_again(world, hook)
    await world.settled()
    (done,) = await deliveries(world, hook)
    assert (done.state, done.tries) == (DeliveryStage.DELIVERED, 1)


async def test_a_receiver_that_fails_for_days_is_no_longer_tried_until_it_is_enabled(
    open_to_us: World, receiver: Receiver
) -> None:
    world = open_to_us
    receiver.status = 500
    hook = await hooked(world, receiver.url, Topic.REQUEST_OPENED, Topic.REQUEST_CLOSED)
    await world.text(CATHERINE, MATTER)
    await world.move(PATIENCE + timedelta(minutes=1))
    await world.text(CATHERINE, "ANNULER")
    await world.move(LONGEST_REST)
    fares = await state_of(world, hook)
    assert fares.disabled_at is not None
    assert "3 days" in fares.disabled_why
    assert {one.state for one in await deliveries(world, hook)} == {DeliveryStage.GIVEN_UP}
    seen = len(receiver.got)
    await world.text(AHMED, MATTER)
    assert len(receiver.got) == seen
    receiver.status = 200
    async with world.services.database.begin() as unit:
        await enable(unit, hook.id)
    await world.text(AHMED, "ANNULER")
    assert receiver.told[-1]["type"] == "request.closed"


async def test_a_receiver_that_is_gone_says_so(open_to_us: World, receiver: Receiver) -> None:
    receiver.status = 410
    hook = await hooked(open_to_us, receiver.url)
    await open_to_us.text(CATHERINE, MATTER)
    assert "410" in (await state_of(open_to_us, hook)).disabled_why


async def test_a_redirect_is_not_followed(open_to_us: World, receiver: Receiver) -> None:
    receiver.status, receiver.headers = 307, {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"}
    hook = await hooked(open_to_us, receiver.url, Topic.REQUEST_OPENED)
    await open_to_us.text(CATHERINE, MATTER)
    (waiting,) = await deliveries(open_to_us, hook)
    assert (waiting.state, waiting.status, len(receiver.got)) == (DeliveryStage.WAITING, 307, 1)
