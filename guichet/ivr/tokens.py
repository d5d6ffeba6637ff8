"""Tokens of media streams: nobody can guess one, and the same turn always has the same one. Pure.

Being a function of the call and the turn, a token need not be read back when a webhook is repeated. What makes it
good for one stream only is the database (`CallStore.claim`).
"""

import hashlib
from collections.abc import Callable

from guichet.core.ids import CallSid


def tokens(secret: bytes) -> Callable[[CallSid, int], str]:
    """Return the maker of tokens (40 hexadecimal digits) with that secret, which every node shares."""
    key = hashlib.blake2b(secret, digest_size=32, person=b"guichet-stream").digest()

    def token(call: CallSid, number: int) -> str:
        """Return the token of a turn's stream."""
        return hashlib.blake2b(f"{call}/{number}".encode(), key=key, digest_size=20).hexdigest()

    return token
