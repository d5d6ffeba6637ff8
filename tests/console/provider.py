"""A provider of identities on this machine: OpenID Connect as ProConnect speaks it, and with every lie."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from guichet.core.clock import Clock

CLIENT = "guichet"
SECRET = "shared"


@dataclass
class LocalProvider:
    """What it says, and how it lies when a test wants it to."""

    clock: Clock
    base: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "42", "email": "Awa@mairie.example"})
    told: dict[str, Any] = field(default_factory=dict)
    """What /userinfo tells, as a signed token."""
    lies: dict[str, Any] = field(default_factory=dict)
    """Claims of the ID token that are not what they should be; None leaves one out."""
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    signs_with: rsa.RSAPrivateKey | None = None
    asked: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def consent(self, address: str) -> dict[str, str]:
        """Be the page where somebody says yes; return what their browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def routes(self) -> list[web.RouteDef]:
        """Return its routes."""
        return [
            web.get("/.well-known/openid-configuration", self._describe),
            web.get("/jwks", self._keys),
            web.post("/token", self._token),
            web.get("/userinfo", self._user),
        ]

    async def _describe(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.base,
                "authorization_endpoint": f"{self.base}/authorize",
                "token_endpoint": f"{self.base}/token",
                "userinfo_endpoint": f"{self.base}/userinfo",
                "jwks_uri": f"{self.base}/jwks",
            }
        )

    async def _keys(self, _request: web.Request) -> web.Response:
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return web.json_response({"keys": [{**public, "kid": self.kid(self.key), "use": "sig", "alg": "RS256"}]})

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = self.codes.pop(str(form["code"]), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(form["code_verifier"]).encode()).digest())
        if (
            asked is None
            or form["client_secret"] != SECRET
            or challenge.rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = self.clock.now()
        claims = {
            "iss": self.base,
            "aud": CLIENT,
            "nonce": asked["nonce"],
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=1)).timestamp()),
            **self.claims,
            **self.lies,
        }
        return web.json_response({"access_token": "access", "id_token": self._signed(claims)})

    async def _user(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer access"
        claims = {"iss": self.base, "aud": CLIENT, "sub": self.claims["sub"], **self.told}
        return web.Response(text=self._signed(claims), content_type="application/jwt")

    def _signed(self, claims: dict[str, Any]) -> str:
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self.signs_with or self.key, "RS256", {"kid": self.kid(self.key)})

    @staticmethod
    def kid(key: rsa.RSAPrivateKey) -> str:
        """Return the name of a key."""
        return str(key.public_key().public_numbers().n % 10**9)


@asynccontextmanager
async def provider(clock: Clock) -> AsyncIterator[LocalProvider]:
    """Run one."""
    local = LocalProvider(clock)
    app = web.Application()
    app.add_routes(local.routes())
    async with TestServer(app) as server:
        local.base = str(server.make_url("")).rstrip("/")
        yield local
