"""Who is told of what happens, and what they were told. Pure, but for the random part.

A delivery::

    waiting ──tell──> delivered            waiting ──tell──> waiting (later)   until the last try
       ^                                      └──────tell──> given_up ──redeliver──> waiting
       └────────────── redeliver ── delivered
"""

import base64
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from guichet.core.errors import BadInput

SECRET_PREFIX = "whsec_"  # noqa: S105  # the prefix of Standard Webhooks


class Topic(StrEnum):
    """What can happen."""

    REQUEST_OPENED = "request.opened"
    REQUEST_CHANGED = "request.changed"
    REQUEST_CLOSED = "request.closed"
    CONTACT_ENDED = "contact.ended"

    @classmethod
    def parse(cls, text: str) -> "Topic":
        """Read a topic. Raises BadInput with those there are."""
        try:
            return cls(text)
        except ValueError:
            raise BadInput(f"there is no topic '{text}'; there are: {', '.join(cls)}") from None


@dataclass(frozen=True, slots=True)
class Hook:
    """A subscription.

    `secret` signs what is sent; `failing_since` is when the last series of failures began, and nothing is tried before
    `rests_until`.
    """

    id: str
    url: str
    topics: frozenset[Topic]
    secret: str
    created_at: datetime
    failing_since: datetime | None = None
    rests_until: datetime | None = None
    disabled_at: datetime | None = None
    disabled_why: str = ""

    def __repr__(self) -> str:
        """Leave the secret out."""
        return f"Hook({self.id})"

    def evolve(self, **changes: Any) -> "Hook":
        """Return a copy with changes."""
        return replace(self, **changes)


class DeliveryStage(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one hook. `event` is the same for all hooks and tries: who has seen it need not act again.

    `status` is the last answer's (None: there was none), `error` says in one word what went wrong.
    """

    id: str
    hook: str
    event: str
    topic: Topic
    body: str
    state: DeliveryStage
    created_at: datetime
    due_at: datetime | None
    tries: int = 0
    tried_at: datetime | None = None
    status: int | None = None
    error: str = ""

    def evolve(self, **changes: Any) -> "Delivery":
        """Return a copy with changes."""
        return replace(self, **changes)

    def given_up(self, error: str) -> "Delivery":
        """Return it as it stands when nothing more is tried."""
        return replace(self, state=DeliveryStage.GIVEN_UP, due_at=None, error=error)


def new_secret() -> str:
    """Return a new signing secret: 256 random bits."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
