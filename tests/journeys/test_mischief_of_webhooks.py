"""The carrier misbehaves with its webhooks: repeated, late, lost, out of order, given up, forged, replayed."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest

from guichet.callbacks import ringing
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.mischief import Corrupt, Cut, Delay, Drop, Reorder, Repeat, TimeOut, Trouble
from guichet.carrier.simulator.parties import HangUp, Moment, NoAnswer
from guichet.carrier.simulator.signing import Scheme, headers
from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, CLAIRE, LINE, LUCAS, accepts, agent, keys, person, says
from tests.journeys.world import PUBLIC, TOKEN, World

HOUSING = (
    ("Dites en une phrase", says("j'ai besoin d'aide pour mon dossier de logement social")),
    ("date de naissance", keys("03031985")),
)
CERTIFICATE = (
    ("Dites en une phrase", says("je voudrais un acte de naissance")),
    ("date de naissance", keys("03031985")),
)
HELD = ("/voice/hold", "/voice/held")
AGENTS = ("/voice/agent?", "/voice/agent/answer", "/voice/agent/connected", "/voice/agent/done", "/voice/agent/status")
HARMLESS: Mapping[str, Trouble] = {"repeated": Repeat(2), "late": Delay(0.05), "lost once": Drop()}
GIVEN_UP = ("11200", "11205")
"""The simulator's own errors after a webhook that it did not wait for."""


@pytest.mark.parametrize("trouble", HARMLESS)
@pytest.mark.parametrize("path", ["/voice/incoming", "/voice/turn", "/voice/status"])
async def test_a_callback_is_opened_once_whatever_happens_to_its_webhooks(
    world: World, path: str, trouble: str
) -> None:
    world.simulator.mischief.add(path, HARMLESS[trouble], times=1 if trouble == "lost once" else 10)
    call = await world.call(CATHERINE, person(*CERTIFICATE))
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    tables = await aftermath.check(world)
    assert (len(tables.contacts), len(tables.requests), len(tables.sent)) == (1, 1, 1)
    assert (tables.requests[0].reminders, tables.sent[0].state) == (0, "delivered")


@pytest.mark.parametrize("trouble", ["repeated", "lost once"])
@pytest.mark.parametrize("path", [*HELD, *AGENTS])
async def test_one_agent_takes_one_caller_whatever_happens_to_their_webhooks(
    world: World, path: str, trouble: str
) -> None:
    await world.hire(agent("claire", CLAIRE), accepts())
    world.simulator.mischief.add(path, HARMLESS[trouble], times=1 if trouble == "lost once" else 10)
    call = await world.call(CATHERINE, person(*HOUSING))
    assert len(call.log.of(Kind.BRIDGED)) == 1
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    tables = await aftermath.check(world)
    assert len(world.agents_calls) == 1
    assert [request.state for request in tables.requests] == ["done"]


@pytest.mark.parametrize("path", ["/sms/incoming", "/sms/status"])
@pytest.mark.parametrize("trouble", [Repeat(2), Delay(0.05), Reorder()], ids=["repeated", "late", "out of order"])
async def test_a_text_is_answered_once_whatever_happens_to_its_webhooks(
    world: World, path: str, trouble: Trouble
) -> None:
    world.simulator.mischief.add(path, trouble, times=10)
    await world.text(LUCAS, "je voudrais un acte de naissance")
    tables = await aftermath.check(world)
    assert (len(tables.requests), len(tables.sent), tables.sent[0].state) == (1, 1, "delivered")
    assert tables.requests[0].reminders == 0
    assert len(tables.lines) == 1


async def test_callbacks_of_a_delivery_that_never_come_are_made_up_for_by_the_carriers_list(world: World) -> None:
    world.simulator.mischief.add("/sms/status", Drop(), times=10)
    await world.text(LUCAS, "je voudrais un acte de naissance")
    (text,) = (await world.tables()).sent
    assert text.state == "queued"
    await world.move(timedelta(minutes=3))
    (text,) = (await aftermath.check(world)).sent
    assert text.state == "delivered"


@pytest.mark.parametrize("path", ["/voice/incoming", "/voice/turn"])
async def test_a_caller_whom_the_carrier_has_given_up_on_is_not_left_open(world: World, path: str) -> None:
    world.simulator.mischief.add(path, TimeOut())
    record, carried = world.ring(CATHERINE, person(*CERTIFICATE))
    await carried
    await world.settled()
    assert any(piece in record.log.complaints[0] for piece in GIVEN_UP)
    tables = await world.tables()
    aftermath.assert_nothing_left(world, tables)
    aftermath.assert_nothing_twice(world, tables)


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        *((path, trouble) for path in (*AGENTS, *HELD, "/voice/status") for trouble in (TimeOut(), Drop())),
        ("/voice/agent/answer", Corrupt()),
    ],
)
async def test_webhooks_of_hold_and_agent_that_fail_leave_nobody_open(
    world: World, path: str, trouble: Trouble
) -> None:
    """Each leaves one of the two without TwiML; the watches find out and tidy up."""
    await world.hire(agent("claire", CLAIRE), accepts())
    world.simulator.mischief.add(path, trouble, times=2 if isinstance(trouble, Drop) else 1)
    record, carried = world.ring(CATHERINE, person(*HOUSING))
    while await world.until_over_or_held([(record, carried)]):
        await world.settled()
        await world.until_over_or_held([(record, carried)])
        await world.presence_if_away("claire")
        await world.move(timedelta(seconds=61))
    await carried
    for _ in range(3):
        await world.settled()
        await world.move(timedelta(minutes=6))
    await world.settled()
    tables = await world.tables()
    aftermath.assert_nothing_left(world, tables)
    aftermath.assert_nothing_twice(world, tables)


async def test_a_call_of_whose_end_we_are_never_told_is_ended_after_the_carriers_longest(world: World) -> None:
    world.simulator.mischief.add("/voice/status", Drop(), times=5)
    await world.call(CATHERINE, [CERTIFICATE[0][1], HangUp(0.0, Moment.PROMPT)])
    assert [contact.ended_at for contact in (await world.tables()).contacts] == [None]
    await world.move(timedelta(hours=4))
    assert await world.services.calls.end_forgotten() == 0
    await world.move(timedelta(hours=1))
    assert await world.services.calls.end_forgotten() == 1
    (contact,) = (await aftermath.check(world)).contacts
    assert (contact.outcome, contact.ended_at) == ("abandoned", world.clock.now())


async def test_a_ghost_on_hold_of_whose_end_we_are_never_told_is_not_offered_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ringing, "PATIENT_TRIES", 2)
    await world.hire(agent("claire", CLAIRE), NoAnswer())
    world.simulator.mischief.add("/voice/status", Drop(), times=5)
    world.simulator.mischief.add("/voice/held", Drop(), times=5)
    call, carried = world.ring(CATHERINE, person(("Dites en une phrase", says("un agent")), ("prochain", HangUp(5.0))))
    await carried
    await world.settled()
    assert call.ended_by == "person"
    world.simulator.party(CLAIRE, accepts())
    await world.presence_if_away("claire")
    await world.move(timedelta(seconds=10))
    await world.settled()
    tables = await world.tables()
    (request,) = tables.requests
    assert (request.kind, request.state) == ("callback", "waiting")
    assert len(world.agents_calls) == 3
    assert any("Un instant" in text for text in world.agents_calls[-1].log.said)


async def test_a_socket_cut_in_mid_word_is_no_miss_and_the_call_goes_on(any_world: World) -> None:
    world = any_world
    world.simulator.mischief.add("/media/", Cut(0.6))
    call = await world.call(
        CATHERINE, person(*CERTIFICATE[:1], ("Je m'occupe", ()), ("tapez 1", keys("1")), CERTIFICATE[1])
    )
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    tables = await aftermath.check(world)
    assert [request.intent for request in tables.requests] == ["etat_civil_acte"]


async def test_a_socket_that_is_cut_every_time_leads_to_keys_alone(world: World) -> None:
    world.simulator.mischief.add("/media/", Cut(0.1), times=50)
    call = await world.call(CATHERINE, person(("Continuons avec les touches", keys("1")), CERTIFICATE[1]))
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    assert [request.intent for request in (await aftermath.check(world)).requests] == ["etat_civil_acte"]


@pytest.mark.parametrize("path", ["/voice/incoming", "/voice/turn?n=1", "/voice/status", "/sms/incoming"])
async def test_a_forged_webhook_gets_403_and_leaves_no_trace(world: World, path: str) -> None:
    before = await world.tables()
    form = {"CallSid": "CA" + "1" * 32, "MessageSid": "SM" + "1" * 32, "From": CATHERINE, "To": LINE, "Body": "un acte"}
    for signature in (headers("another-token", PUBLIC + path, form, Scheme.SHA1), {}):
        async with world.http.post(world.base + path, data=form, headers=signature) as answer:
            assert answer.status == 403
    assert await world.tables() == before


async def test_webhooks_of_an_old_call_replayed_change_nothing(any_world: World) -> None:
    world = any_world
    await world.hire(agent("claire", CLAIRE), accepts())
    call = await world.call(CATHERINE, person(*HOUSING))
    await world.text(LUCAS, "je voudrais un acte de naissance")
    before = await aftermath.check(world)
    said = {"status", "twiml"}
    logs = (call.log, *(leg.log for leg in world.agents_calls), world.simulator.texting.log)
    for log in logs:
        for event in log.webhooks():
            form = {name: value for name, value in event.details.items() if name not in said}
            signed = headers(TOKEN, PUBLIC + event.what, form, Scheme.SHA1)
            async with world.http.post(world.base + event.what, data=form, headers=signed) as answer:
                assert answer.status == 200
    await world.settled()
    after = await aftermath.check(world)
    for name in ("contacts", "calls", "requests", "attempts", "messages", "consents", "lines", "agents"):
        assert getattr(after, name) == getattr(before, name), name
    assert len(after.jobs) == len(before.jobs)


async def test_a_call_whose_opening_was_lost_is_opened_by_its_next_webhook(world: World) -> None:
    _, carried = world.ring(CATHERINE, [HangUp(0.0)])
    await carried
    form = {"CallSid": "CA" + "2" * 32, "From": LUCAS, "To": LINE, "CallStatus": "in-progress", "Direction": "inbound"}
    path = "/voice/turn?n=3"
    signed = headers(TOKEN, PUBLIC + path, form, Scheme.SHA1)
    async with world.http.post(world.base + path, data=form, headers=signed) as answer:
        assert "Dites en une phrase" in await answer.text()


async def test_the_same_turn_asked_for_many_times_at_once_is_answered_once(any_world: World) -> None:
    world = any_world
    call = await world.call(CATHERINE, [says("je voudrais un acte de naissance"), HangUp(0.0)])
    del call
    form = {"CallSid": "CA" + "3" * 32, "From": LUCAS, "To": LINE, "CallStatus": "in-progress", "Direction": "inbound"}

    async def ask(path: str, extra: Mapping[str, str]) -> str:
        fields = {**form, **extra}
        signed = headers(TOKEN, PUBLIC + path, fields, Scheme.SHA1)
        async with world.http.post(world.base + path, data=fields, headers=signed) as answer:
            assert answer.status == 200
            return await answer.text()

    await asyncio.gather(*(ask("/voice/incoming", {}) for _ in range(5)))
    answers = await asyncio.gather(*(ask("/voice/turn?n=1&by=keys", {"Digits": "1"}) for _ in range(10)))
    assert len(set(answers)) == 1
    answers = await asyncio.gather(*(ask("/voice/turn?n=2&by=keys", {"Digits": "07121998"}) for _ in range(10)))
    assert len(set(answers)) == 1
    await asyncio.gather(*(ask("/voice/status", {"CallStatus": "completed"}) for _ in range(5)))
    await world.settled()
    tables = await world.tables()
    (request,) = [request for request in tables.requests if request.number == LUCAS]
    assert (request.reminders, len(tables.sent)) == (0, 1)
