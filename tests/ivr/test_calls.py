import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest

from guichet.callbacks.request import RequestKind, RequestState
from guichet.citizens.citizen import Citizen
from guichet.core.ids import AgentId, CitizenId, RequestId
from guichet.core.jobs import ConfirmRequest, OfferNext, RingAgent, TextContact
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Presence
from tests.conftest import BACKENDS, Engines
from tests.ivr.world import CALLER, ENGLISH_LINE, SUNDAY, Caller, World, closed, world

PHONE = PhoneNumber.parse(CALLER)
LEA = Citizen(CitizenId("cit_lea"), "1", "Léa", "Martin", birth_date=date(1985, 3, 3), phones=(PHONE,))
PAUL = Citizen(CitizenId("cit_paul"), "2", "Paul", "Martin", birth_date=date(1980, 5, 6), phones=(PHONE,))
OTHERS = [Citizen(CitizenId(f"cit_{n}"), f"o{n}", f"Zoé{n}", "Autre", birth_date=date(1950, 1, 1)) for n in range(20)]
"""A number says something only where others have another one."""


@pytest.fixture(params=BACKENDS)
async def town(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[World]:
    async with world(engines, request.param) as running:
        yield running


@pytest.fixture
async def hall(engines: Engines) -> AsyncIterator[World]:
    async with world(engines) as running:
        yield running


async def add_agent(running: World, skill: str) -> None:
    async with running.stores.begin() as unit:
        everything = frozenset(Language)
        phone = PhoneNumber.parse("+33612340099")
        now = running.clock.now()
        await unit.agents.add(
            Agent(AgentId("agt_1"), "Anne", phone, frozenset({skill}), everything, Presence.AVAILABLE, now)
        )


async def the_request(running: World, caller: Caller) -> tuple[RequestKind, RequestState, CitizenId | None]:
    contact = await running.contact(caller)
    assert contact.request is not None
    async with running.stores.begin() as unit:
        request = await unit.requests.get(contact.request)
    return request.kind, request.state, request.citizen


async def test_a_spoken_call_ends_as_a_callback_with_its_reference_and_a_text(town: World) -> None:
    caller = town.caller(line=ENGLISH_LINE)
    await caller.ring()
    assert "A machine transcribes" in caller.said
    assert caller.verbs == ["Gather", "Connect", "Redirect"]
    await caller.speak("i would like a birth certificate")
    assert "birth, marriage or death certificate" in caller.said
    await caller.speak("john smith")
    assert "as soon as possible, press 1" in caller.said
    assert await the_request(town, caller) == (RequestKind.CALLBACK, RequestState.WAITING, None)
    await caller.stay_silent()
    assert caller.verbs[-1] == "Hangup"
    assert "Its reference is" in caller.said
    assert (await the_request(town, caller))[1] is RequestState.WAITING
    assert {type(job) for job in town.stores.jobs.jobs} == {ConfirmRequest, OfferNext}
    contact = await town.contact(caller)
    assert (contact.outcome, contact.intent) == ("callback", "etat_civil_acte")
    assert contact.file["decision"]["rule"]
    assert contact.file["turns"][0]["heard"] == "i would like a birth certificate"
    assert next(line[3].text for line in town.stores.transcripts.lines) == "i would like a birth certificate"


async def test_a_call_by_keys_alone_knows_who_calls_by_the_birth_date(town: World) -> None:
    await town.add_citizens(LEA, *OTHERS)
    caller = town.caller()
    await caller.ring()
    await caller.press("1")
    assert "date de naissance" in caller.said
    await caller.press("03031985")
    assert "vérifié" in caller.said
    assert "Martin" not in caller.said
    assert await the_request(town, caller) == (RequestKind.CALLBACK, RequestState.WAITING, LEA.id)


async def test_a_shared_number_says_who_they_are_and_holds_for_an_agent(town: World) -> None:
    await town.add_citizens(LEA, PAUL)
    await add_agent(town, "social")
    async with town.stores.begin() as unit:
        assert await unit.agents.free("social", Language.FR) == 1
    caller = town.caller()
    await caller.ring()
    await caller.speak("a housing")
    assert "votre nom" in caller.said
    await caller.speak("lea martin")
    assert "date de naissance" in caller.said
    await caller.press("03031985")
    assert caller.verbs[-1] == "Enqueue"
    assert await the_request(town, caller) == (RequestKind.HOLD, RequestState.WAITING, LEA.id)
    assert isinstance(town.stores.jobs.jobs[-1], RingAgent)


async def test_a_name_that_was_asked_for_finds_the_citizen_and_is_kept_nowhere(hall: World) -> None:
    await hall.add_citizens(LEA, PAUL)
    caller = hall.caller()
    await caller.ring()
    await caller.speak("a housing for lea")
    await caller.speak("i am léa martin on 0612345678")
    await caller.press("03031985")
    contact = await hall.contact(caller)
    assert contact.citizen == LEA.id
    said = [line[3].text for line in hall.stores.transcripts.lines]
    assert said[0].endswith("[nom]")
    assert said[1].endswith("[nom] on [téléphone]")
    assert not any(name in str(kept).lower() for kept in (said, contact.file["turns"]) for name in ("martin", "0612"))


async def on_hold(running: World) -> Caller:
    await add_agent(running, "accueil")
    caller = running.caller()
    await caller.ring()
    await caller.press("0")
    assert caller.verbs == ["Say", "Start", "Enqueue"]
    return caller


def hold_path(caller: Caller) -> str:
    enqueue = caller.xml.find("Enqueue")
    assert enqueue is not None
    return enqueue.attrib["waitUrl"].removeprefix("https://guichet.example")


async def test_who_holds_hears_their_position_and_music_and_may_be_called_back_at_their_place(town: World) -> None:
    caller = await on_hold(town)
    waiting = hold_path(caller)
    status, heard = await town.post(waiting, caller.form(QueuePosition="1", QueueTime="0"))
    assert status == 200
    assert "Vous êtes le prochain." in heard
    assert "attente.wav" in heard
    _, heard = await town.post(waiting, caller.form(QueuePosition="1", QueueTime="9", Digits="1"))
    assert "<Leave/>" in heard
    await caller.ask("/voice/held?n=2", QueueResult="leave", QueueTime="12")
    assert "Vous gardez votre place." in caller.said
    await caller.press("1")
    assert caller.verbs[-1] == "Hangup"
    assert (await the_request(town, caller))[:2] == (RequestKind.CALLBACK, RequestState.WAITING)


async def test_who_hangs_up_on_hold_is_not_waited_for(town: World) -> None:
    caller = await on_hold(town)
    await caller.ask("/voice/held?n=2", QueueResult="hangup", QueueTime="12")
    assert (await the_request(town, caller))[1] is RequestState.CANCELLED
    await town.post("/voice/status", caller.form(CallStatus="completed"))
    assert (await town.contact(caller)).outcome == "abandoned"


async def test_a_hold_whose_end_was_not_told_is_ended_by_the_end_of_the_call(hall: World) -> None:
    caller = await on_hold(hall)
    await hall.post("/voice/status", caller.form(CallStatus="completed"))
    assert (await the_request(hall, caller))[1] is RequestState.CANCELLED


async def test_a_hold_that_failed_is_old_news_once_they_hold_in_another_call(town: World) -> None:
    first = await on_hold(town)
    second = town.caller()
    await second.ring()
    await second.press("0")
    await first.ask("/voice/held?n=2", QueueResult="error", QueueTime="12")
    assert (await the_request(town, second))[:2] == (RequestKind.HOLD, RequestState.WAITING)


async def test_a_hold_that_failed_opens_nothing_new_for_whom_an_agent_has_served_since(town: World) -> None:
    first = await on_hold(town)
    second = town.caller()
    await second.ring()
    await second.press("0")
    await second.ask("/voice/held?n=2", QueueResult="bridged", QueueTime="12")
    assert (await the_request(town, second))[1] is RequestState.DONE
    await first.ask("/voice/held?n=2", QueueResult="error", QueueTime="12")
    assert (await town.contact(first)).request == (await town.contact(second)).request


async def test_a_caller_who_was_bridged_is_thanked(hall: World) -> None:
    caller = await on_hold(hall)
    await caller.ask("/voice/held?n=2", QueueResult="bridged", QueueTime="12")
    assert caller.verbs == ["Say", "Hangup"]


async def test_a_request_that_is_gone_lets_its_caller_out_of_the_queue(hall: World) -> None:
    caller = hall.caller()
    status, heard = await hall.post("/voice/hold?request=req_none", caller.form(QueuePosition="1", QueueTime="0"))
    assert (status, "<Leave/>" in heard) == (200, True)


async def test_a_silent_caller_is_offered_keys_then_a_callback(hall: World) -> None:
    caller = hall.caller()
    await caller.ring()
    await caller.stay_silent()
    assert "rien entendu" in caller.said
    await caller.stay_silent()
    assert "tapez 1" in caller.said
    await caller.stay_silent()
    await caller.stay_silent()
    assert "Sa référence est" in caller.said
    assert caller.verbs[-1] == "Hangup"
    assert (await the_request(hall, caller))[0] is RequestKind.CALLBACK


async def test_danger_gets_the_numbers_at_once_and_by_text(hall: World) -> None:
    caller = hall.caller(line=ENGLISH_LINE)
    await caller.ring()
    await caller.speak("there is a smell of gas in my building")
    assert "Smell of gas: leave without touching any switch" in caller.said
    assert "EMERGENCY: call 112" in caller.said
    contact = await hall.contact(caller)
    assert contact.outcome == "emergency"
    assert hall.stores.jobs.jobs == [TextContact(contact.id, "emergency")]


async def test_an_answer_is_spoken_and_something_else_may_be_asked(hall: World) -> None:
    caller = hall.caller()
    await caller.ring()
    await caller.press("6")
    assert "place de la Liberté" in caller.said
    assert "autre chose" in caller.said
    await caller.press("2")
    assert caller.verbs == ["Say", "Hangup"]
    assert (await hall.contact(caller)).outcome == "answer"


async def test_a_closed_line_says_when_it_opens_and_still_takes_the_request(engines: Engines) -> None:
    async with world(engines, now=SUNDAY) as running:
        caller = running.caller()
        await caller.ring()
        assert "demain à 8 heures 30" in caller.said
        await caller.press("1")
        await caller.press("2")
        assert "dès que possible, tapez 1" in caller.said
        await caller.press("1")
        assert "Sa référence est" in caller.said


async def test_a_line_without_a_recogniser_is_served_by_keys(engines: Engines) -> None:
    async with world(engines, hears=[Language.EN]) as running:
        caller = running.caller()
        await caller.ring()
        assert caller.verbs == ["Gather", "Redirect"]
        assert "tapez 1" in caller.said
        await caller.press("9")
        assert caller.verbs == ["Gather", "Connect", "Redirect"]


async def test_a_repeated_opening_gets_the_same_answer_and_leaves_one_contact(town: World) -> None:
    caller = town.caller()
    first = await caller.ring()
    assert await caller.ring() == first
    await caller.speak("un acte")
    async with town.stores.begin() as unit:
        record = await unit.calls.find(caller.sid)
    assert record.turn == 2


async def test_a_repeated_or_late_turn_gets_the_answer_of_where_the_call_stands(town: World) -> None:
    caller = town.caller()
    await caller.ring()
    second = await caller.press("1")
    assert await caller.ask("/voice/turn?n=1&by=keys", Digits="2") == second
    third = await caller.press("2")
    assert await caller.ask("/voice/turn?n=1&by=keys", Digits="1") == third
    assert await caller.ask("/voice/turn?n=9") == third
    assert len((await town.contact(caller)).file["turns"]) == 2


async def test_a_turn_of_a_call_that_was_never_opened_opens_it(hall: World) -> None:
    caller = hall.caller()
    await caller.ask("/voice/turn?n=4")
    assert "Valmont" in caller.said
    assert (await hall.contact(caller)).carrier_id == caller.sid


async def test_the_end_of_a_call_is_noted_once(town: World) -> None:
    caller = town.caller()
    await caller.ring()
    await town.post("/voice/status", caller.form(CallStatus="in-progress"))
    assert (await town.contact(caller)).ended_at is None
    for _ in range(2):
        await town.post("/voice/status", caller.form(CallStatus="completed", CallDuration="12"))
    contact = await town.contact(caller)
    assert (contact.outcome, contact.ended_at) == ("abandoned", town.clock.now())
    assert (await town.post("/voice/status", {"CallSid": "CAother", "CallStatus": "completed"}))[0] == 200


async def test_a_forged_webhook_is_refused_before_any_work(hall: World) -> None:
    caller = hall.caller()
    before = hall.stores.begun
    for path in ("/voice/incoming", "/voice/turn?n=1", "/voice/held?n=1", "/voice/hold?request=r", "/voice/fallback"):
        assert (await hall.post(path, caller.form(), token="wrong"))[0] == 403
    assert hall.stores.begun == before


async def test_a_database_that_is_away_makes_an_apology_a_retry_and_a_number(hall: World) -> None:
    caller = hall.caller()
    await caller.ring()
    hall.stores.away = True
    await caller.press("1")
    assert "incident technique" in caller.said
    assert "technical problem" in caller.said
    assert caller.verbs == ["Gather", "Redirect"]
    await caller.go_on()
    assert caller.verbs[-1] == "Hangup"
    assert "01 99 00 10 99" in caller.said
    await caller.press("1")
    assert caller.verbs == ["Dial"]
    await caller.ask("/voice/fallback/ended", DialCallStatus="no-answer")
    assert "01 99 00 10 99" in caller.said
    await caller.ask("/voice/fallback/ended", DialCallStatus="completed")
    assert caller.verbs == ["Hangup"]


async def test_a_call_goes_on_when_the_database_is_back(hall: World) -> None:
    caller = hall.caller()
    hall.stores.away = True
    await caller.ring()
    assert "incident technique" in caller.said
    hall.stores.away = False
    await caller.go_on()
    assert "Valmont" in caller.said


async def test_who_holds_keeps_holding_when_the_database_is_away(hall: World) -> None:
    caller = await on_hold(hall)
    hall.stores.away = True
    status, heard = await hall.post(hold_path(caller), caller.form(QueuePosition="1", QueueTime="0"))
    assert status == 200
    assert "attente.wav" in heard
    assert "<Redirect" in heard


@pytest.mark.parametrize("path", ["/voice/turn", "/voice/turn?n=x", "/voice/held?n=1", "/voice/hold"])
async def test_a_webhook_without_what_it_needs_is_answered_with_words(hall: World, path: str) -> None:
    status, heard = await hall.post(path, hall.caller().form())
    assert status == 200
    assert "<Say" in heard


async def test_the_hold_sound_is_served_and_nothing_else(hall: World) -> None:
    async with hall.client.get("/voice/audio/attente.wav") as response:
        assert response.status == 200
        assert 50_000 < len(await response.read()) <= 100_000
    async with hall.client.get("/voice/audio/other.wav") as response:
        assert response.status == 404


async def test_a_hidden_caller_can_give_a_number(hall: World) -> None:
    caller = hall.caller(number="anonymous")
    await caller.ring()
    await caller.press("1")
    await caller.press("2")
    assert "masqué" in caller.said
    await caller.press("0612345642")
    await caller.press("1")
    assert "Sa référence est" in caller.said
    contact = await hall.contact(caller)
    assert contact.caller is None
    assert contact.request == RequestId(str(contact.request))


async def test_the_same_webhook_twice_at_once_is_answered_once(town: World) -> None:
    caller = town.caller()
    await caller.ring()
    form = caller.form(Digits="0")
    answers = await asyncio.gather(*(town.post("/voice/turn?n=1&by=keys", form) for _ in range(4)))
    assert len(set(answers)) == 1
    assert len((await town.contact(caller)).file["turns"]) == 1
    assert [type(job) for job in town.stores.jobs.jobs] == [ConfirmRequest, OfferNext, OfferNext]


async def test_many_calls_at_once_are_each_kept(town: World) -> None:
    callers = [town.caller() for _ in range(30)]
    await asyncio.gather(*(caller.ring() for caller in callers))
    assert len({(await town.contact(caller)).id for caller in callers}) == 30


async def test_a_machine_that_is_full_offers_keys_at_once_and_listens_again_when_it_has_room(hall: World) -> None:
    caller = hall.caller(line=ENGLISH_LINE)
    hall.recogniser.is_full = True
    await caller.ring()
    assert "Connect" not in caller.verbs
    assert "press" in caller.said
    hall.recogniser.is_full = False
    await caller.press("*")
    assert "Connect" in caller.verbs
    await caller.speak("when are you open")
    assert caller.world.recogniser.opened


async def test_a_stream_that_finds_the_machine_full_goes_on_by_keys(hall: World) -> None:
    caller = hall.caller(line=ENGLISH_LINE)
    await caller.ring()
    hall.recogniser.is_full = True
    async with caller.listened_to() as socket:
        await caller.start(socket)
        await closed(socket)
    await caller.go_on()
    assert "Let us go on with the keys" in caller.said
    assert "Connect" not in caller.verbs
