"""From the recogniser's endpoint to the stored turn: the second part of `first_call.py`, one JSON line.

    python benchmarks/first_call_hearing.py PORT PUBLIC_URL DATABASE_FILE TURNS

Each turn is a call of its own against the running gateway: opened by a signed webhook, then spoken to over the media
socket, a frame of 20 ms every 20 ms, as on a telephone. The stored result says how many seconds of audio the
recogniser had heard when it saw the end: the clock starts when the frame that completes them has been sent, and stops
when the gateway closes the socket, which it does once the turn is committed (the row is looked at afterwards). The
auth token is that of GUICHET_TWILIO_AUTH_TOKENS.
"""

import asyncio
import json
import math
import os
import re
import secrets
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import aiohttp

from guichet.carrier.signature import sign
from guichet.carrier.simulator.frames import FRAME, Frames
from guichet.carrier.voice import RATE, synthesise
from guichet.core.language import Language

LINE = "+442079460010"
"""The English line of the sample rule book."""
SENTENCES = (
    "I would like a copy of my birth certificate",
    "my street light has been broken for a week",
    "I want to register my son for the school canteen",
    "when is the town hall open on Saturday",
    "I need an appointment for my passport",
)
SILENCE = b"\xff" * FRAME
LONGEST_TURN = 20.0
FRAME_SECONDS = FRAME / RATE


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway under measurement."""

    port: int
    public_url: str
    token: str

    @property
    def local(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def signed(self, url: str, form: dict[str, str]) -> dict[str, str]:
        """Return the header that signs a request."""
        return {"X-Twilio-Signature": sign(self.token, url, form)}


async def opened(gateway: Gateway, session: aiohttp.ClientSession, sid: str) -> str:
    """Open a call; return the path of its media stream."""
    form = {"CallSid": sid, "From": "+447700900123", "To": LINE, "CallStatus": "ringing", "Direction": "inbound"}
    headers = gateway.signed(f"{gateway.public_url}/voice/incoming", form)
    async with session.post(f"{gateway.local}/voice/incoming", data=form, headers=headers) as response:
        answer = await response.text()
    stream = re.search(r'<Stream url="([^"]+)"', answer)
    if stream is None:
        raise SystemExit("the gateway does not listen: is the English model installed? (guichet models install en)")
    return urlsplit(stream[1]).path


async def speak(socket: aiohttp.ClientWebSocketResponse, frames: Frames, sound: bytes) -> tuple[list[float], float]:
    """Send speech, then silence, in real time until the gateway closes; return when each frame left, and the end."""
    closed: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def watch() -> None:
        async for _ in socket:
            pass
        closed.set_result(time.perf_counter())

    watcher = asyncio.create_task(watch())
    await socket.send_str(frames.connected())
    await socket.send_str(frames.start(("inbound",), ()))
    sent: list[float] = []
    began = time.perf_counter()
    while not closed.done() and len(sent) * FRAME_SECONDS < LONGEST_TURN:
        payload = sound[len(sent) * FRAME : (len(sent) + 1) * FRAME].ljust(FRAME, b"\xff")
        await socket.send_str(frames.media(payload))
        sent.append(time.perf_counter())
        await asyncio.sleep(max(0.0, began + len(sent) * FRAME_SECONDS - time.perf_counter()))
    await watcher
    return sent, await closed


async def turn(gateway: Gateway, session: aiohttp.ClientSession, number: int) -> tuple[str, list[float], float]:
    """Play one call's first turn."""
    sid = f"CA{secrets.token_hex(16)}"
    path = await opened(gateway, session, sid)
    headers = gateway.signed(f"wss{gateway.public_url.removeprefix('https')}{path}", {})
    frames = Frames("MZ" + secrets.token_hex(16), sid, "AC" + "0" * 31 + "1", Random(number))
    before = SILENCE * (20 + number % 5)
    sound = before + synthesise(SENTENCES[number % len(SENTENCES)], Language.EN, speed=1.0 + number % 3 / 10)
    async with session.ws_connect(f"{gateway.local}{path}", headers=headers) as socket:
        sent, end = await speak(socket, frames, sound)
    return sid, sent, end


def delay(database: Path, sid: str, sent: Sequence[float], end: float) -> float | None:
    """Return the milliseconds from the endpoint to the stored turn; None for a turn without words."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        query = "SELECT stream, result FROM turns WHERE call = ? AND number = 1"
        stream, result = connection.execute(query, (sid,)).fetchone()
    if stream != "done":
        raise SystemExit("the socket was closed before the turn was stored")
    heard = json.loads(result).get("heard")
    if not heard or not heard["words"]:
        return None
    last = math.ceil(round(float(heard["seconds"]) / FRAME_SECONDS, 3)) - 1
    return (end - sent[min(last, len(sent) - 1)]) * 1000


async def main() -> None:
    """Play the turns one after the other and print the figures, in milliseconds."""
    port, public_url, database, turns = sys.argv[1:]
    gateway = Gateway(int(port), public_url, os.environ["GUICHET_TWILIO_AUTH_TOKENS"])
    delays = []
    async with aiohttp.ClientSession() as session:
        for number in range(int(turns)):
            sid, sent, end = await turn(gateway, session, number)
            delays.append(delay(Path(database), sid, sent, end))
            print(f"turn {number + 1} of {turns}", file=sys.stderr)
    heard = sorted(one for one in delays if one is not None)
    if not heard:
        raise SystemExit("the recogniser heard no words in any turn")
    ranks = {"p50": 0.5, "p95": 0.95, "slowest": 1.0}
    told = {name: round(heard[math.ceil(share * len(heard)) - 1], 1) for name, share in ranks.items()}
    print(json.dumps({"turns": int(turns), "with_words": len(heard), **told}))


if __name__ == "__main__":
    asyncio.run(main())
