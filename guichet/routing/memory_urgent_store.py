"""Urgent messages in memory: the twin of the SQL store, for tests."""

from dataclasses import replace
from datetime import datetime

from guichet.routing.urgent import Urgent


class MemoryUrgentStore:
    """The messages, in a dictionary."""

    def __init__(self) -> None:
        self._messages: dict[str, Urgent] = {}

    async def add(self, message: Urgent) -> None:
        """Keep a new message."""
        self._messages[message.id] = message

    async def up(self, now: datetime) -> tuple[Urgent, ...]:
        """Return the messages that are up at a moment, latest first."""
        return tuple(one for one in await self.all() if one.is_up(now))

    async def all(self, limit: int = 100) -> tuple[Urgent, ...]:
        """Return the latest messages, latest first."""
        latest = sorted(self._messages.values(), key=lambda one: (one.put_up_at, one.id), reverse=True)
        return tuple(latest[:limit])

    async def take_down(self, message_id: str, now: datetime) -> bool:
        """Take a message down; say whether it was up."""
        message = self._messages.get(message_id)
        if message is None or not message.is_up(now):
            return False
        self._messages[message_id] = replace(message, taken_down_at=now)
        return True
