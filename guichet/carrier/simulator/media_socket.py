"""A WebSocket of the carrier's to a media socket of the gateway: signed handshake, back pressure, clean or rude end."""

import asyncio
from collections.abc import Callable

import aiohttp

from guichet.carrier.simulator.address import Address
from guichet.carrier.simulator.webhooks import Signer
from guichet.core.errors import GuichetError

_HANDSHAKE_SECONDS = 10.0


class StreamRefused(GuichetError):
    """The handshake failed (Twilio 31920)."""


class MediaSocket:
    """One socket, with a session of its own so that it can be cut without a goodbye."""

    def __init__(self, session: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._session = session
        self._socket = socket
        self._pong = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None
        self.closed = asyncio.Event()
        self.messages = 0

    @classmethod
    async def open(cls, url: str, address: Address, signer: Signer) -> "MediaSocket":
        """Connect and sign as Twilio does; raises StreamRefused with the status."""
        session = aiohttp.ClientSession()
        headers = signer.headers(url, {}) | {"User-Agent": "Twilio.TmeWs/1.0"}
        try:
            async with asyncio.timeout(_HANDSHAKE_SECONDS):
                socket = await session.ws_connect(address.reach(url), headers=headers, autoping=False)
        except aiohttp.WSServerHandshakeError as error:
            await session.close()
            raise StreamRefused(f"31920: the media socket answered HTTP {error.status}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            await session.close()
            raise StreamRefused(f"31920: the media socket could not be opened ({type(error).__name__})") from error
        except BaseException:
            await session.close()
            raise
        return cls(session, socket)

    def listen(self, take: Callable[[str], None]) -> None:
        """Give every text message of the gateway's to `take` until the socket closes."""
        self._reader = asyncio.create_task(self._read(take))

    async def send(self, text: str) -> bool:
        """Send a message; False when the socket is closed."""
        if self.closed.is_set():
            return False
        try:
            await self._socket.send_str(text)
        except (ConnectionError, aiohttp.ClientError, RuntimeError):
            self.closed.set()
            return False
        return True

    async def catch_up(self, patience: float) -> bool:
        """Wait until the gateway has read what was sent (a ping comes back); False if it does not within `patience`."""
        if self.closed.is_set():
            return False
        self._pong.clear()
        try:
            await self._socket.ping()
        except (ConnectionError, aiohttp.ClientError, RuntimeError):
            self.closed.set()
            return False
        try:
            async with asyncio.timeout(patience):
                await self._pong.wait()
        except TimeoutError:
            return False
        return True

    async def cut(self) -> None:
        """Drop the connection without a word."""
        if self._reader is not None:
            self._reader.cancel()
        self.closed.set()
        await self._session.close()

    async def close(self) -> None:
        """Say goodbye and wait for the other side to."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        await self._socket.close()
        await self._session.close()
        self.closed.set()

    async def _read(self, take: Callable[[str], None]) -> None:
        try:
            while True:
                message = await self._socket.receive()
                match message.type:
                    case aiohttp.WSMsgType.TEXT:
                        self.messages += 1
                        take(message.data)
                    case aiohttp.WSMsgType.PING:
                        await self._socket.pong(message.data)
                    case aiohttp.WSMsgType.PONG:
                        self._pong.set()
                    case aiohttp.WSMsgType.BINARY:
                        take("")
                    case _:
                        return
        finally:
            self.closed.set()
            self._pong.set()
