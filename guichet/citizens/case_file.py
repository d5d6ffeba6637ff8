"""A file that the administration keeps on a citizen's matter. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file: its number, what it is about and where it stands, in the administration's words."""

    number: str
    kind: str = ""
    state: str = ""
    left_at: datetime | None = None
