"""Whom an import must not bring back: people who were erased, by a keyed digest of the administration's identifier.

The digest alone says of nobody who they are: identifiers can be guessed one after the other, so it takes the key, which
is kept apart from the database. A digest made with another key can not be compared, and an import is refused then.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.citizens.tables import erased_citizens

KEY_BYTES = 32
_DIGEST_BYTES = 32
_NAME_BYTES = 8


@dataclass(frozen=True, slots=True)
class ErasedKey:
    """The key of the digests."""

    secret: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """What tells this key from another, without telling the key."""
        return hashlib.blake2b(b"name", key=self.secret, digest_size=_NAME_BYTES).hexdigest()

    def digest(self, external_id: str) -> str:
        """Return what stands for an identifier."""
        return hashlib.blake2b(external_id.strip().encode(), key=self.secret, digest_size=_DIGEST_BYTES).hexdigest()


class ErasedStore(Protocol):
    """Keeps who was erased, as digests."""

    async def add(self, key: ErasedKey, external_id: str) -> None:
        """Remember somebody; harmless when repeated."""
        ...

    async def remove(self, key: ErasedKey, external_id: str) -> bool:
        """Forget that somebody was erased; say whether they were."""
        ...

    async def among(self, key: ErasedKey, external_ids: Sequence[str]) -> frozenset[str]:
        """Return those of these identifiers (at most 1,000) that were erased."""
        ...

    async def keys(self) -> frozenset[str]:
        """Return the names of the keys that digests were made with; empty where nobody was erased."""
        ...


async def can_tell(store: ErasedStore, key: ErasedKey | None) -> bool:
    """Whether with this key it can be told of everybody whether they were erased."""
    return not await store.keys() - {key.name if key else ""}


class MemoryErasedStore:
    """An ErasedStore in a set: the twin for tests."""

    def __init__(self) -> None:
        self._held: set[tuple[str, str]] = set()

    async def add(self, key: ErasedKey, external_id: str) -> None:
        """Remember somebody."""
        self._held.add((key.digest(external_id), key.name))

    async def remove(self, key: ErasedKey, external_id: str) -> bool:
        """Forget that somebody was erased."""
        one = (key.digest(external_id), key.name)
        was_there = one in self._held
        self._held.discard(one)
        return was_there

    async def among(self, key: ErasedKey, external_ids: Sequence[str]) -> frozenset[str]:
        """Return those that were erased."""
        return frozenset(one for one in external_ids if (key.digest(one), key.name) in self._held)

    async def keys(self) -> frozenset[str]:
        """Return the names of the keys."""
        return frozenset(name for _, name in self._held)


class SqlErasedStore:
    """An ErasedStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, key: ErasedKey, external_id: str) -> None:
        """Remember somebody."""
        if not await self.among(key, [external_id]):
            row = {"digest": key.digest(external_id), "key": key.name}
            await self._connection.execute(sa.insert(erased_citizens).values(row))

    async def remove(self, key: ErasedKey, external_id: str) -> bool:
        """Forget that somebody was erased."""
        own = erased_citizens.c.digest == key.digest(external_id)
        return bool((await self._connection.execute(sa.delete(erased_citizens).where(own))).rowcount)

    async def among(self, key: ErasedKey, external_ids: Sequence[str]) -> frozenset[str]:
        """Return those that were erased."""
        digests = {key.digest(one): one for one in external_ids}
        query = sa.select(erased_citizens.c.digest).where(erased_citizens.c.digest.in_(list(digests)))
        return frozenset(digests[found] for found in await self._connection.scalars(query))

    async def keys(self) -> frozenset[str]:
        """Return the names of the keys."""
        return frozenset(await self._connection.scalars(sa.select(erased_citizens.c.key).distinct()))
