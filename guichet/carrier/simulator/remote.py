"""Drive a simulator that runs elsewhere, over its control API."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from guichet.carrier.simulator.control_words import write_action
from guichet.carrier.simulator.credentials import basic
from guichet.carrier.simulator.parties import Action
from guichet.core.errors import BadInput, Unavailable

Lines = AsyncIterator[dict[str, Any]]
_FOR_EVER = aiohttp.ClientTimeout(total=None, sock_connect=5)


class NobodyThere(Unavailable):
    """Nothing listens at the carrier's address."""


class RemoteSimulator:
    """A simulator at an address; its answers are the lines of `control`."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def check(self) -> None:
        """Make sure that it is a simulator; raises NobodyThere, or BadInput for another carrier or credentials."""
        try:
            async with self._session.get(f"{self._url}/simulator/") as response:
                if response.status == 401:
                    raise BadInput(
                        f"the simulator at {self._url} has another account: "
                        "check GUICHET_TWILIO_ACCOUNT_SID and GUICHET_TWILIO_AUTH_TOKENS"
                    )
                if response.status != 200 or "simulator" not in await response.json(content_type=None):
                    raise BadInput(f"GUICHET_TWILIO_API_URL ({self._url}) is no simulator; unset it to start one here")
        except aiohttp.ClientConnectorError as error:
            raise NobodyThere(f"nobody listens at {self._url}; start `guichet simulator` there") from error
        except (aiohttp.ClientError, TimeoutError, json.JSONDecodeError) as error:
            raise BadInput(f"GUICHET_TWILIO_API_URL ({self._url}) is no simulator: {type(error).__name__}") from error

    def call(self, from_: str, to: str, actions: Sequence[Action]) -> Lines:
        """Place a citizen's call; leaving early hangs up."""
        body = {"from": from_, "to": to, "actions": [write_action(action) for action in actions]}
        return self._lines("/simulator/calls", body)

    def text(self, message: tuple[str, str, str], wait: float) -> Lines:
        """Send a citizen's text (from, to, body) and watch for answers so many seconds."""
        from_, to, body = message
        return self._lines("/simulator/texts", {"from": from_, "to": to, "body": body, "wait": wait})

    async def _lines(self, path: str, body: Mapping[str, object]) -> Lines:
        try:
            async with self._session.post(self._url + path, json=body, timeout=_FOR_EVER) as response:
                if response.status >= 400:
                    raise BadInput(f"the simulator refused: {(await response.json())['message']}")
                async for line in response.content:
                    yield json.loads(line)
        except aiohttp.ClientError as error:
            raise Unavailable(f"the simulator at {self._url} went away ({type(error).__name__})") from error


@asynccontextmanager
async def connect(url: str, account: str, token: str) -> AsyncIterator[RemoteSimulator]:
    """Open a checked connection to a running simulator."""
    limits = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(headers=basic(account, token), timeout=limits, read_bufsize=2**22) as session:
        remote = RemoteSimulator(session, url.rstrip("/"))
        await remote.check()
        yield remote
