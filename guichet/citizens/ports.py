"""What the citizens' services need of a transaction."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from guichet.citizens.store import CitizenStore


class Unit(Protocol):
    """The stores used in one transaction; leaving it commits, an exception rolls back."""

    @property
    def citizens(self) -> CitizenStore:
        """The record."""
        ...


Begin = Callable[[], AbstractAsyncContextManager[Unit]]
"""Opens a transaction."""
