from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from guichet.callbacks.calling import Calling
from guichet.callbacks.offering import Offering
from guichet.callbacks.request import RequestKind, RequestState
from guichet.callbacks.ringing import Ringing
from guichet.callbacks.service import entered_queue, open_request
from guichet.callbacks.web import routes
from guichet.carrier.signature import SignatureCheck, sign
from guichet.carrier.twiml import Site
from guichet.core.clock import ManualClock
from guichet.core.language import Language
from guichet.routing.agent import Presence
from tests.callbacks.world import CLAIRE, NOON, HandCarrier, MemoryUnit, agent, book, hold, memory_unit, title

TOKEN = "12345"
PUBLIC = "https://guichet.example"
Client = TestClient[web.Request, web.Application]


async def post(client: Client, path: str, **fields: str) -> tuple[int, str]:
    """Post a signed webhook of the agent's leg."""
    form = {"CallSid": "CA-agent-1", "CallStatus": "in-progress", **fields}
    headers = {"X-Twilio-Signature": sign(TOKEN, PUBLIC + path, form)}
    async with client.post(path, data=form, headers=headers) as response:
        return response.status, await response.text()


@pytest.fixture
async def unit() -> MemoryUnit:
    return memory_unit(agent())


@pytest.fixture
async def client(unit: MemoryUnit) -> AsyncIterator[Client]:
    @asynccontextmanager
    async def begin() -> AsyncIterator[MemoryUnit]:
        yield unit

    clock = ManualClock(NOON)
    ringing = Ringing(begin, HandCarrier(), clock, title, book)
    calling = Calling(begin, clock, book)
    opened = await open_request(unit, hold(citizen=CLAIRE), NOON)
    await Offering(begin, begin, HandCarrier(), clock, book).ring(opened.request.id)
    app = web.Application()
    voices = {Language.FR: "Polly.Lea-Neural", Language.EN: "Polly.Amy-Neural"}
    app.add_routes(routes(ringing, calling, SignatureCheck([TOKEN], PUBLIC), Site(PUBLIC, voices)))
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_the_agents_leg_goes_from_whisper_to_done_by_webhooks(unit: MemoryUnit, client: Client) -> None:
    request = (await unit.requests.open_of_number(hold().number or hold().line))[0]
    attempt = await unit.attempts.live_of(request.id)
    assert attempt is not None
    query = f"?attempt={attempt.id}"
    assert (await post(client, f"/voice/agent/status{query}", CallStatus="ringing", SequenceNumber="1"))[0] == 200
    status, whisper = await post(client, f"/voice/agent{query}")
    assert status == 200
    assert "<Gather" in whisper
    assert "Claire Dubois attend" in whisper
    assert f"{PUBLIC}/voice/agent/answer{query}" in whisper
    status, wait = await post(client, f"/voice/agent/answer{query}", Digits="1")
    assert status == 200
    assert f"{PUBLIC}/voice/agent/waits{query}&amp;tries=1" in wait
    await entered_queue(unit, request.id, NOON)
    status, dial = await post(client, f"/voice/agent/waits{query}&tries=1")
    assert status == 200
    assert f"hold-{request.id}</Queue>" in dial
    status, said = await post(client, f"/voice/agent/connected{query}", CallSid="CA1")
    assert "Nous vous mettons en relation." in said
    now = await unit.requests.get(request.id)
    assert now is not None
    assert now.state is RequestState.TALKING
    status, done = await post(client, f"/voice/agent/done{query}", DialCallStatus="completed")
    assert status == 200
    assert "<Hangup" in done
    assert (await post(client, f"/voice/agent/status{query}", CallStatus="completed", SequenceNumber="3"))[0] == 200
    now = await unit.requests.get(request.id)
    assert now is not None
    assert now.state is RequestState.DONE
    assert unit.agents.presence() is Presence.WRAP_UP


async def test_an_unsigned_webhook_changes_nothing(client: Client) -> None:
    async with client.post("/voice/agent/status?attempt=att_1", data={"CallSid": "CA-x"}) as response:
        assert response.status == 403


async def test_a_citizen_is_called_back_by_webhooks(unit: MemoryUnit, client: Client) -> None:
    request = (await unit.requests.open_of_number(hold().number or hold().line))[0]
    attempt = await unit.attempts.live_of(request.id)
    assert attempt is not None
    query = f"?attempt={attempt.id}"
    await unit.requests.change(request, request.evolve(kind=RequestKind.CALLBACK))
    await post(client, f"/voice/agent{query}")
    _, dial = await post(client, f"/voice/agent/answer{query}", Digits="1")
    assert f'callerId="{request.line.e164}"' in dial
    assert f'statusCallback="{PUBLIC}/voice/citizen/status{query}"' in dial
    citizen = {"CallSid": "CA-citizen-1", "ParentCallSid": "CA-agent-1"}
    assert (await post(client, f"/voice/citizen/status{query}", **citizen, CallStatus="ringing"))[0] == 200
    _, greeting = await post(client, f"/voice/citizen{query}", **citizen)
    assert "Un service public vous rappelle" in greeting
    _, again = await post(client, f"/voice/citizen/answer{query}&asked=1", **citizen, Digits="5")
    assert "asked=2" in again
    _, connected = await post(client, f"/voice/citizen/answer{query}&asked=2", **citizen, Digits="1")
    assert "Nous vous mettons en relation." in connected
    status, done = await post(client, f"/voice/agent/called{query}", DialCallStatus="completed", DialBridged="true")
    assert (status, "<Hangup" in done) == (200, True)
    now = await unit.requests.get(request.id)
    assert now is not None
    assert now.state is RequestState.DONE
