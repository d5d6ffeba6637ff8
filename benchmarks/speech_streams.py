"""Callers at once, in real time: on vosk-server's WebSocket, and on the gateway as an operator starts it.

A caller speaks recordings one after the other, 0.1 s of audio every 0.1 s to vosk-server on one connection (its best
case: its recogniser gets warm), a frame of 20 ms every 20 ms to the gateway, a call a recording (webhook, stream,
stored turn). What is late is measured from outside: the answer that vosk-server gives to each piece of audio, and the
gateway's closing of the socket, which it does after the commit, from the frame in which its recogniser saw the end.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import aiohttp

from benchmarks.first_call_hearing import LINE, Gateway, delay, speak
from guichet.carrier.simulator.frames import Frames
from guichet.transcripts.mulaw import RATE, decode

CHUNK = RATE // 10
EOF = '{"eof" : 1}'
AT_ONCE = 0.5
"""Seconds in which a stream that finds no room is closed."""
LOOK_SECONDS = 0.25
"""Between two looks at the gateway's figures."""

Sounds = Sequence[bytes]
"""Recordings, as µ-law."""


@dataclass
class Brought:
    """What callers at once have brought: seconds late, one a piece of audio or a turn; turns that got keys instead."""

    late: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    by_keys: int = 0
    peak: int = 0
    own_lag: float = 0.0

    def at(self, share: float) -> float:
        """Return the lateness that so many are below."""
        ranked = sorted(self.late)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else float("inf")


def sounds_of(caller: int, turns: int, sounds: Sounds) -> list[bytes]:
    """Return what a caller says: every caller something else."""
    return [sounds[(caller * 7 + turn * 3) % len(sounds)] for turn in range(turns)]


async def at_once(callers: int, call: Callable[[int], Awaitable[None]]) -> None:
    """Let callers begin spread over a second."""

    async def one(number: int) -> None:
        await asyncio.sleep(number / callers)
        await call(number)

    await asyncio.gather(*map(one, range(callers)))


async def to_vosk_server(port: int, turns: int, callers: int, sounds: Sounds) -> Brought:
    """Speak to vosk-server."""
    brought = Brought(peak=callers)

    async def call(number: int) -> None:
        pcm = decode(b"".join(sounds_of(number, turns, sounds))).tobytes()
        pieces = [pcm[at : at + 2 * CHUNK] for at in range(0, len(pcm), 2 * CHUNK)]
        sent: list[float] = []
        async with session.ws_connect(f"ws://127.0.0.1:{port}") as socket:
            answers = asyncio.create_task(_answers(socket, sent, len(pieces), brought))
            began = time.perf_counter()
            for at, piece in enumerate(pieces):
                await asyncio.sleep(max(0.0, began + at * 0.1 - time.perf_counter()))
                sent.append(time.perf_counter())
                await socket.send_bytes(piece)
            ended = time.perf_counter()
            await socket.send_str(EOF)
            await answers
            brought.last.append(time.perf_counter() - ended)

    async with aiohttp.ClientSession() as session:
        await at_once(callers, call)
    return brought


async def _answers(
    socket: aiohttp.ClientWebSocketResponse, sent: Sequence[float], pieces: int, brought: Brought
) -> None:
    """Take the answer to each piece of audio, then the last one."""
    for at in range(pieces + 1):
        message = await socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise SystemExit("vosk-server hung up: see its log")
        if at < pieces:
            brought.late.append(time.perf_counter() - sent[at])


async def to_gateway(gateway: Gateway, database: Path, turns: int, callers: int, sounds: Sounds) -> Brought:
    """Speak to the gateway."""
    brought = Brought()

    async def call(number: int) -> None:
        for sound in sounds_of(number, turns, sounds):
            sid = f"CA{secrets.token_hex(16)}"
            path = await _opened(gateway, session, sid)
            if path is None:
                brought.by_keys += 1
                await asyncio.sleep(len(sound) / RATE)
                continue
            headers = gateway.signed(f"wss{gateway.public_url.removeprefix('https')}{path}", {})
            frames = Frames("MZ" + secrets.token_hex(16), sid, "AC" + "0" * 31 + "1", Random(number))
            async with session.ws_connect(f"{gateway.local}{path}", headers=headers) as socket:
                sent, end = await speak(socket, frames, sound)
            waited = delay(database, sid, sent, end)
            if waited is not None:
                brought.late.append(waited / 1000)
                brought.last.append(waited / 1000)
            elif end - sent[0] < AT_ONCE:
                brought.by_keys += 1

    async with aiohttp.ClientSession() as session:
        watch = asyncio.create_task(_watch(gateway, session, brought))
        await at_once(callers, call)
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
    return brought


async def _opened(gateway: Gateway, session: aiohttp.ClientSession, sid: str) -> str | None:
    """Open a call; return the path of its stream, or None where keys are offered instead."""
    form = {"CallSid": sid, "From": "+447700900123", "To": LINE, "CallStatus": "ringing", "Direction": "inbound"}
    headers = gateway.signed(f"{gateway.public_url}/voice/incoming", form)
    async with session.post(f"{gateway.local}/voice/incoming", data=form, headers=headers) as response:
        stream = re.search(r'<Stream url="([^"]+)"', await response.text())
    return urlsplit(stream[1]).path if stream else None


async def _watch(gateway: Gateway, session: aiohttp.ClientSession, brought: Brought) -> None:
    """Look at the gateway's figures: how many it hears at once, and how late it thinks it is."""
    while True:
        async with session.get(f"{gateway.local}/metrics") as response:
            text = await response.text()
        figure = {
            name: float(value) for name, value in re.findall(r"^guichet_recogniser_(\w+) (\S+)$", text, re.MULTILINE)
        }
        brought.peak = max(brought.peak, int(figure["turns"]))
        brought.own_lag = max(brought.own_lag, figure["lag_seconds"])
        await asyncio.sleep(LOOK_SECONDS)
