"""A contact: one call or one SMS conversation, with its decision file. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from guichet.core.ids import CitizenId, ContactId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber


class Channel(StrEnum):
    """How a citizen reaches us."""

    VOICE = "voice"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Contact:
    """One call or one conversation.

    `carrier_id` is the CallSid, or the first MessageSid. `outcome` is empty until decided (`callback`, `agent`,
    `answer`, `emergency`, `closed`, `abandoned`, `opt_out`…). `file` is the decision file: plain JSON values, one key
    a subject (`heard`, `citizen`, `intent`, `decision`), no number and no digit of the citizen. `listened` and `cpu`
    are the seconds of audio that were listened to and the CPU seconds that took: `ContactStore.spend` adds to them.
    """

    id: ContactId
    channel: Channel
    carrier_id: str
    line: PhoneNumber
    caller: PhoneNumber | None
    language: Language
    started_at: datetime
    ended_at: datetime | None = None
    citizen: CitizenId | None = None
    intent: str | None = None
    outcome: str = ""
    request: RequestId | None = None
    file: dict[str, Any] = field(default_factory=dict)
    listened: float = 0.0
    cpu: float = 0.0

    def evolve(self, **changes: Any) -> "Contact":
        """Return a copy with changes."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Spent:
    """What hearing some calls has cost: their number, seconds of audio listened to, CPU seconds."""

    calls: int = 0
    listened: float = 0.0
    cpu: float = 0.0
