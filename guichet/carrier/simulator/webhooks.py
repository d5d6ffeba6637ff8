"""Ask and tell the gateway: signed requests, with the carrier's time limits, retries and misbehaviour."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

import aiohttp
import structlog
from yarl import URL

from guichet.carrier.simulator import signing
from guichet.carrier.simulator.address import Address
from guichet.carrier.simulator.mischief import Corrupt, Delay, Drop, Mischief, Repeat, TimeOut, Trouble
from guichet.core.errors import GuichetError

Note = Callable[[str, Mapping[str, str]], None]
_T = TypeVar("_T")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for TwiML: an absolute URL (as the carrier sees it), a method and its own fields."""

    url: str
    method: str
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: str


@dataclass(frozen=True, slots=True)
class _Request:
    """An Ask on its way: its path for the log, and the token that a retry repeats."""

    ask: Ask
    path: str
    token: str
    note: Note


class WebhookFailed(GuichetError):
    """The gateway could not be asked, or its answer is no answer; `code` is Twilio's."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Signer:
    """The secret and the scheme that webhooks are signed with."""

    token: str
    scheme: signing.Scheme = signing.Scheme.SHA1

    def headers(self, url: str, form: Mapping[str, str], trouble: Trouble | None = None) -> dict[str, str]:
        """Return the signature's headers; a corrupt one is made with another token."""
        token = "not-" + self.token if isinstance(trouble, Corrupt) else self.token
        return signing.headers(token, url.split("#", 1)[0], form, self.scheme)


class Webhooks:
    """Sends requests to the gateway and knows which are still under way."""

    def __init__(
        self, session: aiohttp.ClientSession, address: Address, signer: Signer, mischief: Mischief, patience: float
    ) -> None:
        self.address = address
        self.signer = signer
        self.mischief = mischief
        self._session = session
        self._timeout = aiohttp.ClientTimeout(total=patience)
        self._under_way: set[asyncio.Task[Any]] = set()
        self._queues: dict[str, asyncio.Task[None]] = {}
        self._held: dict[str, Callable[[], Awaitable[None]]] = {}

    def ask(self, ask: Ask, note: Note) -> "asyncio.Task[Answer]":
        """Begin to ask for TwiML (raises WebhookFailed when awaited); shield it: a request once sent is finished."""
        return self._start(self._ask(ask, note))

    def tell(self, ask: Ask, note: Note, chain: str) -> None:
        """Send a callback behind the others of its chain; nobody waits for it and its answer does not matter."""

        async def send() -> None:
            try:
                await self._ask(ask, note, again=False)
            except WebhookFailed as failure:
                log.info("simulator_callback_failed", code=failure.code)

        self._queues[chain] = self._start(self._in_order(self._queues.get(chain), chain, ask, send))

    async def settled(self) -> None:
        """Wait until no request is under way."""
        for chain in list(self._held):
            await self._held.pop(chain)()
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    async def close(self) -> None:
        """Abandon what is under way."""
        for task in set(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _in_order(
        self, before: asyncio.Task[None] | None, chain: str, ask: Ask, send: Callable[[], Awaitable[None]]
    ) -> None:
        if before is not None:
            await asyncio.wait({before})
        if self.mischief.holds_back(self.address.path(ask.url)):
            self._held[chain] = send
            return
        await send()
        if (held := self._held.pop(chain, None)) is not None:
            await held()

    async def _ask(self, ask: Ask, note: Note, *, again: bool = True) -> Answer:
        path = self.address.path(ask.url)
        trouble = self.mischief.webhook(path)
        if isinstance(trouble, Delay):
            await asyncio.sleep(trouble.seconds)
        request = _Request(ask, path, secrets.token_hex(16), note)
        answer = await self._deliver(request, trouble, again=again)
        for _ in range(trouble.copies if isinstance(trouble, Repeat) else 0):
            answer = await self._deliver(request, None, again=again)
        if isinstance(trouble, TimeOut):
            raise WebhookFailed(11200, f"{path} did not answer in time")
        if answer.status in {301, 302, 303, 307, 308}:
            raise WebhookFailed(11200, f"{path} answered a redirection: Twilio would lose the parameters")
        if not 200 <= answer.status < 300:
            raise WebhookFailed(11200, f"{path} answered HTTP {answer.status}{_hint(answer.status)}")
        return answer

    async def _deliver(self, request: _Request, trouble: Trouble | None, *, again: bool) -> Answer:
        """Send once; a refused connection, and nothing else, is tried once more, as Twilio does by default."""
        if not isinstance(trouble, Drop):
            try:
                return await self._send(request, trouble)
            except aiohttp.ClientConnectorError:
                trouble = None
        elif again:
            trouble = self.mischief.webhook(request.path)
        if not again or isinstance(trouble, Drop):
            raise WebhookFailed(11205, f"{request.path} was lost on the way")
        try:
            return await self._send(request, trouble)
        except aiohttp.ClientConnectorError as error:
            raise WebhookFailed(11205, f"nobody listens at {self.address.local}") from error

    async def _send(self, request: _Request, trouble: Trouble | None) -> Answer:
        ask = request.ask
        url, form = ask.url, dict(ask.form)
        if ask.method == "GET":
            bare, _, fragment = url.partition("#")
            url = bare + ("&" if "?" in bare else "?") + urlencode(form) + (f"#{fragment}" if fragment else "")
            form = {}
        headers = self.signer.headers(url, form, trouble) | {
            "I-Twilio-Idempotency-Token": request.token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        body = None if ask.method == "GET" else urlencode(form)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        try:
            async with self._session.request(
                ask.method,
                URL(self.address.reach(url), encoded=True),
                data=body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                answer = Answer(response.status, response.content_type, await response.text())
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError) as error:
            raise WebhookFailed(11200, f"{request.path}: {type(error).__name__}") from error
        request.note(request.path, dict(ask.form) | {"status": str(answer.status), "twiml": answer.body})
        return answer

    def _start(self, work: Coroutine[object, object, _T]) -> "asyncio.Task[_T]":
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # looked at: its asker may have hung up meanwhile


def _hint(status: int) -> str:
    if status == 403:
        return " (signature refused: the auth token or the public URL differ from the gateway's)"
    return ""
