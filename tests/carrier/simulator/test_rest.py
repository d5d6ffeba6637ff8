import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from guichet.carrier.simulator.credentials import basic
from guichet.carrier.simulator.mischief import Fail, Hang
from guichet.carrier.simulator.parties import Answers, Busy, HangUp, Machine, Moment, NoAnswer, Press, Speak
from guichet.carrier.simulator.simulator import Simulator
from tests.carrier.simulator.conftest import ACCOUNT, AGENT, CITIZEN, LINE
from tests.carrier.simulator.gateway import Gateway
from tests.carrier.simulator.rest import ask, get, post

ANSWER = "https://guichet.example/agent"
EVENTS = [("StatusCallbackEvent", name) for name in ("initiated", "ringing", "answered", "completed")]


async def test_wrong_credentials_are_refused(gateway: Gateway, sim: Simulator) -> None:
    async with aiohttp.ClientSession(headers=basic(ACCOUNT, "wrong")) as session:
        for path in (f"/2010-04-01/Accounts/{ACCOUNT}.json", "/simulator/"):
            async with session.get(sim.api_url + path) as response:
                assert response.status == 401
                assert (await response.json())["code"] == 20003


async def test_the_account_is_active(gateway: Gateway, sim: Simulator) -> None:
    assert (await get(sim, ".json"))[1]["status"] == "active"


async def test_a_placed_call_rings_runs_its_url_and_reports_every_step(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/agent"] = "<Gather action='/accept' numDigits='1'><Say>Tapez 1</Say></Gather>"
    gateway.answers["/accept"] = "<Say>Merci</Say>"
    sim.party(AGENT, Answers([Press("1")]))
    status, body = await post(sim, "/Calls.json", EVENTS, To=AGENT, From=LINE, Url=ANSWER, StatusCallback=ANSWER + "/s")
    await sim.settled()
    assert (status, body["status"], body["direction"]) == (201, "queued", "outbound-api")
    assert gateway.forms("/accept")[0]["Digits"] == "1"
    told = [(form["SequenceNumber"], form["CallStatus"]) for form in gateway.forms("/agent/s")]
    assert told == [("0", "initiated"), ("1", "ringing"), ("2", "in-progress"), ("3", "completed")]
    assert (await get(sim, f"/Calls/{body['sid']}.json"))[1]["status"] == "completed"


@pytest.mark.parametrize(("party", "state"), [(Busy(), "busy"), (NoAnswer(), "no-answer")])
async def test_a_call_that_is_not_answered_never_asks_for_its_url(
    gateway: Gateway, sim: Simulator, party: Busy | NoAnswer, state: str
) -> None:
    sim.party(AGENT, party)
    await post(sim, "/Calls.json", To=AGENT, From=LINE, Url=ANSWER, StatusCallback=ANSWER + "/s")
    await sim.settled()
    assert gateway.forms("/agent") == []
    assert [form["CallStatus"] for form in gateway.forms("/agent/s")] == [state]


@pytest.mark.parametrize(
    ("detects", "answered_by"), [("Enable", "machine_start"), ("DetectMessageEnd", "machine_end_beep")]
)
async def test_a_machine_is_told_from_a_person(
    gateway: Gateway, sim: Simulator, detects: str, answered_by: str
) -> None:
    sim.party(AGENT, Machine())
    await post(sim, "/Calls.json", To=AGENT, From=LINE, Url=ANSWER, MachineDetection=detects)
    await sim.settled()
    assert gateway.forms("/agent")[0]["AnsweredBy"] == answered_by


async def test_a_machine_may_be_reported_while_the_call_goes_on(gateway: Gateway, sim: Simulator) -> None:
    sim.party(AGENT, Machine())
    await post(
        sim,
        "/Calls.json",
        To=AGENT,
        From=LINE,
        Url=ANSWER,
        MachineDetection="Enable",
        AsyncAmd="true",
        AsyncAmdStatusCallback="https://guichet.example/amd",
    )
    await sim.settled()
    assert gateway.forms("/amd")[0]["AnsweredBy"] == "machine_start"


async def test_a_call_in_progress_can_be_diverted_and_ended(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers |= {
        "/voice/incoming": "<Enqueue waitUrl='/wait' action='/left'>q</Enqueue>",
        "/wait": "<Say>Patientez</Say>",
        "/elsewhere": "<Enqueue waitUrl='/wait'>other</Enqueue>",
    }
    record, task = sim.ring(CITIZEN, LINE, [])
    await gateway.until("/wait")
    assert (await post(sim, f"/Calls/{record.sid}.json", Url="https://guichet.example/elsewhere"))[0] == 200
    await gateway.until("/elsewhere")
    assert (await get(sim, "/Queues.json"))[1]["queues"]
    assert (await post(sim, f"/Calls/{record.sid}.json", Status="completed"))[0] == 200
    await task
    await sim.settled()
    assert gateway.forms("/left")[0]["QueueResult"] == "redirected"
    status, body = await post(sim, f"/Calls/{record.sid}.json", Status="completed")
    assert (status, body["code"]) == (400, 21220)


async def test_a_ringing_call_can_be_cancelled(gateway: Gateway, sim: Simulator) -> None:
    hold = asyncio.Event()
    record, task = sim.ring(CITIZEN, LINE, [HangUp(at=Moment.WEBHOOK)])
    await task
    hold.set()
    assert record.log.states == ("ringing", "canceled")


async def test_inline_twiml_runs_and_has_a_limit(gateway: Gateway, sim: Simulator) -> None:
    sim.party(AGENT, Answers())
    _, body = await post(sim, "/Calls.json", To=AGENT, From=LINE, Twiml="<Response><Say>Bonjour</Say></Response>")
    await sim.settled()
    assert sim.calls.get(str(body["sid"])).log.said == ("Bonjour",)
    assert (await post(sim, "/Calls.json", To=AGENT, From=LINE, Twiml="x" * 4001))[0] == 400


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"From": LINE, "Url": ANSWER}, 21201),
        ({"To": AGENT, "Url": ANSWER}, 21213),
        ({"To": "12", "From": LINE, "Url": ANSWER}, 21211),
        ({"To": AGENT, "From": LINE}, 21205),
        ({"To": AGENT, "From": LINE, "Url": "/relative"}, 21205),
    ],
)
async def test_calls_that_cannot_be_placed_are_refused_with_twilios_code(
    gateway: Gateway, sim: Simulator, fields: dict[str, str], code: int
) -> None:
    status, body = await post(sim, "/Calls.json", **fields)
    assert (status, body["code"]) == (400, code)


async def test_calls_are_listed_newest_first_by_number_and_time(gateway: Gateway, sim: Simulator) -> None:
    first = await sim.call(CITIZEN, LINE, [])
    second = await sim.call(CITIZEN, LINE, [])
    await sim.call(AGENT, LINE, [])
    _, body = await get(sim, "/Calls.json", From=CITIZEN)
    calls = body["calls"]
    assert isinstance(calls, list)
    assert [call["sid"] for call in calls] == [second.sid, first.sid]
    future = (datetime.now(UTC) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (await get(sim, "/Calls.json", **{"StartTime>": future}))[1]["calls"] == []
    _, body = await get(sim, "/Calls.json", PageSize="2")
    assert "Page=1" in str(body["next_page_uri"])


async def test_an_unknown_call_is_20404(gateway: Gateway, sim: Simulator) -> None:
    status, body = await get(sim, "/Calls/CA00.json")
    assert (status, body["code"]) == (404, 20404)


async def test_a_recording_is_fetched_as_wav_and_deleted_once(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Record action='/done' recordingStatusCallback='/recorded' finishOnKey='#'/>"
    await sim.call(CITIZEN, LINE, [Speak(b"\x00\x80" * 8000), Press("#")])
    await sim.settled()
    done = gateway.forms("/done")[0]
    assert (done["RecordingDuration"], done["Digits"]) == ("2", "#")
    assert gateway.forms("/recorded")[0]["RecordingStatus"] == "completed"
    path = done["RecordingUrl"].split(ACCOUNT)[1]
    async with (
        aiohttp.ClientSession(headers=basic(ACCOUNT, sim.settings.auth_token)) as session,
        session.get(done["RecordingUrl"] + ".wav") as response,
    ):
        assert (await response.read()).startswith(b"RIFF")
    assert (await ask(sim, "DELETE", path + ".json", []))[0] == 204
    assert (await ask(sim, "DELETE", path + ".json", []))[0] == 404


async def test_rest_can_fail_with_or_without_having_done_it(gateway: Gateway, sim: Simulator) -> None:
    sim.party(AGENT, Busy())
    sim.mischief.add("/Calls.json", Fail(429))
    sim.mischief.add("/Calls.json", Fail(500, processed=True))
    fields = {"To": AGENT, "From": LINE, "Url": ANSWER}
    assert (await post(sim, "/Calls.json", **fields))[0] == 429
    assert len(list(sim.calls)) == 0
    status, body = await post(sim, "/Calls.json", **fields)
    await sim.settled()
    assert (status, body["code"]) == (500, 20500)
    assert len(list(sim.calls)) == 1
    assert (await post(sim, "/Calls.json", **fields))[0] == 201
    await sim.settled()


async def test_rest_can_stay_silent_after_having_done_it(gateway: Gateway, sim: Simulator) -> None:
    sim.mischief.add("/Messages.json", Hang())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await post(sim, "/Messages.json", To=CITIZEN, From=LINE, Body="Bonjour")
    assert len(sim.texts_to(CITIZEN)) == 1
