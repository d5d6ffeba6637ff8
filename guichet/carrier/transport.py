"""How requests to the carrier travel: base address, time limits, tokens, and errors of ours instead of the library's.

It takes the place of twilio's AsyncTwilioHttpClient, whose time limit has no effect and which logs what it asks for,
telephone numbers included. Nothing is retried here but a request refused for its token (never processed), with the
next token.
"""

import asyncio
import logging
from base64 import b64encode
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit, urlunsplit

import aiohttp
import msgspec
from twilio.http import AsyncHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]

from guichet.carrier.codes import error_of
from guichet.core.errors import InDoubt, NotFound, Unavailable

CHUNK = 65_536
"""Bytes in a piece of a recording, at most."""

UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
"""What reading an answer may raise."""

NEVER_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
"""What happens before a request leaves: no connection (in time), no name, no TLS, no proxy."""

_logger = logging.getLogger("twilio.async_http_client")


@dataclass(frozen=True, slots=True)
class CarrierSettings:
    """What is needed to ask the carrier.

    `auth_tokens` are tried in turn (two during a rotation); a region (`ie1`, with edge `dublin`: data stay in the EU)
    has its own. `api_url` replaces Twilio's address, region and edge included: a simulator or a compatible carrier.
    `timeout_seconds` is for a whole request, of which connecting may take half.
    """

    account_sid: str
    auth_tokens: tuple[str, ...] = field(repr=False)
    public_url: str
    api_url: str | None = None
    region: str | None = None
    edge: str | None = None
    timeout_seconds: float = 10.0


class _Problem(msgspec.Struct):
    """The part we read of an error's body."""

    code: int | None = None


@dataclass(frozen=True, slots=True)
class _Ask:
    """One request, but for its token."""

    method: str
    url: str
    account: str
    headers: Mapping[str, str] | None = None
    body: bytes | None = None
    follow: bool = False
    """Whether to follow redirects: recordings may lie elsewhere (aiohttp keeps our token from other hosts)."""

    @property
    def changes(self) -> bool:
        """Whether it may do something that must not be done twice."""
        return self.method not in {"GET", "DELETE"}


_problem = msgspec.json.Decoder(_Problem)
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Transport(AsyncHttpClient):  # type: ignore[misc] # twilio has no types
    """Carries twilio-python's requests over one aiohttp session; made inside the running loop."""

    def __init__(self, settings: CarrierSettings) -> None:
        _logger.setLevel(logging.WARNING)  # at INFO the library writes telephone numbers
        super().__init__(_logger, is_async=True)
        self._settings = settings
        self._limit = settings.timeout_seconds
        self._tokens = settings.auth_tokens
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=None, connect=self._limit / 2),
            connector=aiohttp.TCPConnector(keepalive_timeout=10),
            trust_env=not _is_here(settings.api_url),  # administrations reach the world by a proxy
        )

    async def request(  # noqa: PLR0913, PLR0917 - the signature is twilio's
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - ours is in the settings
        allow_redirects: bool = False,  # noqa: ARG002, FBT001, FBT002 - never for what changes something
    ) -> Response:
        """Send one request and return its 2xx answer, whose body is empty or a JSON object; else raise our errors."""
        url = self.address(url) + (f"?{urlencode(params, doseq=True)}" if params else "")
        body = urlencode(data, doseq=True).encode() if data else None
        ask = _Ask(method.upper(), url, auth[0] if auth else self._settings.account_sid, headers, body)
        try:
            async with asyncio.timeout(self._limit):
                answer = await self._send(ask)
                content = await answer.read()
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
            raise _failure(error, ask) from error
        return _checked(answer, content, ask)

    async def stream(self, url: str) -> AsyncGenerator[bytes, None]:
        """Yield the body of a GET as it comes; each piece has the time limit of a request. NotFound on a 404."""
        ask = _Ask("GET", self.address(url), self._settings.account_sid, follow=True)
        try:
            async with asyncio.timeout(self._limit):
                answer = await self._send(ask)
            async with answer:
                if answer.status == 404:
                    raise NotFound("there is no such recording at the carrier, or not yet")
                if answer.status >= 300:
                    raise error_of(answer.status, None, changes=False)
                while piece := await asyncio.wait_for(answer.content.read(CHUNK), self._limit):
                    yield piece
        except (aiohttp.ClientError, OSError) as error:
            raise _failure(error, ask) from error

    def address(self, url: str) -> str:
        """Return the address to ask: another carrier's where the settings name one."""
        base = self._settings.api_url
        if base is None:
            return url
        return base.rstrip("/") + urlunsplit(urlsplit(url)._replace(scheme="", netloc=""))

    async def close(self) -> None:
        """Close the session."""
        await self._session.close()

    async def _send(self, ask: _Ask) -> aiohttp.ClientResponse:
        """Send with each token until one is accepted; that one comes first from then on."""
        for token in self._tokens:
            answer = await self._session.request(
                ask.method,
                ask.url,
                data=ask.body,
                headers={**(ask.headers or {}), "Authorization": basic_auth(ask.account, token)},
                allow_redirects=ask.follow,
            )
            if answer.status != 401:
                self._tokens = (token, *(other for other in self._tokens if other != token))
                return answer
            await answer.read()
        return answer


def _is_here(url: str | None) -> bool:
    """Whether an address is on this machine, as a simulator's is: never by way of a proxy."""
    host = urlsplit(url).hostname if url else None
    return host is not None and (host in {"localhost", "::1"} or host.startswith("127."))


def basic_auth(user: str, password: str) -> str:
    """Return the value of an Authorization header (RFC 7617)."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def _checked(answer: aiohttp.ClientResponse, content: bytes, ask: _Ask) -> Response:
    """Return twilio's kind of answer for a 2xx, whose body is empty or a JSON object; else raise our errors."""
    if not 200 <= answer.status < 300:
        try:
            code = _problem.decode(content).code
        except UNREADABLE:
            code = None
        raise error_of(answer.status, code, changes=ask.changes)
    try:
        if content.strip():
            _object.decode(content)
        return Response(answer.status, content.decode(), answer.headers)
    except UNREADABLE as error:
        if ask.changes:
            raise InDoubt("the carrier said yes in words we cannot read") from error
        raise Unavailable("the answer is no JSON; check GUICHET_TWILIO_API_URL") from error


def _failure(error: Exception, ask: _Ask) -> Unavailable | InDoubt:
    """Tell what never reached the carrier from what may have been processed."""
    if isinstance(error, NEVER_SENT):
        return Unavailable("the carrier cannot be reached; check the network, the proxy and GUICHET_TWILIO_API_URL")
    if ask.changes:
        return InDoubt("the carrier had our request but no answer came")
    return Unavailable("the carrier did not answer in time")
