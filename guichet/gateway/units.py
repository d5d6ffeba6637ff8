"""One transaction as every feature sees it: all stores on one connection."""

from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.clock import Clock
from guichet.gateway.outbox import SqlOutbox


class SqlUnit:
    """The stores of one SQL transaction; it satisfies the `Unit` protocol of each feature."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self.connection = connection
        self._clock = clock

    @cached_property
    def jobs(self) -> SqlOutbox:
        """The outbox."""
        return SqlOutbox(self.connection, self._clock)
