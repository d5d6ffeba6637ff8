"""An outsider's media stream client (PyPI `streamdouble`) completes a call against the whole gateway."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
import websockets
from streamdouble import session as outsider
from streamdouble.protocol import StreamIdentity

from guichet.carrier.signature import sign
from guichet.carrier.simulator.signing import Scheme, headers
from tests.journeys import aftermath
from tests.journeys.people import CATHERINE, LINE
from tests.journeys.world import PUBLIC, TOKEN, World
from tests.transcripts.voices import frames, hum, silence

CALL = "CA" + "7" * 32
SOUND = frames(silence(0.2) + hum(0.6) + silence(1.5))


class Outsider:
    """A call whose webhooks are asked by hand and whose streams are the outsider's."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.answer = ""

    async def ask(self, path: str, **fields: str) -> None:
        """Send a signed webhook."""
        form = {"CallSid": CALL, "From": CATHERINE, "To": LINE, "CallStatus": "in-progress", **fields}
        signed = headers(TOKEN, PUBLIC + path, form, Scheme.SHA1)
        async with self._world.http.post(self._world.base + path, data=form, headers=signed) as answer:
            assert answer.status == 200
            self.answer = await answer.text()

    async def listen(self) -> outsider.SessionResult:
        """Let the outsider's client speak on the stream of the last answer."""
        found = re.search(r'url="wss://guichet\.example([^"]+)"', self.answer)
        assert found is not None
        call = outsider.Session(
            f"ws://127.0.0.1:{urlsplit(self._world.base).port}{found[1]}",
            SOUND,
            identity=StreamIdentity(call_sid=CALL),
            config=outsider.SessionConfig(response_timeout_s=0.1, quiet_period_s=0.1, max_drain_s=0.5),
        )
        return await call.run()


async def test_an_outsiders_client_completes_a_call(any_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = any_world

    def connect(url: str, **options: object) -> object:
        # It sends no signature: the header that the carrier would send is added to its handshake.
        signature = sign(TOKEN, f"wss://guichet.example{urlsplit(url).path}", {})
        return unsigned(url, additional_headers={"X-Twilio-Signature": signature}, **options)

    unsigned: Callable[..., object] = websockets.connect
    monkeypatch.setattr(outsider.websockets, "connect", connect)
    world.say("je voudrais un acte de naissance", "le trois mars mille neuf cent quatre-vingt-cinq")
    caller = Outsider(world)
    await caller.ask("/voice/incoming", CallStatus="ringing")
    for turn, expected in ((1, "un acte d'état civil"), (2, "tapez 1. Pour choisir un moment")):
        result = await caller.listen()
        assert result.violation_count == 0
        await caller.ask(f"/voice/turn?n={turn}")
        assert expected in caller.answer.replace("&apos;", "'").replace("&#x27;", "'")
    await caller.ask("/voice/turn?n=3&by=keys", Digits="1")
    assert "un agent va vous rappeler" in caller.answer
    await caller.ask("/voice/status", CallStatus="completed")
    await world.settled()
    tables = await aftermath.check(world)
    assert [(request.intent, request.kind) for request in tables.requests] == [("etat_civil_acte", "callback")]
    assert [text.state for text in tables.sent] == ["delivered"]
    assert len(tables.lines) == 2
