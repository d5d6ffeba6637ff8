"""The port to where the versions of a book are kept (the rule book's, the intent book's). Pure."""

from datetime import datetime
from typing import Protocol

from guichet.routing.rule_version import RuleVersion


class RuleVersionStore(Protocol):
    """Versions with their texts, inside the current transaction; nothing is ever changed but a withdrawal."""

    async def add(self, version: RuleVersion, text: str) -> None:
        """Keep a new version. Raises Conflict when its number is taken."""
        ...

    async def all(self) -> tuple[RuleVersion, ...]:
        """Return every version, latest publication first."""
        ...

    async def text(self, number: int) -> str:
        """Return the text of a version. Raises NotFound."""
        ...

    async def in_force(self, now: datetime) -> RuleVersion | None:
        """Return the version in force at a moment; None before the first."""
        ...

    async def withdraw(self, number: int, now: datetime) -> bool:
        """Note that a version whose moment is to come never comes into force; say whether it was so."""
        ...
