"""Sends a message to another system: bounded in time and size, no redirect followed, nobody told who may not be."""

import socket
from dataclasses import dataclass
from typing import Protocol

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from guichet.console.hooks.addresses import NOT_ALLOWED, Allowed

SECONDS = 5.0
"""How long a receiver may take to say that it has the message: it does its work afterwards, and our worker waits."""
CONNECT_SECONDS = 3.0
MOST_HEADERS = 8190
"""Bytes of an answer's line and headers; of its body nothing is read."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: a status, or else one word for why there is none."""

    status: int | None
    error: str = ""


class Sender(Protocol):
    """Sends one message."""

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Answered:
        """Post a message; never raises for what the other side does."""
        ...


class Forbidden(OSError):
    """The address is one that we do not reach."""


class GuardedResolver(AbstractResolver):
    """Looks names up, and keeps the addresses that may be reached: it is those that are connected to."""

    def __init__(self, allowed: Allowed, inner: AbstractResolver | None = None) -> None:
        self._allowed = allowed
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses that may be reached. Raises Forbidden when there is none among those found."""
        found = await self._inner.resolve(host, port, family)
        kept = [one for one in found if self._allowed.reaches(host, one["host"])]
        if not kept:
            raise Forbidden(0, "address not allowed")
        return kept

    async def close(self) -> None:
        """Close the resolver."""
        await self._inner.close()


class HttpSender:
    """Sends over HTTPS; over HTTP only to whom the setting names."""

    def __init__(self, allowed: Allowed, resolver: AbstractResolver | None = None, seconds: float = SECONDS) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._seconds = seconds

    async def send(self, url: str, headers: dict[str, str], body: bytes) -> Answered:
        """Post a message on a connection of its own."""
        refused = self._allowed.refused(url)
        if refused:
            return Answered(None, refused)
        resolver = GuardedResolver(self._allowed, self._resolver)
        limits = aiohttp.ClientTimeout(total=self._seconds, connect=min(CONNECT_SECONDS, self._seconds))
        try:
            async with (
                aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(resolver=resolver, force_close=True),
                    timeout=limits,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    trust_env=False,
                    auto_decompress=False,
                    max_line_size=MOST_HEADERS,
                    max_field_size=MOST_HEADERS,
                ) as session,
                session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                return Answered(answer.status)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            return Answered(None, _word(error))


def _word(error: BaseException) -> str:
    """Say in a word what went wrong: nothing of what the other side wrote."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, Forbidden):
            return NOT_ALLOWED
        found = getattr(found, "os_error", None) or found.__cause__
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientSSLError):
        return "certificate"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "name_not_found"
    if isinstance(error, aiohttp.ClientConnectionError):
        return "no_connection"
    return "bad_answer"
