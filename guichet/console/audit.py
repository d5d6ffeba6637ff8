"""The audit trail: who saw, changed, exported or published what, and when. Nothing in it is ever changed.

An entry is noted in the transaction of what it tells: what was not done is not in the trail, what was done is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from guichet.core.ids import new_id

MOST = 200
"""Entries that one look returns at most."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done.

    `actor` is `account:ID`, `token:ID`, `command` (the command line) or `system`; `action` two words such as
    `citizen.seen` or `rules.published`; `subject` what it was done to, such as `citizen:ID` (empty: nothing in
    particular). `detail` holds plain JSON values: ids and outcomes, never names, numbers, words or secrets.
    """

    at: datetime
    actor: str
    action: str
    subject: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: new_id("aud"))


@dataclass(frozen=True, slots=True)
class Look:
    """Which entries are wanted; what is empty does not matter.

    `action` is a whole action, or its first word with the dot (`citizen.`). `since` is included, `until` is not;
    `before` is the last id of the page before.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: str = ""
    limit: int = 50


class AuditStore(Protocol):
    """Keeps the trail, inside the current transaction."""

    async def note(self, entry: Entry) -> None:
        """Add an entry."""
        ...

    async def find(self, look: Look) -> Sequence[Entry]:
        """Return the entries wanted, latest first, MOST at most."""
        ...


def is_wanted(entry: Entry, look: Look) -> bool:
    """Say whether an entry is looked for."""
    return (
        look.actor in ("", entry.actor)
        and _is_action(entry.action, look.action)
        and look.subject in ("", entry.subject)
        and (look.since is None or entry.at >= look.since)
        and (look.until is None or entry.at < look.until)
        and (not look.before or entry.id < look.before)
    )


def _is_action(action: str, wanted: str) -> bool:
    return action.startswith(wanted) if wanted.endswith(".") else wanted in ("", action)


class MemoryAuditStore:
    """The twin in memory."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    async def note(self, entry: Entry) -> None:
        """Add an entry."""
        self._entries.append(entry)

    async def find(self, look: Look) -> Sequence[Entry]:
        """Return the entries wanted, latest first."""
        found = sorted((one for one in self._entries if is_wanted(one, look)), key=lambda one: one.id, reverse=True)
        return found[: min(look.limit, MOST)]
