"""One import of the administration's data, as far as it has come: what a later one goes on from. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guichet.citizens.store import Saved


class Part(StrEnum):
    """What is imported, in this order: the later ones belong to people."""

    PEOPLE = "people"
    FILES = "files"
    MANDATES = "mandates"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a part of an import is: lines read, records saved, lines with a fault, records that left the source."""

    lines: int = 0
    saved: Saved = field(default_factory=Saved)
    faults: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class ImportRun:
    """An import: of which source, of what content (a digest), which part it is at, and each part's progress."""

    id: str
    source: str
    fingerprint: str
    part: Part
    progress: Mapping[Part, Progress]
    started_at: datetime
    changed_at: datetime
    ended_at: datetime | None = None
