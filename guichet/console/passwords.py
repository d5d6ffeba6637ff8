"""Passwords: argon2 off the event loop, few at a time, equally slow whether the login exists or not."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from guichet.core.errors import BadInput

SHORTEST = 12
LONGEST = 200
AT_ONCE = 2
"""Hashes computed at a time: each takes 64 MB."""


def read_password(text: str, *known: str) -> str:
    """Return a password fit to be kept; `known` is what others know of the person. Raises BadInput."""
    if not SHORTEST <= len(text) <= LONGEST:
        raise BadInput(f"a password has {SHORTEST} to {LONGEST} characters: a few words make a good one")
    plain = text.lower()
    if len(set(plain)) < 5 or any(name and len(name) > 3 and name.lower() in plain for name in known):
        raise BadInput("this password is too easy to guess: take a few words that have nothing to do with each other")
    return text


class Passwords:
    """Makes and checks hashes. `hasher` tells what a hash costs."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._free = asyncio.Semaphore(AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        """Return the hash of a password."""
        async with self._free:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def is_right(self, kept: str, password: str) -> bool:
        """Check a password; with no hash to check it with, take as long and say no."""
        if not kept:
            if self._nobodys is None:
                self._nobodys = await self.hash("nobody's password")
            kept, password = self._nobodys, ""
        async with self._free:
            return await asyncio.to_thread(self._verify, kept, password)

    def is_outdated(self, kept: str) -> bool:
        """Whether a hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False
