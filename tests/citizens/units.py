"""Transactions for the tests of this folder: in memory and in SQL."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from guichet.citizens.erased import ErasedStore
from guichet.citizens.import_store import ImportStore
from guichet.citizens.record_store import RecordStore
from guichet.citizens.store import CitizenStore


@dataclass(frozen=True)
class Unit:
    """The stores of one transaction."""

    citizens: CitizenStore
    records: RecordStore
    imports: ImportStore
    erased: ErasedStore


Begin = Callable[[], AbstractAsyncContextManager[Unit]]
