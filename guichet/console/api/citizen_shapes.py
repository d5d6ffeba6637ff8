"""What is asked and answered about citizens. Pure."""

from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from guichet.citizens.citizen import Preferred
from guichet.console.api.kinds import USUAL_LIMIT, Day, Limit, Line, MaybeCursor, Name, Phone, Postcode, Text
from guichet.core.language import Language


class CitizenBrief(msgspec.Struct, frozen=True):
    """A person on record, in a list. Whoever left the administration's data has `left_at`."""

    id: str
    external_id: str
    given_names: str
    birth_name: str
    usual_name: str
    birth_date: date | None
    postcode: str
    town: str
    left_at: datetime | None


class CitizensPage(msgspec.Struct, frozen=True):
    """A page of citizens, in the order of their ids."""

    items: tuple[CitizenBrief, ...]
    next: str | None


class FileShown(msgspec.Struct, frozen=True):
    """A file of the administration's."""

    number: str
    kind: str
    state: str


class MandateShown(msgspec.Struct, frozen=True):
    """A right to speak for this citizen; `scope` empty: in every matter."""

    role: str
    holder: str | None
    holder_name: str
    scope: tuple[str, ...]
    until: date | None
    in_force: bool


class CitizenShown(msgspec.Struct, frozen=True):
    """A person on record. `external_id` is the administration's own key."""

    id: str
    external_id: str
    given_names: str
    birth_name: str
    usual_name: str
    birth_date: date | None
    birth_place: str
    phones: tuple[str, ...]
    email: str
    address: str
    postcode: str
    town: str
    language: str | None
    channel: str | None
    never_call: bool
    notes: str
    left_at: datetime | None
    files: tuple[FileShown, ...]
    mandates: tuple[MandateShown, ...]
    open_requests: tuple[str, ...]


class CitizensWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which citizens."""

    external_id: Name | UnsetType = UNSET
    limit: Limit = USUAL_LIMIT
    cursor: MaybeCursor = UNSET


class NewCitizen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody to be put on record; `external_id` is the administration's key, which nobody else has."""

    external_id: Name
    given_names: Name
    birth_name: Name
    usual_name: Line = ""
    birth_date: Day | None = None
    birth_place: Line = ""
    phones: tuple[Phone, ...] = ()
    email: Line = ""
    address: Line = ""
    postcode: Postcode = ""
    town: Line = ""
    language: Language | None = None
    channel: Preferred | None = None
    never_call: bool = False
    notes: Text = ""


class CitizenChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be changed; what is left out stays."""

    given_names: Name | UnsetType = UNSET
    birth_name: Name | UnsetType = UNSET
    usual_name: Line | UnsetType = UNSET
    birth_date: Day | UnsetType | None = UNSET
    birth_place: Line | UnsetType = UNSET
    phones: tuple[Phone, ...] | UnsetType = UNSET
    email: Line | UnsetType = UNSET
    address: Line | UnsetType = UNSET
    postcode: Postcode | UnsetType = UNSET
    town: Line | UnsetType = UNSET
    language: Language | UnsetType | None = UNSET
    channel: Preferred | UnsetType | None = UNSET
    never_call: bool | UnsetType = UNSET
    notes: Text | UnsetType = UNSET


class CitizenRef(msgspec.Struct, frozen=True):
    """Whom a change was about."""

    id: str


class Heard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of somebody; each list holds the readings of one answer, best first."""

    phone: Phone | UnsetType = UNSET
    names: tuple[Line, ...] = ()
    birth_dates: tuple[Line, ...] = ()
    postcodes: tuple[Line, ...] = ()
    files: tuple[Line, ...] = ()


class ReasonShown(msgspec.Struct, frozen=True):
    """A piece of evidence, and the bits it adds or takes."""

    fr: str
    en: str
    weight: float


class CandidateShown(msgspec.Struct, frozen=True):
    """Somebody who may be meant, with the chance that it is they, and why."""

    id: str
    external_id: str
    full_name: str
    score: float
    because: tuple[ReasonShown, ...]


class Candidates(msgspec.Struct, frozen=True):
    """Who may be meant, best first: `sure`, to `check`, or `unknown`."""

    certainty: str
    items: tuple[CandidateShown, ...]


class HappenedShown(msgspec.Struct, frozen=True):
    """Something that happened: a contact, a request, a change of one, a message. Texts are masked."""

    at: datetime
    what: str
    id: str
    told: dict[str, Any]


class HistoryShown(msgspec.Struct, frozen=True):
    """What happened with a citizen, first to last (the latest thousand of each kind)."""

    items: tuple[HappenedShown, ...]
