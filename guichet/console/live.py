"""Pages that follow by themselves: server-sent events, one stream a page, for as long as its session lives.

A stream sleeps until the lookout sees a change, sends the region anew, and ends by itself after a while: the browser
opens another, says what it has seen last, and is sent nothing twice. A session that is over is told to leave; who has
left is forgotten within a look. A page without scripts is reloaded by its reader.
Source of the format: https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web

from guichet.console.lookout import Follower, Lookout, Subject
from guichet.console.permissions import ROOT
from guichet.console.visit import visit_of
from guichet.core.errors import GuichetError

BREATH_SECONDS = 15.0
"""A comment goes at least so often: proxies close what is silent."""
LASTS_SECONDS = 300.0
RETRY_MILLISECONDS = 1000
AGAIN_SECONDS = 1.0
"""After a region that could not be read."""


class Streams:
    """The streams of a process: they end when it does."""

    def __init__(self, lookout: Lookout) -> None:
        self._lookout = lookout
        self._is_over = False
        self._open: set[Follower] = set()

    async def close(self, _app: web.Application) -> None:
        """End every stream (aiohttp's signal `on_shutdown`)."""
        self._is_over = True
        for one in self._open:
            one.woken.set()

    async def follow(
        self, request: web.Request, subject: Subject, region: Callable[[], Awaitable[str]]
    ) -> web.StreamResponse:
        """Send the region whenever its subject changes."""
        response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: "text/event-stream", "X-Accel-Buffering": "no"})
        await response.prepare(request)
        session = visit_of(request).own_session.id
        with self._lookout.follow(subject, session, lambda: _is_gone(request)) as follower:
            self._open.add(follower)
            try:
                await self._send(response, follower, region, request.headers.get("Last-Event-ID", ""))
            except ConnectionResetError:
                pass  # the page was left
            finally:
                self._open.discard(follower)
        return response

    async def _send(
        self, response: web.StreamResponse, follower: Follower, region: Callable[[], Awaitable[str]], known: str
    ) -> None:
        await response.write(f"retry: {RETRY_MILLISECONDS}\n\n".encode())
        until = time.monotonic() + LASTS_SECONDS
        while not self._is_over and not follower.is_gone() and time.monotonic() < until:
            if follower.is_over:
                await response.write(event("leave", f"{ROOT}/sign-in"))
                return
            name = name_of(follower.stamp) if follower.stamp is not None else known
            if name == known:
                await _woken(response, follower)
            elif await _told(response, name, region):
                known = name
            else:
                await asyncio.sleep(AGAIN_SECONDS)


async def _told(response: web.StreamResponse, name: str, region: Callable[[], Awaitable[str]]) -> bool:
    """Send a region; a database that is away for a moment, or a case that is erased, leaves what is shown."""
    try:
        html = await region()
    except GuichetError:
        return False
    await response.write(event("state", html, name))
    return True


async def _woken(response: web.StreamResponse, follower: Follower) -> None:
    """Sleep until something is new, or it is time to breathe."""
    try:
        async with asyncio.timeout(BREATH_SECONDS):
            await follower.woken.wait()
    except TimeoutError:
        await response.write(b": \n\n")
    follower.woken.clear()


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def name_of(stamp: str) -> str:
    """Return what an event is known by: the same on every node."""
    return hashlib.sha256(stamp.encode()).hexdigest()[:16]


def event(kind: str, data: str, name: str = "") -> bytes:
    """Return an event as it travels."""
    known = f"id: {name}\n" if name else ""
    return f"{known}event: {kind}\ndata: {json.dumps(data)}\n\n".encode()
