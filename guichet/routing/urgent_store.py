"""The port to where urgent messages are kept. Pure."""

from datetime import datetime
from typing import Protocol

from guichet.routing.urgent import Urgent


class UrgentStore(Protocol):
    """Urgent messages, inside the current transaction; those of the past are kept."""

    async def add(self, message: Urgent) -> None:
        """Keep a new message."""
        ...

    async def up(self, now: datetime) -> tuple[Urgent, ...]:
        """Return the messages that are up at a moment, latest first."""
        ...

    async def all(self, limit: int = 100) -> tuple[Urgent, ...]:
        """Return the latest messages, latest first."""
        ...

    async def take_down(self, message_id: str, now: datetime) -> bool:
        """Take a message down; say whether it was up."""
        ...
