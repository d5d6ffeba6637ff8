"""The citizen record, and candidates for being the one who calls. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from guichet.core.ids import CitizenId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber


class PhoneKind(StrEnum):
    """Where a number rings."""

    MOBILE = "mobile"
    HOME = "home"
    WORK = "work"
    OTHER = "other"


class Preferred(StrEnum):
    """How a person would rather be reached."""

    VOICE = "voice"
    SMS = "sms"
    EMAIL = "email"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person in the administration's record. `external_id` is the administration's own key.

    `phone_kinds` are those of `phones`, in their order (empty where the source tells none); `shared_phones` are numbers
    that the source calls shared. Whoever left the source at `left_at` is kept, but no longer taken for a caller.
    """

    id: CitizenId
    external_id: str
    given_names: str
    birth_name: str
    usual_name: str = ""
    birth_date: date | None = None
    phones: tuple[PhoneNumber, ...] = ()
    email: str = ""
    address: str = ""
    postcode: str = ""
    town: str = ""
    language: Language | None = None
    never_call: bool = False
    birth_place: str = ""
    phone_kinds: tuple[PhoneKind, ...] = ()
    shared_phones: frozenset[PhoneNumber] = frozenset()
    other_emails: tuple[str, ...] = ()
    channel: Preferred | None = None
    notes: str = ""
    left_at: datetime | None = None

    @property
    def family_name(self) -> str:
        """The name they go by."""
        return self.usual_name or self.birth_name

    @property
    def full_name(self) -> str:
        """Given names and the name they go by."""
        return f"{self.given_names} {self.family_name}".strip()


class Item(StrEnum):
    """What a caller may be asked to tell who they are."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    POSTCODE = "postcode"
    FILE = "file_number"


@dataclass(frozen=True, slots=True)
class Answer:
    """The readings of one answer, best first. Asked twice, a caller gives two answers: each counts."""

    item: Item
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a caller: their number; readings of the name (best first), birth dates, postcodes, file numbers.

    Each of these readings is one answer; `answers` holds further ones, or all of them.
    """

    phone: PhoneNumber | None = None
    names: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()

    def heard(self, item: Item) -> tuple[tuple[str, ...], ...]:
        """Return the readings of each answer on an item, empty answers left out."""
        match item:
            case Item.NAME:
                first = self.names
            case Item.BIRTH_DATE:
                first = self.birth_dates
            case Item.POSTCODE:
                first = self.postcodes
            case Item.FILE:
                first = self.files
        further = (answer.readings for answer in self.answers if answer.item is item)
        return tuple(readings for readings in (first, *further) if any(reading.strip() for reading in readings))


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence, in plain words, and what it adds to or takes from the score."""

    text: Bilingual
    weight: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A citizen who may be the caller: score from 0 to 1, and why."""

    citizen: Citizen
    score: float
    because: tuple[Reason, ...]


class Certainty(StrEnum):
    """What may be made of the candidates."""

    SURE = "sure"
    CHECK = "check"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identification:
    """Candidates, best first, and how sure the first is.

    `separating` is what tells those who are close from each other (`separate.py`); None where nobody is close, or
    nothing does. `has_files` tells whether a file number can be asked for: whether anybody at all has one.
    """

    certainty: Certainty
    candidates: tuple[Candidate, ...] = ()
    separating: Item | None = None
    has_files: bool = False

    @property
    def best(self) -> Candidate | None:
        """The first candidate, if any."""
        return self.candidates[0] if self.candidates else None
