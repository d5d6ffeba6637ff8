"""HTTP Basic credentials, written and checked by hand: aiohttp's own helper comes and goes between versions. Pure."""

import base64
import binascii
import hmac


def basic(account: str, token: str) -> dict[str, str]:
    """Return the Authorization header."""
    return {"Authorization": "Basic " + base64.b64encode(f"{account}:{token}".encode()).decode()}


def knows(header: str | None, account: str, token: str) -> bool:
    """Return whether an Authorization header holds these credentials."""
    if header is None or not header.startswith("Basic "):
        return False
    try:
        given = base64.b64decode(header.removeprefix("Basic "), validate=True)
    except binascii.Error:
        return False
    return hmac.compare_digest(given, f"{account}:{token}".encode())
