"""A mandate: the right of a helper, relative or guardian to speak for a citizen. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber
from guichet.core.text import fold


class Role(StrEnum):
    """What somebody is to the person they speak for."""

    RELATIVE = "relative"
    GUARDIAN = "guardian"
    SOCIAL_WORKER = "social_worker"
    CARER = "carer"


@dataclass(frozen=True, slots=True)
class Mandate:
    """The right to speak for `citizen`.

    The holder is a citizen too (`holder`), or somebody from outside, known by `holder_name` and `holder_phone`.
    `scope` are the matters it is for, every matter when empty; `until` is its last day; `proof` names the paper that
    gives it. One that the source no longer has ended at `left_at`.
    """

    citizen: CitizenId
    role: Role
    holder: CitizenId | None = None
    holder_name: str = ""
    holder_phone: PhoneNumber | None = None
    scope: tuple[str, ...] = ()
    until: date | None = None
    proof: str = ""
    left_at: datetime | None = None

    @property
    def key(self) -> str:
        """What tells it from the other mandates of the same citizen: who holds it, and as what."""
        return f"{self.holder or fold(self.holder_name)}|{self.role.value}"[:300]

    def is_in_force(self, day: date) -> bool:
        """Whether it holds on that day, its last one included."""
        return self.left_at is None and (self.until is None or day <= self.until)

    def covers(self, matter: str | None) -> bool:
        """Whether it is for a matter; a matter that is not known yet needs a mandate for all of them."""
        return not self.scope or matter in self.scope
