"""Signing in through a provider of identities: OpenID Connect, code flow with PKCE (ProConnect, or any other).

begin -> the provider's page -> finish: the code is exchanged, the ID token checked, the login read from its claim.

What must come back is kept in a cookie of the browser that began: state, nonce and verifier. Sources: OpenID Connect
Core 1.0 (3.1), RFC 7636; ProConnect answers /userinfo with a signed token instead of JSON.
"""

import asyncio
import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import jwt

from guichet.core.clock import Clock
from guichet.core.errors import Forged, Unavailable

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a public key: a provider's secret never signs what we believe."""
LEEWAY = timedelta(minutes=2)
KEPT_FOR = timedelta(hours=1)
_SECONDS = aiohttp.ClientTimeout(total=8)
_LARGEST = 1 << 18


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as the settings name it; `claim` names the login (`email`)."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    claim: str = "email"
    scope: str = "openid email"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the browser that signs in keeps until it comes back."""

    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider has recognised: its own id of them, unique, and the login that the claim names."""

    openid: str
    login: str


class OpenId:
    """Speaks with one provider; its addresses and keys are remembered for an hour."""

    def __init__(self, provider: Provider, clock: Clock) -> None:
        self._provider = provider
        self._clock = clock
        self._found: dict[str, Any] = {}
        self._keys: dict[str, jwt.PyJWK] = {}
        self._until = clock.now()
        self._turn = asyncio.Lock()

    async def begin(self) -> tuple[str, Beginning]:
        """Return the address of the provider's page, and what the browser keeps. Raises Unavailable."""
        found = await self._discover()
        kept = Beginning(*(secrets.token_urlsafe(32) for _ in range(3)))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(kept.verifier.encode()).digest()).rstrip(b"=").decode()
        wanted = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": self._provider.redirect_uri,
            "scope": self._provider.scope,
            "state": kept.state,
            "nonce": kept.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        page = str(found["authorization_endpoint"])
        return f"{page}{'&' if '?' in page else '?'}{urlencode(wanted)}", kept

    async def finish(self, answer: Mapping[str, str], kept: Beginning) -> Identity:
        """Return who has come back. Raises Forged for an answer that cannot be believed, Unavailable."""
        if not secrets.compare_digest(answer.get("state", "").encode(), kept.state.encode()):
            raise Forged("this answer belongs to no sign-in of this browser")
        if "code" not in answer:
            raise Forged("the provider of identities let nobody in")
        found = await self._discover()
        async with aiohttp.ClientSession(timeout=_SECONDS) as http:
            tokens = await self._exchange(http, str(found["token_endpoint"]), answer["code"], kept.verifier)
            claims = await self._checked(str(tokens.get("id_token", "")))
            if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), kept.nonce.encode()):
                raise Forged("this identity was not asked for by this browser")
            if self._provider.claim not in claims and "userinfo_endpoint" in found:
                told = await self._user(http, str(found["userinfo_endpoint"]), str(tokens.get("access_token", "")))
                if told.get("sub") != claims["sub"]:
                    raise Forged("the provider speaks of two people")
                claims = {**told, **claims}
        if claims.get("email_verified") is False and self._provider.claim == "email":
            raise Forged("the provider has not verified this address")
        login = claims.get(self._provider.claim)
        if not isinstance(login, str) or not login:
            raise Forged(f"the provider tells no '{self._provider.claim}': see OPENID_CLAIM")
        return Identity(f"{self._provider.issuer} {claims['sub']}"[:400], login)

    async def _discover(self) -> dict[str, Any]:
        """Return the provider's own description, and read its keys."""
        async with self._turn:
            if self._found and self._clock.now() < self._until:
                return self._found
            await self._read_keys()
            return self._found

    async def _read_keys(self) -> None:
        issuer = self._provider.issuer.rstrip("/")
        async with aiohttp.ClientSession(timeout=_SECONDS) as http:
            found = await _json(http, f"{issuer}/.well-known/openid-configuration")
            if str(found.get("issuer", "")).rstrip("/") != issuer:
                raise Unavailable("the provider of identities calls itself otherwise: see OPENID_ISSUER")
            keys = await _json(http, str(found.get("jwks_uri", "")))
        try:
            known = jwt.PyJWKSet.from_dict(keys)
        except (jwt.PyJWTError, KeyError) as error:
            raise Unavailable("the provider of identities shows no keys") from error
        self._keys = {str(key.key_id): key for key in known.keys}
        self._found, self._until = found, self._clock.now() + KEPT_FOR

    async def _exchange(self, http: aiohttp.ClientSession, address: str, code: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._provider.redirect_uri,
            "client_id": self._provider.client_id,
            "client_secret": self._provider.client_secret,
            "code_verifier": verifier,
        }
        return await _json(http, address, form)

    async def _user(self, http: aiohttp.ClientSession, address: str, access: str) -> dict[str, Any]:
        """Return what the provider tells of somebody: JSON, or a signed token."""
        try:
            async with http.get(address, headers={"Authorization": f"Bearer {access}"}) as answer:
                text = (await _whole(answer)).decode()
                if answer.status != 200:
                    raise Forged("the provider tells nothing of this person")
                if answer.content_type == "application/jwt":
                    return await self._checked(text, is_told=True)
                told = json.loads(text)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Unavailable("the provider of identities does not answer") from error
        return told if isinstance(told, dict) else {}

    async def _checked(self, token: str, *, is_told: bool = False) -> dict[str, Any]:
        """Return the claims of a token: signed by the provider, for us, and of now."""
        try:
            key = await self._key(str(jwt.get_unverified_header(token).get("kid")))
            needed = ["iss", "aud", "sub"] if is_told else ["iss", "aud", "sub", "exp", "iat"]
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self._provider.client_id,
                options={"require": needed, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
        except jwt.PyJWTError as error:
            raise Forged("the identity is not signed as it should be") from error
        if str(claims["iss"]).rstrip("/") != self._provider.issuer.rstrip("/"):
            raise Forged("the identity comes from somebody else")
        now = self._clock.now().timestamp()
        if not is_told and not now - LEEWAY.total_seconds() < float(claims["exp"]):
            raise Forged("the identity is out of date")
        return claims

    async def _key(self, name: str) -> jwt.PyJWK:
        """Return a key by its name; one that is not known yet is looked up once."""
        if name not in self._keys:
            async with self._turn:
                await self._read_keys()
        if name not in self._keys:
            raise Forged("the identity is signed with a key that the provider does not show")
        return self._keys[name]


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    """Read an answer of a size that a provider's has. Raises ValueError for a longer one."""
    read = b""
    async for chunk in answer.content.iter_chunked(1 << 14):
        read += chunk
        if len(read) > _LARGEST:
            raise ValueError("this answer is too long")
    return read


async def _json(http: aiohttp.ClientSession, address: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Ask the provider for JSON. Raises Unavailable; Forged where it refuses a code."""
    try:
        # A redirect would carry our secret elsewhere.
        method = "GET" if form is None else "POST"
        async with http.request(method, address, data=form, allow_redirects=form is None) as answer:
            if form is not None and 300 <= answer.status < 500:
                raise Forged("the provider does not know this code")
            answer.raise_for_status()
            told = json.loads(await _whole(answer))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise Unavailable("the provider of identities does not answer: see OPENID_ISSUER") from error
    if not isinstance(told, dict):
        raise Unavailable("the provider of identities does not answer as one")
    return told
