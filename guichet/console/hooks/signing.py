"""The signature of what is sent: HMAC-SHA256 over id, moment and body, as Standard Webhooks has it. Pure.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from guichet.console.hooks.hook import SECRET_PREFIX
from guichet.core.errors import BadInput, Forged

TOLERANCE = timedelta(minutes=5)
"""How far the moment of a message may be from the receiver's clock: an old one is being played again."""


def signature(secret: str, message_id: str, moment: datetime, body: bytes) -> str:
    """Return `v1,` and the signature in base 64. Raises BadInput for a secret that is none."""
    signed = b".".join((message_id.encode(), str(int(moment.timestamp())).encode(), body))
    return "v1," + base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def headers(secret: str, message_id: str, moment: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers that a message carries."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature(secret, message_id, moment, body),
    }


def verify(secret: str, given: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Check a message as its receiver does. Raises Forged."""
    try:
        moment = datetime.fromtimestamp(int(given["webhook-timestamp"]), tz=now.tzinfo)
        wanted = signature(secret, given["webhook-id"], moment, body)
        signatures = given["webhook-signature"].split(" ")
    except (KeyError, ValueError, OverflowError):
        raise Forged("the message has no signature that can be read") from None
    if abs(now - moment) > TOLERANCE:
        raise Forged("the message is too old, or the clocks differ")
    if not any(hmac.compare_digest(wanted, one) for one in signatures):
        raise Forged("the signature does not hold")


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        raise BadInput("a signing secret is `whsec_` and base 64") from None
