"""What `guichet doctor` looks at: each check by its name, with the way to mend what it finds."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import aiohttp

from guichet.carrier.rest import TwilioCarrier
from guichet.core.errors import BadInput, Unavailable
from guichet.core.language import Language
from guichet.gateway.console_examination import LOCAL, console_checks
from guichet.gateway.health import Check, examine
from guichet.gateway.relay import RqHand
from guichet.gateway.services import Books, carrier_settings, open_database
from guichet.gateway.settings import Settings, make_writable
from guichet.gateway.worker import redis_url
from guichet.transcripts.model_files import model_folder


async def examination(settings: Settings) -> Mapping[str, str]:
    """Return each check's fault; an empty one is well."""
    models = {f"speech model {language}": _model(settings, language) for language in settings.languages}
    checks: dict[str, Check] = {
        "data folder": lambda: asyncio.to_thread(make_writable, settings.data_dir),
        "rule book and intent book": lambda: asyncio.to_thread(_books, settings),
        "database": lambda: _database(settings),
        "redis": lambda: _redis(settings),
        **models,
        "carrier account": lambda: _carrier(settings),
        "public address": lambda: _public(settings),
        **console_checks(settings),
    }
    return (await examine(checks)).faults


def _books(settings: Settings) -> None:
    Books.read(settings)


async def _database(settings: Settings) -> None:
    async with open_database(settings) as database:
        await database.check()


async def _redis(settings: Settings) -> None:
    hand = RqHand(redis_url(settings))
    try:
        await hand.check()
    finally:
        hand.close()


def _model(settings: Settings, language: Language) -> Check:
    async def check() -> None:
        if model_folder(settings.models_dir, language) is None:
            raise Unavailable(f"callers use the keys; run `guichet models install {language}`")

    return check


async def _carrier(settings: Settings) -> None:
    carrier = TwilioCarrier(carrier_settings(settings))
    try:
        await carrier.check()
    finally:
        await carrier.close()


async def _public(settings: Settings) -> None:
    """Ask ourselves through the public address, as the carrier would."""
    address = urlsplit(settings.public_url)
    if address.scheme != "https" and address.hostname not in LOCAL:
        raise BadInput("the carrier streams audio to wss:// only: PUBLIC_URL must be https")
    timeout = aiohttp.ClientTimeout(total=2.5)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{settings.public_url}/healthz") as got,
        ):
            status = got.status
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unavailable(
            f"{settings.public_url} does not answer ({type(error).__name__}): start `guichet serve`, "
            "and check the proxy and its certificate"
        ) from None
    if status != 200:
        raise Unavailable(f"{settings.public_url}/healthz answers {status}: does the proxy lead to `guichet serve`?")
