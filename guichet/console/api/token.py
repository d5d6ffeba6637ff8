"""Tokens: what opens the API to another system, and how far. Pure, but for the random part.

The secret is 256 random bits, so that its digest needs neither salt nor a slow function: nobody guesses it. A token
begins with `gct_`, which scanners of repositories can look for.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from guichet.core.errors import BadInput
from guichet.core.ids import new_id

PREFIX = "gct"
SEEN_EVERY = timedelta(minutes=1)
"""How exactly `last_used_at` is kept: reading must not mean a write each time."""
_WRITTEN = re.compile(r"gct_([0-9a-z]{26})_([A-Za-z0-9_-]{43})")


class Scope(StrEnum):
    """What a token may do. Writing does not include reading."""

    CITIZENS_READ = "citizens:read"
    CITIZENS_WRITE = "citizens:write"
    REQUESTS_READ = "requests:read"
    REQUESTS_WRITE = "requests:write"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    AGENTS_READ = "agents:read"
    AGENTS_WRITE = "agents:write"
    RULES_READ = "rules:read"
    RULES_WRITE = "rules:write"
    REPORTS_READ = "reports:read"
    HOOKS_READ = "hooks:read"
    HOOKS_WRITE = "hooks:write"

    @classmethod
    def parse(cls, text: str) -> "Scope":
        """Read a scope. Raises BadInput with those there are."""
        try:
            return cls(text)
        except ValueError:
            raise BadInput(f"there is no scope '{text}'; there are: {', '.join(cls)}") from None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as it is kept: of its secret there is the digest only."""

    id: str
    name: str
    digest: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def actor(self) -> str:
        """The name under which the audit trail has what it does."""
        return f"token:{self.id}"

    def opens(self, now: datetime) -> bool:
        """Whether it is good at a moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def matches(self, secret: str) -> bool:
        """Whether a secret is its own; takes as long for a wrong one."""
        return hmac.compare_digest(self.digest, digest_of(secret))

    def evolve(self, **changes: Any) -> "ApiToken":
        """Return a copy with changes."""
        return replace(self, **changes)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_token(
    name: str, scopes: frozenset[Scope], now: datetime, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token; return it with the text that opens the API, which nobody can show again.

    Raises BadInput without a name or a scope, or when it would have expired already.
    """
    if not name.strip() or len(name) > 200:
        raise BadInput("a token has a name of 1 to 200 letters that says who uses it")
    if not scopes:
        raise BadInput(f"a token has at least one scope; there are: {', '.join(Scope)}")
    if expires_at is not None and expires_at <= now:
        raise BadInput("the token would have expired already: give a moment to come")
    token_id, secret = new_id("tok"), secrets.token_urlsafe(32)
    token = ApiToken(token_id, name.strip(), digest_of(secret), scopes, now, expires_at)
    return token, f"{PREFIX}_{token_id.removeprefix('tok_')}_{secret}"


def read_token(text: str) -> tuple[str, str] | None:
    """Return the id and the secret of a written token; None for what is none."""
    written = _WRITTEN.fullmatch(text)
    return (f"tok_{written[1]}", written[2]) if written else None
