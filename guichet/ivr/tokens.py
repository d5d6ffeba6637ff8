"""Tokens of media streams: nobody can guess one, and the same turn always has the same one. Pure.

    CA0123…-2-<40 hexadecimal digits>

A token names its turn and proves, by a code that needs our secret, that we have named it. So it is neither kept nor
looked up: what makes it good for one stream only is the turn's row (`CallStore.claim`).
"""

import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import quote

from guichet.core.ids import CallSid

_LONGEST_NUMBER = 9


class Tokens:
    """Makes and reads tokens with secrets that every node shares: makes with the first, reads with any of them."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._keys = [hashlib.blake2b(one, digest_size=32, person=b"guichet-stream").digest() for one in secrets]

    def make(self, call: CallSid, number: int) -> str:
        """Return the token of a turn's stream, fit for a path."""
        return f"{quote(call, safe='')}-{number}-{_code(self._keys[0], call, number)}"

    def read(self, token: str) -> tuple[CallSid, int] | None:
        """Return the turn that a token (as it stands in a decoded path) is for; None where it is none of ours."""
        rest, _, code = token.rpartition("-")
        name, _, digits = rest.rpartition("-")
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER):
            return None
        call, number = CallSid(name), int(digits)
        is_ours = [hmac.compare_digest(code.encode(), _code(key, call, number).encode()) for key in self._keys]
        return (call, number) if any(is_ours) else None


def _code(key: bytes, call: CallSid, number: int) -> str:
    """Return what only who has the key can say of a turn."""
    return hashlib.blake2b(f"{call}/{number}".encode(), key=key, digest_size=20).hexdigest()
