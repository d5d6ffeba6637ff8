"""`/healthz`, `/readyz` and `/metrics`: is the process alive, which dependency is missing, and the figures."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from guichet.core.errors import GuichetError

Check = Callable[[], Awaitable[None]]
"""Raises when the dependency is missing; the message says how to mend it."""

START_SECONDS = 4.0
"""How long a dependency may take to answer before we start, or for `guichet doctor`."""
_KEPT_SECONDS = 0.5
_LIMIT_SECONDS = 1.5
_FIGURES_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Health:
    """What each check said last: an empty text is well."""

    faults: Mapping[str, str]

    @property
    def is_ready(self) -> bool:
        """Whether every dependency is there."""
        return not any(self.faults.values())


class Probe:
    """One check, asked once at a time: a dependency that hangs is not asked again before it has answered."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._asking: asyncio.Task[None] | None = None

    async def fault(self, seconds: float) -> str:
        """Return what is missing, with the way to mend it; empty when all is well."""
        if self._asking is None:
            self._asking = asyncio.ensure_future(self._ask())
        asking = self._asking
        done, _ = await asyncio.wait({asking}, timeout=seconds)
        if not done:
            return f"does not answer (waited for {seconds:g} s): is it running, reachable, and not held by another?"
        self._asking = None
        error = asking.exception()
        if error is None:
            return ""
        return str(error) if isinstance(error, GuichetError) else type(error).__name__

    async def _ask(self) -> None:
        await self._check()

    async def close(self) -> None:
        """Stop asking."""
        if self._asking is not None:
            self._asking.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._asking


async def examine(checks: Mapping[str, Check], seconds: float = START_SECONDS) -> Health:
    """Run every check at once, each within a time limit."""
    probes = {name: Probe(check) for name, check in checks.items()}
    try:
        return await _ask_all(probes, seconds)
    finally:
        for probe in probes.values():
            await probe.close()


async def _ask_all(probes: Mapping[str, Probe], seconds: float) -> Health:
    faults = await asyncio.gather(*(probe.fault(seconds) for probe in probes.values()))
    return Health(dict(zip(probes, faults, strict=True)))


@dataclass(frozen=True, slots=True)
class Checks:
    """What is looked at: without the required, `/readyz` is red; the missed are told, and served without."""

    required: Mapping[str, Check]
    missed: Mapping[str, Check]


class Watch:
    """The checks of `/readyz`, asked again when the last answers are half a second old."""

    def __init__(self, checks: Checks) -> None:
        self._required = {name: Probe(check) for name, check in checks.required.items()}
        self._missed = {name: Probe(check) for name, check in checks.missed.items()}
        self._last: tuple[float, Health, Health] | None = None
        self._turn = asyncio.Lock()

    async def look(self) -> tuple[Health, Health]:
        """Return how the required and the missed are."""
        async with self._turn:
            if self._last is None or time.monotonic() - self._last[0] > _KEPT_SECONDS:
                required, missed = await asyncio.gather(
                    _ask_all(self._required, _LIMIT_SECONDS), _ask_all(self._missed, _LIMIT_SECONDS)
                )
                self._last = (time.monotonic(), required, missed)
            return self._last[1:]

    async def close(self) -> None:
        """Stop asking."""
        for probe in (*self._required.values(), *self._missed.values()):
            await probe.close()


def routes(watch: Watch, registry: CollectorRegistry, figures: Check | None = None) -> list[web.RouteDef]:
    """Serve the three pages; `figures` refreshes what is counted in the database before `/metrics` is written."""
    refresh = Probe(figures) if figures is not None else None

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        health, missed = await watch.look()
        body = {
            "status": "ready" if health.is_ready else "not ready",
            "checks": {name: fault or "ok" for name, fault in (*health.faults.items(), *missed.faults.items())},
        }
        return web.json_response(body, status=200 if health.is_ready else 503)

    async def metrics(_request: web.Request) -> web.Response:
        if refresh is not None:
            await refresh.fault(_FIGURES_SECONDS)
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
