"""A text message of ours or of a citizen's. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from guichet.core.ids import ContactId, MessageId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber


class Direction(StrEnum):
    """Who wrote it."""

    IN = "in"
    OUT = "out"


class DeliveryState(StrEnum):
    """Where a message stands: ours from pending to an end, a citizen's is received."""

    RECEIVED = "received"
    PENDING = "pending"
    SENDING = "sending"
    IN_DOUBT = "in_doubt"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Message:
    """One text. `number` is the citizen's, `line` ours; `key` makes composing it twice harmless.

    `asked_at` is when the carrier was last asked to send it. Of ours, `encoding` and `parts` say how it travels and
    `cost` what that costs, in millionths of a unit of the `currency` (None: no price is known), before it is sent.
    Where the sender's rate is limited, or the hour is not decent, it is set to leave at `leaves_at`.
    """

    id: MessageId
    direction: Direction
    number: PhoneNumber
    line: PhoneNumber
    body: str
    language: Language
    state: DeliveryState
    created_at: datetime
    key: str
    carrier_id: str | None = None
    contact: ContactId | None = None
    request: RequestId | None = None
    parts: int = 1
    error: int | None = None
    asked_at: datetime | None = None
    encoding: str | None = None
    cost: int | None = None
    currency: str | None = None
    leaves_at: datetime | None = None

    def evolve(self, **changes: Any) -> "Message":
        """Return a copy with changes."""
        return replace(self, **changes)
