"""A gateway of a few lines that answers whatever TwiML a test has written, and keeps what it was asked."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import WSMsgType, web

TwiML = str | Callable[[Mapping[str, str]], str | web.Response]
OnMedia = Callable[["Stream", dict[str, object]], Awaitable[bool]]


@dataclass
class Stream:
    """One media socket as the gateway saw it."""

    socket: web.WebSocketResponse
    url: str
    headers: Mapping[str, str]
    messages: list[dict[str, object]] = field(default_factory=list)
    audio: bytearray = field(default_factory=bytearray)

    @property
    def events(self) -> list[str]:
        """The names of its messages."""
        return [str(message["event"]) for message in self.messages]

    def of(self, event: str) -> list[dict[str, object]]:
        """Return the messages of that name."""
        return [message for message in self.messages if message["event"] == event]


@dataclass(frozen=True)
class Asked:
    """One webhook."""

    path: str
    form: Mapping[str, str]
    headers: Mapping[str, str]


class Gateway:
    """`answers` maps a path to TwiML (without the <Response>) or to a function of the form."""

    def __init__(self) -> None:
        self.answers: dict[str, TwiML] = {}
        self.asked: list[Asked] = []
        self.streams: list[Stream] = []
        self.on_media: OnMedia = close_after_speech
        self.url = ""
        self.hangs: set[str] = set()
        """Paths that never answer."""
        self._asked = asyncio.Event()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/media/{name}", self._media)
        app.router.add_route("*", "/{path:.*}", self._webhook)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0][:2])
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self._runner.cleanup()

    def forms(self, path: str) -> list[Mapping[str, str]]:
        """Return the forms sent to a path."""
        return [asked.form for asked in self.asked if asked.path.split("?")[0] == path]

    async def until(self, path: str) -> None:
        """Wait until a path was asked."""
        while not self.forms(path):
            await self._asked.wait()

    async def _webhook(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(Asked(request.path_qs, form, request.headers))
        self._asked.set()
        self._asked = asyncio.Event()
        if request.path in self.hangs:
            await asyncio.Event().wait()
        written = self.answers.get(request.path, "")
        answer = written(form) if callable(written) else written
        if isinstance(answer, web.Response):
            return answer
        return web.Response(text=f"<Response>{answer}</Response>", content_type="text/xml")

    async def _media(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["name"] == "refused":
            return web.Response(status=403)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        stream = Stream(socket, request.path, request.headers)
        self.streams.append(stream)
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            body = json.loads(message.data)
            stream.messages.append(body)
            if body["event"] == "media":
                stream.audio += base64.b64decode(body["media"]["payload"])
            if await self.on_media(stream, body):
                break
        await socket.close()
        return socket


async def close_after_speech(stream: Stream, message: dict[str, object]) -> bool:
    """End the stream after half a second of silence that follows speech, or two seconds of silence alone."""
    spoken = bytes(stream.audio).rstrip(b"\xff")
    quiet = len(stream.audio) - len(spoken)
    return message["event"] == "media" and quiet >= (4000 if spoken else 16000)


async def never_close(stream: Stream, message: dict[str, object]) -> bool:
    return False
