from collections.abc import AsyncIterator
from functools import partial

import pytest
import websockets
from streamdouble import session as outsider
from streamdouble.protocol import StreamIdentity

from guichet.carrier.signature import sign
from tests.conftest import Engines
from tests.ivr.world import ENGLISH_LINE, FRAME, QUIET, TOKEN, VOICE, World, world

SOUND = VOICE + QUIET


@pytest.fixture
async def hall(engines: Engines) -> AsyncIterator[World]:
    async with world(engines) as running:
        yield running


async def test_an_outsiders_client_completes_a_turn(hall: World, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = hall.caller(line=ENGLISH_LINE)
    await caller.ring()
    hall.recogniser.say("i would like a birth certificate")
    # It sends no signature: the header that the carrier would send is added to its handshake.
    headers = {"X-Twilio-Signature": sign(TOKEN, f"wss://guichet.example{caller.stream}", {})}
    signed = partial(websockets.connect, additional_headers=headers)
    monkeypatch.setattr(outsider.websockets, "connect", signed)
    call = outsider.Session(
        f"ws://{hall.client.host}:{hall.client.port}{caller.stream}",
        [SOUND[at : at + FRAME] for at in range(0, len(SOUND), FRAME)],
        identity=StreamIdentity(call_sid=caller.sid),
        config=outsider.SessionConfig(response_timeout_s=0.1, quiet_period_s=0.1, max_drain_s=0.5),
    )
    result = await call.run()
    assert result.violation_count == 0
    await caller.go_on()
    assert "birth, marriage or death certificate" in caller.said
