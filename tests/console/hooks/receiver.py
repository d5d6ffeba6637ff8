"""Another system that is told: a web server that keeps what it gets, and answers as it is told to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web


@dataclass
class Receiver:
    """What it got: headers and bodies; `status` is what it answers."""

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/guichet"

    @property
    def told(self) -> list[dict[str, Any]]:
        """The messages."""
        return [msgspec.json.decode(body) for _, body in self.got]


@asynccontextmanager
async def open_receiver() -> AsyncIterator[Receiver]:
    """Listen on a free port."""
    receiver = Receiver()

    async def take(request: web.Request) -> web.Response:
        receiver.got.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return web.Response(status=receiver.status, headers=receiver.headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.port = runner.addresses[0][1]
    try:
        yield receiver
    finally:
        await runner.cleanup()
