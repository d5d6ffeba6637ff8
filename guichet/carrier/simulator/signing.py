"""Sign webhooks and handshakes as Twilio does. Pure.

Source: https://www.twilio.com/docs/usage/security#validating-requests. Kept apart from `carrier.signature` on
purpose: a mistake made there must not be repeated here.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from enum import StrEnum


class Scheme(StrEnum):
    """The two ways an account signs."""

    SHA1 = "HMAC_SHA1"
    SHA256 = "HMAC_SHA256"


def signature(token: str, url: str, form: Mapping[str, str], scheme: Scheme = Scheme.SHA1) -> str:
    """Return base64(HMAC(token, URL + every field's name and value, sorted by name)); empty values count."""
    text = url + "".join(name + form[name] for name in sorted(form))
    digest = hashlib.sha1 if scheme is Scheme.SHA1 else hashlib.sha256
    return base64.b64encode(hmac.new(token.encode(), text.encode(), digest).digest()).decode()


def headers(token: str, url: str, form: Mapping[str, str], scheme: Scheme = Scheme.SHA1) -> dict[str, str]:
    """Return the headers that carry the signature; the SHA-256 scheme also names its algorithm."""
    signed = {"X-Twilio-Signature": signature(token, url, form, scheme)}
    if scheme is Scheme.SHA256:
        signed["X-Twilio-Webhooks-Signature-Settings"] = f"key=webhooks_sharedkey_simulator,algorithm={scheme.value}"
    return signed
