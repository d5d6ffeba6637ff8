"""What happened with a citizen, on every channel, in order: for agents, and for the right of access. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Happening(StrEnum):
    """What an entry of a history is."""

    CONTACT = "contact"
    REQUEST = "request"
    CHANGE = "change"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened: what, when, its id, and what is to be told of it (plain values, texts masked)."""

    at: datetime
    what: Happening
    id: str
    told: dict[str, Any] = field(default_factory=dict)


_ORDER = tuple(Happening)


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return entries as they happened; of one moment the cause comes first."""
    return tuple(sorted(entries, key=lambda entry: (entry.at, _ORDER.index(entry.what), entry.id)))
