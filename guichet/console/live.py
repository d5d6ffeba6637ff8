"""Pages that follow by themselves: server-sent events, one stream a page, for as long as its session lives.

A stream asks for a stamp every second, cheaply, and sends the region anew when it has changed; a page without scripts
is reloaded by its reader. It ends by itself after a while, and the browser opens another: a session that was revoked
gets no more.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

LOOK_SECONDS = 1.0
BREATH_SECONDS = 15.0
"""A comment goes at least so often: proxies close what is silent."""
LASTS_SECONDS = 300.0


class Streams:
    """The streams of a process: they end when it does."""

    def __init__(self, look_seconds: float = LOOK_SECONDS) -> None:
        self._look = look_seconds
        self._over = asyncio.Event()

    async def close(self, _app: web.Application) -> None:
        """End every stream (aiohttp's signal `on_shutdown`)."""
        self._over.set()

    async def follow(
        self, request: web.Request, stamp: Callable[[], Awaitable[str]], region: Callable[[], Awaitable[str]]
    ) -> web.StreamResponse:
        """Send the region whenever its stamp changes."""
        response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        began = breathed = time.monotonic()
        known = None
        try:
            while not self._over.is_set() and time.monotonic() - began < LASTS_SECONDS:
                current = await stamp()
                if current != known:
                    # The first is sent too: something may have happened since the page was made.
                    await response.write(event("state", await region()))
                    known, breathed = current, time.monotonic()
                elif time.monotonic() - breathed > BREATH_SECONDS:
                    await response.write(b": \n\n")
                    breathed = time.monotonic()
                await self._pause()
        except ConnectionResetError:
            pass  # the page was left
        return response

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._look):
                await self._over.wait()
        except TimeoutError:
            pass


def event(name: str, data: str) -> bytes:
    """Return an event as it travels."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
