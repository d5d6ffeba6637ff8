import asyncio
from dataclasses import replace

import pytest
from aiohttp import web

from guichet.carrier.simulator.flow import APOLOGY
from guichet.carrier.simulator.mischief import Corrupt, Delay, Drop, Reorder, Repeat, TimeOut
from guichet.carrier.simulator.parties import Answers, Press
from guichet.carrier.simulator.simulator import Complained, Limits, Paths, Simulator, SimulatorSettings
from tests.carrier.simulator.conftest import AGENT, CITIZEN, LINE
from tests.carrier.simulator.gateway import Gateway
from tests.carrier.simulator.rest import post

HELLO = "<Say>Bonjour</Say>"
EVENTS = [("StatusCallbackEvent", name) for name in ("initiated", "ringing", "answered", "completed")]


async def test_a_repeated_webhook_is_the_same_request_with_the_same_token(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = HELLO
    sim.mischief.add("/voice/incoming", Repeat(copies=2))
    record = await sim.call(CITIZEN, LINE, [])
    incoming = [asked for asked in gateway.asked if asked.path == "/voice/incoming"]
    assert len(incoming) == 3
    assert len({asked.headers["I-Twilio-Idempotency-Token"] for asked in incoming}) == 1
    assert incoming[0].form == incoming[1].form == incoming[2].form
    assert record.log.said == ("Bonjour",)


async def test_a_dropped_voice_webhook_is_tried_once_more(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = HELLO
    sim.mischief.add("/voice/incoming", Drop())
    record = await sim.call(CITIZEN, LINE, [])
    assert record.log.said == ("Bonjour",)


async def test_a_webhook_dropped_twice_makes_the_caller_hear_an_apology(gateway: Gateway, sim: Simulator) -> None:
    sim.mischief.add("/voice/incoming", Drop(), times=2)
    record = await sim.call(CITIZEN, LINE, [])
    assert record.log.said == (APOLOGY,)
    assert record.log.complaints == ("11205: /voice/incoming was lost on the way",)


async def test_the_fallback_url_is_asked_with_the_error(gateway: Gateway, settings: SimulatorSettings) -> None:
    gateway.answers["/fallback"] = "<Say>Appelez la mairie</Say>"
    gateway.answers["/voice/incoming"] = lambda _: web.Response(status=500)
    async with Simulator(replace(settings, paths=Paths(fallback="/fallback"))) as sim:
        record = await sim.call(CITIZEN, LINE, [])
    assert record.log.said == ("Appelez la mairie",)
    assert gateway.forms("/fallback")[0]["ErrorCode"] == "11200"


async def test_a_late_answer_counts_as_none(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = HELLO
    sim.mischief.add("/voice/incoming", TimeOut())
    record = await sim.call(CITIZEN, LINE, [])
    assert gateway.forms("/voice/incoming")
    assert record.log.said == (APOLOGY,)


async def test_a_gateway_slower_than_the_carriers_limit_has_failed(
    gateway: Gateway, settings: SimulatorSettings
) -> None:
    gateway.hangs.add("/voice/incoming")
    async with Simulator(replace(settings, limits=Limits(webhook_seconds=0.05))) as sim:
        record = await sim.call(CITIZEN, LINE, [])
    assert "TimeoutError" in record.log.complaints[0]


async def test_a_delayed_callback_comes_late(gateway: Gateway, sim: Simulator) -> None:
    sim.mischief.add("/voice/status", Delay(0.05))
    await sim.call(CITIZEN, LINE, [])
    assert gateway.forms("/voice/status") == []
    await sim.settled()
    assert gateway.forms("/voice/status")


async def test_a_dropped_callback_never_comes(gateway: Gateway, sim: Simulator) -> None:
    sim.mischief.add("/voice/status", Drop())
    await sim.call(CITIZEN, LINE, [])
    await sim.settled()
    assert gateway.forms("/voice/status") == []


async def test_reordered_callbacks_come_the_wrong_way_round(gateway: Gateway, sim: Simulator) -> None:
    sim.party(AGENT, Answers())
    sim.mischief.add("/s", Reorder())
    url = "https://guichet.example"
    await post(sim, "/Calls.json", EVENTS, To=AGENT, From=LINE, Url=f"{url}/a", StatusCallback=f"{url}/s")
    await sim.settled()
    assert [form["SequenceNumber"] for form in gateway.forms("/s")] == ["1", "0", "2", "3"]


async def test_a_callback_held_back_with_none_after_it_comes_in_the_end(gateway: Gateway, sim: Simulator) -> None:
    sim.mischief.add("/voice/status", Reorder())
    await sim.call(CITIZEN, LINE, [])
    await sim.settled()
    assert len(gateway.forms("/voice/status")) == 1


async def test_a_corrupt_signature_is_another_one(gateway: Gateway, sim: Simulator) -> None:
    sim.mischief.add("/voice/incoming", Corrupt())
    first = await sim.call(CITIZEN, LINE, [])
    second = await sim.call(CITIZEN, LINE, [])
    assert first.sid != second.sid
    one, two = [asked for asked in gateway.asked if asked.path == "/voice/incoming"]
    assert one.headers["X-Twilio-Signature"] != two.headers["X-Twilio-Signature"]


async def test_mischief_ends_when_it_is_cleared(gateway: Gateway, sim: Simulator) -> None:
    sim.mischief.add("/voice", Drop(), times=99)
    sim.mischief.clear()
    assert (await sim.call(CITIZEN, LINE, [])).log.complaints == ()


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (web.Response(status=403), "signature refused"),
        (web.Response(text="<Response/>", content_type="text/plain"), "12300"),
        (web.Response(text="<Response>", content_type="text/xml"), "12100"),
        (web.Response(text="", content_type="text/xml"), "12100"),
        (web.Response(status=302, headers={"Location": "/x"}), "lose the parameters"),
    ],
)
async def test_an_answer_that_is_none_is_a_complaint(
    gateway: Gateway, sim: Simulator, answer: web.Response, complaint: str
) -> None:
    gateway.answers["/voice/incoming"] = lambda _: answer
    record = await sim.call(CITIZEN, LINE, [])
    assert complaint in record.log.complaints[0]
    assert record.log.said == (APOLOGY,)


async def test_nobody_listening_is_said_so(settings: SimulatorSettings) -> None:
    async with Simulator(replace(settings, gateway_url="http://127.0.0.1:9")) as sim:
        record = await sim.call(CITIZEN, LINE, [])
    assert "nobody listens at http://127.0.0.1:9" in record.log.complaints[0]


async def test_a_strict_simulator_raises_what_twilio_would_reject(
    gateway: Gateway, settings: SimulatorSettings
) -> None:
    gateway.answers["/voice/incoming"] = "<Say vioce='x'>Bonjour</Say>"
    async with Simulator(replace(settings, strict=True)) as sim:
        with pytest.raises(Complained, match="vioce"):
            await sim.call(CITIZEN, LINE, [])


async def test_several_people_call_at_once_and_each_has_their_own_call(gateway: Gateway, sim: Simulator) -> None:
    gateway.answers["/voice/incoming"] = "<Gather action='/t' numDigits='1'><Say>Tapez</Say></Gather>"
    calls = [sim.call(f"+3361234{n:04}", LINE, [Press(str(n))]) for n in range(9)]
    records = await asyncio.gather(*calls)
    assert {form["From"][-1]: form["Digits"] for form in gateway.forms("/t")} == {str(n): str(n) for n in range(9)}
    assert {record.state.value for record in records} == {"completed"}
