"""Proof that a webhook or a media handshake comes from the carrier. Pure.

Twilio signs the URL it was configured with and every form field, sorted, names and values joined
(https://www.twilio.com/docs/usage/webhooks/webhooks-security), with HMAC-SHA1 and the account's auth token, or, on
newer accounts, with HMAC-SHA256 and a shared key; the header X-Twilio-Webhooks-Signature-Settings says which.

The check is our own rather than twilio's RequestValidator, which raises TypeError on a missing header and on a text
body without bodySHA256, never tries port 443 for wss, and knows one token only; the tests hold both to the same
signatures.
"""

import hashlib
import hmac
from binascii import b2a_base64
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import (  # type: ignore[import-untyped]
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    get_signature_algorithm,
)

from guichet.core.errors import BadInput, Forged

DIGESTS: Mapping[str, str] = {HMAC_SHA1: "sha1", HMAC_SHA256: "sha256"}
DEFAULT_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}
SECURE = {"https": "wss", "http": "wss"}
"""Media streams are wss whatever the webhooks are (a developer's http address included)."""


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """Return the value of X-Twilio-Signature by HMAC-SHA1, as the carrier would send it."""
    return _digest(token.encode(), _signed_text(url, form.items()), "sha1").decode()


def sign_sha256(token: str, url: str, form: Mapping[str, str]) -> str:
    """Return the value of X-Twilio-Signature by HMAC-SHA256; send `settings_header` along."""
    return _digest(token.encode(), _signed_text(url, form.items()), "sha256").decode()


def settings_header(key: str = "webhooks_sharedkey_simulated", algorithm: str = HMAC_SHA256) -> dict[str, str]:
    """Return the header that tells which algorithm has signed."""
    return {SIGNATURE_SETTINGS_HEADER: f"key={key},algorithm={algorithm}"}


class SignatureCheck:
    """Checks what claims to come from the carrier.

    `tokens` are the auth tokens or shared keys that may have signed (two during a rotation; a region has its own);
    `public_url` is the address configured at the carrier: never taken from a request's headers.
    """

    def __init__(self, tokens: Sequence[str], public_url: str) -> None:
        if not any(tokens):
            raise BadInput("no auth token to check signatures with; set GUICHET_TWILIO_AUTH_TOKENS")
        # The first block of an HMAC is the key's: hashed once, and copied for each signature.
        self._keys = {
            digest: tuple(hmac.new(token.encode(), digestmod=digest) for token in tokens if token)
            for digest in DIGESTS.values()
        }
        address = urlsplit(public_url)
        if (
            address.scheme not in SECURE
            or not address.hostname
            or address.query
            or address.fragment
            or address.username
        ):
            raise BadInput("the public URL is https://host[:port][/path], without query, fragment or user")
        self._webhook_bases = _spellings(public_url)
        self._stream_bases = _spellings(f"{SECURE[address.scheme]}{public_url[len(address.scheme) :]}")

    def __repr__(self) -> str:
        return f"SignatureCheck({self._webhook_bases[0].decode()}, {len(self._keys['sha1'])} tokens)"

    def webhook(self, path_qs: str, headers: Mapping[str, str], form: Mapping[str, str]) -> None:
        """Check a form webhook; `path_qs` is path and query exactly as sent. Raises Forged."""
        self.fields(path_qs, headers, form.items())

    def fields(self, path_qs: str, headers: Mapping[str, str], pairs: Iterable[tuple[str, str]]) -> None:
        """Check a form webhook by its pairs, repeated fields included. Raises Forged."""
        self._check(self._webhook_bases, _signed_text(path_qs, pairs), headers)

    def body(self, path_qs: str, headers: Mapping[str, str], body: bytes) -> None:
        """Check a JSON webhook, whose URL carries the body's SHA-256 as `bodySHA256`. Raises Forged."""
        named = parse_qs(path_qs.partition("?")[2]).get("bodySHA256", [""])[0]
        if not hmac.compare_digest(named.lower().encode(), hashlib.sha256(body).hexdigest().encode()):
            raise Forged("the body is not the one that was signed")
        self._check(self._webhook_bases, path_qs.encode(), headers)

    def stream(self, path: str, headers: Mapping[str, str]) -> None:
        """Check a media handshake, signed over its wss URL without fields. Raises Forged."""
        self._check(self._stream_bases, path.encode(), headers)

    def _check(self, bases: tuple[bytes, ...], rest: bytes, headers: Mapping[str, str]) -> None:
        """Compare the header with each spelling of the URL and each token, in constant time."""
        given = _header(headers, SIGNATURE_HEADER)
        if not given:
            raise Forged("there is no signature")
        algorithm = get_signature_algorithm(_header(headers, SIGNATURE_SETTINGS_HEADER)).upper()
        digest = DIGESTS.get(algorithm)
        if digest is None:
            raise Forged("the signature's algorithm is not known; a newer Guichet may know it")
        signature = given.encode("utf-8", "replace")
        for key in self._keys[digest]:
            for base in bases:
                mac = key.copy()
                mac.update(base + rest)
                if hmac.compare_digest(b2a_base64(mac.digest(), newline=False), signature):
                    return
        raise Forged("the signature does not hold; check the auth tokens and the public URL")


def _signed_text(url: str, pairs: Iterable[tuple[str, str]]) -> bytes:
    """Join the URL and the fields by name, then value; an exact repetition counts once, as at Twilio."""
    return (url + "".join(chain.from_iterable(sorted(set(pairs))))).encode("utf-8", "replace")


def _digest(token: bytes, text: bytes, digest: str) -> bytes:
    """Return the signature in base64."""
    return b2a_base64(hmac.digest(token, text, digest), newline=False)


def _header(headers: Mapping[str, str], name: str) -> str | None:
    """Return a header from a case-insensitive mapping, or from a plain one in Twilio's spelling or lower case."""
    return headers.get(name) or headers.get(name.lower())


def _spellings(url: str) -> tuple[bytes, ...]:
    """Return the ways Twilio may have spelt a base URL: as configured, without a port, with the scheme's own port."""
    address = urlsplit(url.rstrip("/"))
    host = address.netloc.rpartition(":")[0] if address.port else address.netloc
    port = address.port or DEFAULT_PORTS[address.scheme]
    bases = (
        f"{address.scheme}://{address.netloc}{address.path}",
        f"{address.scheme}://{host}{address.path}",
        f"{address.scheme}://{host}:{port}{address.path}",
    )
    return tuple(base.encode() for base in dict.fromkeys(bases))
