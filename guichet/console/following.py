"""Pages that follow by themselves: server-sent events that carry a region's HTML whenever it is another one.

A stream ends after some minutes and the browser opens it anew, through the door: who has been signed out sees no more.
Source of the format: https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import hdrs, web

from guichet.core.errors import Unavailable

LOOK_SECONDS = 1.0
"""Between two looks: what is new is shown within two seconds."""
LONGEST_SECONDS = 240.0
_QUIET_SECONDS = 15.0
"""After which a comment is sent: proxies cut what is silent."""


async def follow(
    request: web.Request, render: Callable[[], Awaitable[str]], is_over: Callable[[], bool] = lambda: False
) -> web.StreamResponse:
    """Send what `render` gives, now and each time it differs, until `is_over`, the reader leaves or minutes pass."""
    response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    # Who closes the page is gone without a word.
    with suppress(ConnectionResetError):
        await _send(response, render, is_over)
    return response


async def _send(
    response: web.StreamResponse, render: Callable[[], Awaitable[str]], is_over: Callable[[], bool]
) -> None:
    await response.write(b"retry: 1000\n\n")
    began = told = time.monotonic()
    shown: str | None = None
    while True:
        html = await _rendered(render)
        if html is not None and html != shown:
            shown, told = html, time.monotonic()
            await response.write(f"event: state\ndata: {json.dumps(html)}\n\n".encode())
        if is_over() or time.monotonic() - began > LONGEST_SECONDS:
            return
        if time.monotonic() - told > _QUIET_SECONDS:
            told = time.monotonic()
            await response.write(b": here\n\n")
        await asyncio.sleep(LOOK_SECONDS)


async def _rendered(render: Callable[[], Awaitable[str]]) -> str | None:
    """Render; a database that is away for a moment leaves what is shown."""
    try:
        return await render()
    except Unavailable:
        return None
