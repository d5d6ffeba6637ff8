"""What the citizens' services need of a transaction. Pure."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from guichet.citizens.citizen import Citizen
from guichet.citizens.erased import ErasedStore
from guichet.citizens.import_store import ImportStore
from guichet.citizens.record_store import RecordStore
from guichet.citizens.store import CitizenStore
from guichet.core.phone import PhoneNumber

T = TypeVar("T")
Find = Callable[[Sequence[str], int, PhoneNumber | None], tuple[Citizen, ...]]
"""Finds candidates by search keys and number, as `CitizenStore.candidates` does, in the thread that asks."""


class Quick(Protocol):
    """Finds candidates where the work is done, without a trip between the event loop and a thread for each step."""

    async def run(self, work: Callable[[Find], T]) -> T:
        """Do some work, off the loop, that finds candidates. Raises Unavailable."""
        ...


class Unit(Protocol):
    """The stores used in one transaction; leaving it commits, an exception rolls back."""

    @property
    def citizens(self) -> CitizenStore:
        """The record."""
        ...


Begin = Callable[[], AbstractAsyncContextManager[Unit]]
"""Opens a transaction."""


class RecordUnit(Unit, Protocol):
    """The stores of the whole record."""

    @property
    def records(self) -> RecordStore:
        """What belongs to citizens: files and mandates."""
        ...


BeginRecord = Callable[[], AbstractAsyncContextManager[RecordUnit]]
"""Opens a transaction over the whole record."""


class ImportUnit(RecordUnit, Protocol):
    """The stores that an import writes."""

    @property
    def imports(self) -> ImportStore:
        """How far each import is."""
        ...

    @property
    def erased(self) -> ErasedStore:
        """Whom an import must not bring back."""
        ...


BeginImport = Callable[[], AbstractAsyncContextManager[ImportUnit]]
"""Opens a transaction of an import."""
