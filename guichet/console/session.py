"""A session: somebody's browser that has signed in, known by the digest of its cookie. Pure, but for `new_token`."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from guichet.console.account import AccountId

IDLE = timedelta(hours=1)
"""How long a session that does nothing stays open."""
LONGEST = timedelta(hours=12)
"""How long any session stays open: a day's work."""
HALF_OPEN = timedelta(minutes=10)
"""How long the second factor may take."""
SEEN_AGAIN = timedelta(minutes=1)
"""How old `seen_at` may be before it is written again."""


class Stage(StrEnum):
    """How far somebody has signed in: a code is to be given, an application to be set up, or was just set up."""

    SECOND_FACTOR = "second_factor"
    SETTING_UP = "setting_up"
    SET_UP = "set_up"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Session:
    """One browser. `offered` is the secret of a second factor that is being set up."""

    id: str
    account: AccountId
    stage: Stage
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str = ""
    user_agent: str = ""
    offered: str | None = field(default=None, repr=False)

    def is_alive(self, now: datetime) -> bool:
        """Whether it may still be used."""
        return now < self.expires_at and now - self.seen_at < IDLE

    def evolve(self, **changes: Any) -> "Session":
        """Return a copy with changes."""
        return replace(self, **changes)


def new_token() -> str:
    """Return what a cookie holds: 256 random bits."""
    return secrets.token_urlsafe(32)


def id_of(token: str) -> str:
    """Return the session's id for a cookie: what is kept opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """Return what every form of a browser carries: only who can read its pages knows it."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def is_own_form(token: str, given: str) -> bool:
    """Whether a form was made for that browser."""
    return hmac.compare_digest(form_token(token).encode(), given.encode())
