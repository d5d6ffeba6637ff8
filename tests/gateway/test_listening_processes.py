"""Speech with real processes: a web node and a media node serve one call; a recogniser that is killed in mid-call."""

import asyncio
import base64
import json
import os
import re
import signal
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType

from guichet.carrier.signature import sign
from guichet.carrier.voice import synthesise
from guichet.core.language import Language
from guichet.gateway import embedded_redis
from guichet.gateway.services import open_database
from guichet.gateway.settings import Settings
from tests.gateway.processes import TOKEN, Gateway, gateway, kill, of_folder, until
from tests.transcripts.voices import frames, silence

MODELS = Path(os.environ.get("GUICHET_MODELS_DIR", "var/models")).resolve()
ENGLISH_LINE = "+442079460010"
WISH = "I need a birth certificate"

pytestmark = pytest.mark.model


async def stream(node: Gateway, call: str, answer: str) -> ClientWebSocketResponse:
    """Open the stream that the answer asks for, on a node, as the carrier would."""
    (url,) = re.findall(r'<Stream url="([^"]+)"', answer)
    headers = {"X-Twilio-Signature": sign(TOKEN, url, {})}
    socket = await node.session.ws_connect(node.url + urlsplit(url).path, headers=headers)
    start = {"streamSid": "MZ1", "callSid": call, "tracks": ["inbound"], "customParameters": {}}
    start["mediaFormat"] = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    await socket.send_json({"event": "start", "sequenceNumber": "1", "streamSid": "MZ1", "start": start})
    return socket


async def speak(socket: ClientWebSocketResponse, audio: bytes) -> None:
    """Send audio, faster than it is spoken, until all is sent or the other side closes."""
    for number, frame in enumerate(frames(audio)):
        if socket.closed:
            return
        media = {"track": "inbound", "chunk": str(number), "timestamp": str(number * 20)}
        media["payload"] = base64.b64encode(frame).decode()
        await socket.send_str(json.dumps({"event": "media", "streamSid": "MZ1", "media": media}))
        await asyncio.sleep(0.002)


async def closed(socket: ClientWebSocketResponse) -> None:
    """Read until the other side closes."""
    async with asyncio.timeout(15):
        while (await socket.receive()).type not in {WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING}:
            pass
    await socket.close()


def next_turn(answer: str) -> str:
    """Return the path at which the call goes on after its stream."""
    found = re.search(r"<Redirect[^>]*>https://guichet.example([^<]+)</Redirect>", answer)
    assert found is not None
    return found[1].replace("&amp;", "&")


async def test_a_web_node_and_a_media_node_serve_one_call(tmp_path: Path) -> None:
    async with open_database(Settings(data_dir=tmp_path)) as database:
        await database.upgrade()
    with embedded_redis.run(tmp_path):
        async with AsyncExitStack() as stack:
            own: dict[str, Any] = {
                "models_dir": MODELS,
                "redis_url": embedded_redis.url(tmp_path),
                "log_level": "debug",
            }
            web, media = await asyncio.gather(
                *(stack.enter_async_context(gateway(tmp_path, "--role", role, **own)) for role in ("web", "media"))
            )
            assert (await web.get("/media/x"))[0] == 404
            assert (await media.ring("CA1"))[0] == 404
            _, answer = await web.ring("CA1", To=ENGLISH_LINE)
            socket = await stream(media, "CA1", answer)
            assert await media.figure("guichet_streams_open ") == 1
            await speak(socket, synthesise(WISH, Language.EN) + silence(3))
            await closed(socket)
            _, answer = await web.ring("CA1", next_turn(answer), To=ENGLISH_LINE)
            assert "birth, marriage or death certificate" in answer
            assert await media.figure('guichet_streams_total{kind="speech"}') == 1
            assert await web.figure('guichet_turns_total{kind="spoken"}') == 1
            assert await web.figure("guichet_calls_opened_total ") == 1
            await web.ring("CA1", "/voice/status", To=ENGLISH_LINE, CallStatus="completed")
            assert await web.figure("guichet_calls_ended_total{") == 1
            for node in (web, media):
                assert "certificate" not in node.log.read_text()
            # A node that is told to end in the middle of a stream ends in order.
            socket = await stream(media, "CA2", (await web.ring("CA2", To=ENGLISH_LINE))[1])
            await speak(socket, silence(0.2))
            media.process.send_signal(signal.SIGTERM)
            await closed(socket)
            assert await asyncio.to_thread(media.process.wait, 20) == 0


async def is_heard_again(node: Gateway) -> bool:
    """Whether the recogniser process is up, as the figures tell."""
    return await node.figure("guichet_recogniser_up ") == 1


async def test_a_recogniser_killed_in_mid_call_is_back_and_keys_are_offered(tmp_path: Path) -> None:
    async with gateway(tmp_path, "--embedded", models_dir=MODELS) as up:
        _, answer = await up.ring("CA1", To=ENGLISH_LINE)
        socket = await stream(up, "CA1", answer)
        await speak(socket, synthesise(WISH, Language.EN)[:8000])
        kill(of_folder(tmp_path, "recogniser_process"))
        await closed(socket)
        status, answer = await up.ring("CA1", next_turn(answer), To=ENGLISH_LINE)
        assert status == 200
        assert "<Gather" in answer
        assert "press" in answer
        # `/readyz` may answer for half a second from before the death: the figure is never old.
        await until(partial(is_heard_again, up))
        await until(up.is_ready)
        assert of_folder(tmp_path, "recogniser_process")
        await up.killed()
