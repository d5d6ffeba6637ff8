"""What agents write while they work a case: notes, drafts, outcomes with their next step, calls for help. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from guichet.console.account import AccountId
from guichet.core.ids import RequestId


class Outcome(StrEnum):
    """How a case ended, for whoever looks at it next."""

    ANSWERED = "answered"
    FORWARDED = "forwarded"
    LATER = "later"
    NOT_REACHED = "not_reached"
    NO_NEED = "no_need"


class Flag(StrEnum):
    """What an agent tells at once."""

    HELP = "help"


@dataclass(frozen=True, slots=True)
class Note:
    """What an agent wrote down about a case, for colleagues."""

    id: str
    request: RequestId
    account: AccountId
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody has begun to type about a case, by the names of the fields."""

    account: AccountId
    request: RequestId
    changed_at: datetime
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Concluded:
    """How a case ended: the outcome, what comes next and by when (`follow_up`), until somebody settles it."""

    id: str
    request: RequestId
    account: AccountId
    at: datetime
    outcome: Outcome
    next_step: str = ""
    follow_up: date | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag that was raised about a case, and who settled it."""

    id: str
    kind: Flag
    request: RequestId
    account: AccountId
    at: datetime
    settled_at: datetime | None = None
    settled_by: AccountId | None = None
