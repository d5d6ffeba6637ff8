"""Identifiers: typed strings that sort by the time they were made. Pure, but for the random part."""

import secrets
import time
from typing import NewType

CitizenId = NewType("CitizenId", str)
ContactId = NewType("ContactId", str)
RequestId = NewType("RequestId", str)
AttemptId = NewType("AttemptId", str)
MessageId = NewType("MessageId", str)
AgentId = NewType("AgentId", str)

CallSid = NewType("CallSid", str)
"""The carrier's id of a call."""
MessageSid = NewType("MessageSid", str)
"""The carrier's id of a text message."""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0/O nor 1/I: references are read aloud and typed on phones."""


_PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)
"""Two digits for ten bits: an id is made for every webhook."""


def _base32(number: int, length: int) -> str:
    """Write a number in Crockford's base 32, lower case, in an even, fixed length."""
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(5 * length - 10, -1, -10)])


def new_id(prefix: str) -> str:
    """Return `prefix_` and 26 characters: 48 bits of Unix milliseconds, then 80 random bits.

    Ids made later sort later (to the millisecond), so that they index well.
    """
    milliseconds = time.time_ns() // 1_000_000
    return f"{prefix}_{_base32(milliseconds, 10)}{_base32(secrets.randbits(80), 16)}"


def new_reference() -> str:
    """Return a short reference for a citizen, such as `K7-4QX9`: about a thousand million of them, none guessable."""
    letters = [secrets.choice(REFERENCE_ALPHABET) for _ in range(6)]
    return f"{letters[0]}{letters[1]}-{''.join(letters[2:])}"
