"""`/healthz`, `/readyz` and `/metrics`: is the process alive, which dependency is missing, and the figures."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

Check = Callable[[], Awaitable[None]]
"""Raises when the dependency is missing; the message says how to mend it."""

_KEPT_SECONDS = 1.0
_LIMIT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Health:
    """What each check said last: an empty text is well."""

    faults: Mapping[str, str]

    @property
    def is_ready(self) -> bool:
        """Whether every dependency is there."""
        return not any(self.faults.values())


async def examine(checks: Mapping[str, Check]) -> Health:
    """Run every check at once, each within a time limit."""

    async def one(check: Check) -> str:
        try:
            async with asyncio.timeout(_LIMIT_SECONDS):
                await check()
        except TimeoutError:
            return f"did not answer within {_LIMIT_SECONDS:.0f} s"
        except Exception as error:  # noqa: BLE001  # whatever a dependency raises, the page must say it is missing
            return str(error) or type(error).__name__
        return ""

    return Health(dict(zip(checks, await asyncio.gather(*map(one, checks.values())), strict=True)))


@dataclass(frozen=True, slots=True)
class Checks:
    """What is looked at: without the required, `/readyz` is red; the missed are told, and served without."""

    required: Mapping[str, Check]
    missed: Mapping[str, Check]


def routes(checks: Checks, registry: CollectorRegistry, figures: Check | None = None) -> list[web.RouteDef]:
    """Serve the three pages; `figures` refreshes what is counted in the database before `/metrics` is written."""
    last: tuple[float, Health, Health] | None = None

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        nonlocal last
        if last is None or time.monotonic() - last[0] > _KEPT_SECONDS:
            found = await asyncio.gather(examine(checks.required), examine(checks.missed))
            last = (time.monotonic(), *found)
        health, missed = last[1:]
        body = {
            "status": "ready" if health.is_ready else "not ready",
            "checks": {name: fault or "ok" for name, fault in (*health.faults.items(), *missed.faults.items())},
        }
        return web.json_response(body, status=200 if health.is_ready else 503)

    async def metrics(_request: web.Request) -> web.Response:
        if figures is not None:
            await examine({"figures": figures})
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
