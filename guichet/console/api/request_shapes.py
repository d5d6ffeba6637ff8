"""What is asked and answered about requests. Pure."""

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from guichet.callbacks.request import RequestKind, RequestState
from guichet.console.api.kinds import (
    USUAL_LIMIT,
    Limit,
    MaybeCursor,
    MaybeId,
    MaybeMoment,
    MaybeShort,
    Moment,
    Note,
    Phone,
    Short,
)
from guichet.core.language import Language


class RequestOrder(StrEnum):
    """How requests are listed: `place` is the one order in which open ones are served."""

    NEWEST = "newest"
    OLDEST = "oldest"
    PLACE = "place"


class RequestBrief(msgspec.Struct, frozen=True):
    """A request. A callback is not made before `not_before`, and was promised between `slot_at` and `slot_until`."""

    id: str
    reference: str
    kind: RequestKind
    state: RequestState
    citizen: str | None
    number: str | None
    callback_number: str | None
    line: str
    language: str
    intent: str
    queue: str
    priority: int
    opened_at: datetime
    target_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    agent: str | None
    reminders: int
    not_before: datetime | None
    slot_at: datetime | None
    slot_until: datetime | None


class RequestsPage(msgspec.Struct, frozen=True):
    """A page of requests."""

    items: tuple[RequestBrief, ...]
    next: str | None


class Why(msgspec.Struct, frozen=True):
    """A reason in both languages."""

    fr: str
    en: str


class PlaceShown(msgspec.Struct, frozen=True):
    """Where an open request stands: how many of its queue are served before it, and why it stands there."""

    ahead: int
    wait_minutes: int | None
    because: tuple[Why, ...]


class ChangeShown(msgspec.Struct, frozen=True):
    """A transition of a request, or of the attempt of that id; by whom, when and why."""

    at: datetime
    before: str
    after: str
    actor: str
    reason: str
    attempt: str | None


class AttemptShown(msgspec.Struct, frozen=True):
    """A try to reach an agent, and then the citizen."""

    id: str
    agent: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    result: str


class RequestShown(msgspec.Struct, frozen=True):
    """A request with all that happened to it; `place` is null once it has ended."""

    request: RequestBrief
    contacts: tuple[str, ...]
    place: PlaceShown | None
    changes: tuple[ChangeShown, ...]
    attempts: tuple[AttemptShown, ...]


class RequestsWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which requests; `since` and `until` are about when they were opened."""

    order: RequestOrder = RequestOrder.NEWEST
    open: bool | UnsetType = UNSET
    state: RequestState | UnsetType = UNSET
    kind: RequestKind | UnsetType = UNSET
    queue: MaybeShort = UNSET
    intent: MaybeShort = UNSET
    citizen: MaybeId = UNSET
    agent: MaybeId = UNSET
    reference: MaybeShort = UNSET
    since: MaybeMoment = UNSET
    until: MaybeMoment = UNSET
    limit: Limit = USUAL_LIMIT
    cursor: MaybeCursor = UNSET


class HowReached(StrEnum):
    """How somebody is answered."""

    CALLBACK = "callback"
    TEXT = "text"


class NewRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A demand of a citizen, or of somebody known by number alone; the rules give it its queue, urgency and target.

    `line` is the number of yours they are called from (the first of the rule book if left out); `contact` the call or
    conversation it came from, if there was one.
    """

    intent: Short
    kind: HowReached = HowReached.CALLBACK
    citizen: MaybeId = UNSET
    number: Phone | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    line: Phone | UnsetType = UNSET
    contact: MaybeId = UNSET


class RequestRef(msgspec.Struct, frozen=True):
    """Where a request stands after a change. `joined`: the person had asked before, and it is that request."""

    id: str
    reference: str
    state: RequestState
    joined: bool = False


class RequestChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be changed of a request that waits; what is left out stays.

    `slot_at` promises the slot that begins then (`/slots` lists them), null gives it back: called as soon as possible.
    `not_before` puts a callback off without promising a slot. `callback_number` is where to call, null their own.
    """

    slot_at: Moment | UnsetType | None = UNSET
    not_before: MaybeMoment = UNSET
    callback_number: Phone | UnsetType | None = UNSET


class Closing(StrEnum):
    """How a request is ended from outside: served elsewhere, or not wanted any more."""

    DONE = "done"
    CANCELLED = "cancelled"


class Close(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a request ends, and why (kept in its history: no name, no number)."""

    state: Closing
    reason: Note


class SlotShown(msgspec.Struct, frozen=True):
    """A slot for a callback; the end is outside."""

    starts: datetime
    ends: datetime
    free: bool


class SlotsShown(msgspec.Struct, frozen=True):
    """The slots of a request in the eight days to come."""

    items: tuple[SlotShown, ...]
