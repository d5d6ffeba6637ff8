"""Fetch the files of <Play> from the gateway, signed, to know whether they exist and how long they last."""

import io
import wave
from dataclasses import dataclass

import aiohttp
from yarl import URL

from guichet.carrier.simulator.address import Address
from guichet.carrier.simulator.webhooks import Ask, Signer

_UNKNOWN_SECONDS = 3.0
_PATIENCE = aiohttp.ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class FetchedSound:
    """How long a file lasts; `error` is what Twilio would report instead of playing it."""

    seconds: float
    error: str | None = None


class Sounds:
    """Fetches each file once; those of strangers are not fetched and last three seconds."""

    def __init__(self, session: aiohttp.ClientSession, address: Address, signer: Signer) -> None:
        self._session = session
        self._address = address
        self._signer = signer
        self._known: dict[str, FetchedSound] = {}

    async def fetch(self, document: Ask, url: str) -> FetchedSound:
        """Return what is known of a file that a document names."""
        absolute = self._address.absolute(url, document.url)
        if absolute not in self._known:
            self._known[absolute] = await self._fetch(absolute)
        return self._known[absolute]

    async def _fetch(self, url: str) -> FetchedSound:
        path = self._address.below(url)
        if path is None:
            return FetchedSound(_UNKNOWN_SECONDS)
        try:
            async with self._session.get(
                URL(self._address.reach(url), encoded=True), headers=self._signer.headers(url, {}), timeout=_PATIENCE
            ) as response:
                if response.status != 200:
                    return FetchedSound(0.0, f"11200: <Play> of {path} answered HTTP {response.status}")
                if not response.content_type.startswith("audio/"):
                    return FetchedSound(0.0, f"12300: <Play> of {path} is {response.content_type}, not audio")
                return FetchedSound(_seconds(await response.read()))
        except (aiohttp.ClientError, TimeoutError) as error:
            return FetchedSound(0.0, f"11200: <Play> of {path}: {type(error).__name__}")


def _seconds(body: bytes) -> float:
    """Return how long a WAV file lasts; other formats count as three seconds."""
    try:
        with wave.open(io.BytesIO(body)) as file:
            return float(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError):
        return _UNKNOWN_SECONDS
