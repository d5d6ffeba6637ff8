"""Our own REST client against the simulated carrier: two peers written apart must agree."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from guichet.carrier.events import CallState, MessageState, RecordingSid
from guichet.carrier.rest import TwilioCarrier
from guichet.carrier.simulator.mischief import Fail
from guichet.carrier.simulator.parties import Answers, Busy, Press, Speak
from guichet.carrier.simulator.simulator import Simulator
from guichet.carrier.transport import CarrierSettings
from guichet.core.errors import InDoubt, OptedOut, Unavailable
from guichet.core.phone import PhoneNumber
from tests.carrier.simulator import conftest
from tests.carrier.simulator.gateway import Gateway

CITIZEN, LINE, AGENT = (PhoneNumber.parse(n) for n in (conftest.CITIZEN, conftest.LINE, conftest.AGENT))


@pytest.fixture
async def carrier(sim: Simulator) -> AsyncIterator[TwilioCarrier]:
    settings = CarrierSettings(conftest.ACCOUNT, (conftest.TOKEN,), conftest.PUBLIC, api_url=sim.api_url)
    client = TwilioCarrier(settings)
    yield client
    await client.close()


async def test_the_account_is_found(gateway: Gateway, carrier: TwilioCarrier) -> None:
    await carrier.check()


async def test_a_text_is_sent_listed_and_delivered(gateway: Gateway, sim: Simulator, carrier: TwilioCarrier) -> None:
    sid = await carrier.send_text(to=CITIZEN, line=LINE, body="Bonjour", status_path="/sms/status?id=1")
    await sim.settled()
    (listed,) = await carrier.texts_to(CITIZEN, datetime.now(UTC) - timedelta(minutes=1))
    assert (listed.message, listed.state, listed.body) == (sid, MessageState.DELIVERED, "Bonjour")
    assert gateway.asked[-1].path == "/sms/status?id=1"


async def test_a_person_who_opted_out_is_told_from_other_refusals(
    gateway: Gateway, sim: Simulator, carrier: TwilioCarrier
) -> None:
    await sim.text(CITIZEN.e164, LINE.e164, "STOP")
    with pytest.raises(OptedOut):
        await carrier.send_text(to=CITIZEN, line=LINE, body="Bonjour", status_path="/sms/status")


async def test_what_was_not_processed_is_told_from_what_is_in_doubt(
    gateway: Gateway, sim: Simulator, carrier: TwilioCarrier
) -> None:
    sim.mischief.add("/Messages.json", Fail(429))
    with pytest.raises(Unavailable):
        await carrier.send_text(to=CITIZEN, line=LINE, body="un", status_path="/s")
    sim.mischief.add("/Messages.json", Fail(500, processed=True))
    with pytest.raises(InDoubt):
        await carrier.send_text(to=CITIZEN, line=LINE, body="deux", status_path="/s")
    assert [text.body for text in sim.texts_to(CITIZEN.e164)] == ["deux"]


async def test_a_placed_call_runs_and_is_listed(gateway: Gateway, sim: Simulator, carrier: TwilioCarrier) -> None:
    gateway.answers["/agent"] = "<Gather action='/accept' numDigits='1'><Say>Tapez 1</Say></Gather>"
    sim.party(AGENT.e164, Answers([Press("1")]))
    sid = await carrier.place_call(to=AGENT, line=LINE, answer_path="/agent", status_path="/agent/status")
    await sim.settled()
    (listed,) = await carrier.calls_to(AGENT, datetime.now(UTC) - timedelta(minutes=1))
    assert (listed.call, listed.state) == (sid, CallState.COMPLETED)
    assert gateway.forms("/accept")
    assert not await carrier.end_call(sid)
    assert not await carrier.redirect_call(sid, "/x")


async def test_a_call_on_hold_is_redirected_and_ended(gateway: Gateway, sim: Simulator, carrier: TwilioCarrier) -> None:
    gateway.answers |= {"/voice/incoming": "<Enqueue waitUrl='/w'>q</Enqueue>", "/w": "<Pause/>"}
    gateway.answers["/elsewhere"] = "<Enqueue waitUrl='/w2'>q2</Enqueue>"
    record, task = sim.ring(CITIZEN.e164, LINE.e164, [])
    await gateway.until("/w")
    assert await carrier.redirect_call(record.sid, "/elsewhere")
    await gateway.until("/w2")
    assert await carrier.end_call(record.sid)
    await task
    assert record.state is CallState.COMPLETED


async def test_a_recording_is_streamed_and_deleted(gateway: Gateway, sim: Simulator, carrier: TwilioCarrier) -> None:
    gateway.answers["/voice/incoming"] = "<Record action='/done'/>"
    sim.party(AGENT.e164, Busy())
    await sim.call(CITIZEN.e164, LINE.e164, [Speak(b"\x00" * 8000)])
    sid = RecordingSid(gateway.forms("/done")[0]["RecordingSid"])
    body = b"".join([part async for part in carrier.recording(sid)])
    assert body.startswith(b"RIFF")
    assert await carrier.delete_recording(sid)
    assert not await carrier.delete_recording(sid)
