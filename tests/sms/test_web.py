from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from guichet.carrier.signature import SignatureCheck, sign
from guichet.sms.message import DeliveryState
from guichet.sms.web import routes
from tests.sms.desk import CITIZEN, LINE, Desk

TOKEN = "12345"
PUBLIC = "https://guichet.example"
Client = TestClient[web.Request, web.Application]


async def post(client: Client, path: str, **fields: str) -> tuple[int, str]:
    """Post a signed webhook."""
    headers = {"X-Twilio-Signature": sign(TOKEN, PUBLIC + path, fields)}
    async with client.post(path, data=fields, headers=headers) as response:
        return response.status, await response.text()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(routes(desk.service, SignatureCheck([TOKEN], PUBLIC)))
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_text_is_taken_in_answered_by_the_outbox_and_followed(desk: Desk, client: Client) -> None:
    fields = {"MessageSid": "SM1", "From": CITIZEN.e164, "To": LINE.e164, "Body": "acte de naissance", "FromCity": ""}
    for _ in range(2):
        status, body = await post(client, "/sms/incoming", **fields)
        assert status == 200
        assert "<Message" not in body
    await desk.run_jobs()
    ((_, _, status_path),) = desk.carrier.sent
    assert (await post(client, status_path, MessageSid="SM-out-1", MessageStatus="delivered"))[0] == 200
    assert (await post(client, status_path, MessageSid="SM-out-1", MessageStatus="sent"))[0] == 200
    assert [message.state for message in desk.ours] == [DeliveryState.DELIVERED]


async def test_an_unsigned_text_is_not_taken_in(desk: Desk, client: Client) -> None:
    fields = {"MessageSid": "SM1", "From": CITIZEN.e164, "To": LINE.e164, "Body": "acte de naissance"}
    async with client.post("/sms/incoming", data=fields) as response:
        assert response.status == 403
    assert not desk.unit.messages.rows
