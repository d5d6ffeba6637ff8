"""Cursors: where a page has ended, by the values of its order, so that what is added meanwhile moves nothing. Pure.

A cursor names the order it belongs to: one page is never gone on with in another order.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from guichet.core.errors import BadInput

_LARGEST = 2**31 - 1
"""What a column of integers holds."""


def write_cursor(order: str, values: Sequence[object]) -> str:
    """Write where a page has ended."""
    return base64.urlsafe_b64encode(msgspec.json.encode([order, *values])).decode().rstrip("=")


def read_cursor(text: str, order: str, kinds: Sequence[type]) -> tuple[Any, ...]:
    """Return the values of the last row of the page before. Raises BadInput for what was no `next` of this order."""
    padded = text + "=" * (-len(text) % 4)
    try:
        given = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=list[Any])
        name, *values = given
        if name != order or len(values) != len(kinds):
            raise _not_ours()
        return tuple(_value(value, kind) for value, kind in zip(values, kinds, strict=True))
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise _not_ours() from None


def _value(value: object, kind: type) -> object:
    """Read one value; a moment has a zone, and no text the letter that databases refuse."""
    found: object = msgspec.convert(value, kind)
    if isinstance(found, datetime) and found.tzinfo is None:
        raise ValueError(value)
    if isinstance(found, str) and "\0" in found:
        raise ValueError(value)
    if isinstance(found, int) and abs(found) > _LARGEST:
        raise ValueError(value)
    return found


def _not_ours() -> BadInput:
    return BadInput("this cursor is not the `next` of a page in this order: begin again without one")
