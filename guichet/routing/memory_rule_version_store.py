"""Versions of a book in memory: the twin of the SQL store, for tests."""

from dataclasses import replace
from datetime import datetime

from guichet.core.errors import Conflict, NotFound
from guichet.routing.rule_version import RuleVersion, in_force


class MemoryRuleVersionStore:
    """The versions, in a dictionary. No method awaits anything, so that each is atomic."""

    def __init__(self) -> None:
        self._versions: dict[int, RuleVersion] = {}
        self._texts: dict[int, str] = {}

    async def add(self, version: RuleVersion, text: str) -> None:
        """Keep a new version. Raises Conflict when its number is taken."""
        if version.number in self._versions:
            raise Conflict("somebody else has published meanwhile")
        self._versions[version.number], self._texts[version.number] = version, text

    async def all(self) -> tuple[RuleVersion, ...]:
        """Return every version, latest publication first."""
        return tuple(sorted(self._versions.values(), key=lambda one: -one.number))

    async def text(self, number: int) -> str:
        """Return the text of a version. Raises NotFound."""
        if number not in self._texts:
            raise NotFound(f"the book has no version {number}")
        return self._texts[number]

    async def in_force(self, now: datetime) -> RuleVersion | None:
        """Return the version in force at a moment."""
        return in_force(self._versions.values(), now)

    async def withdraw(self, number: int, now: datetime) -> bool:
        """Note that a version whose moment is to come never comes into force."""
        version = self._versions.get(number)
        if version is None or version.withdrawn_at is not None or version.in_force_at <= now:
            return False
        self._versions[number] = replace(version, withdrawn_at=now)
        return True
