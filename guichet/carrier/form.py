"""The body of a webhook as pairs of text, decoded once. Pure.

Pairs keep what a mapping would lose: the carrier signs every field, empty ones and repeated ones too.
"""

from collections.abc import Mapping
from urllib.parse import unquote_plus

from guichet.core.errors import BadInput

Form = Mapping[str, str]
"""The fields of a webhook; of a repeated field, the last value."""

Pairs = list[tuple[str, str]]
"""The same as sent: order, repetitions and empty values kept."""

LARGEST = 65_536
"""Bytes in a body. The largest real one, a text of 1600 characters with its geography, is under 16 kB."""

MOST_FIELDS = 512
"""Fields in a body; real ones have about 40."""


def decode_form(body: bytes) -> Pairs:
    """Read `application/x-www-form-urlencoded` bytes (UTF-8).

    Unreadable bytes become U+FFFD (the signature then fails). Raises BadInput for a body beyond the limits above.
    """
    if len(body) > LARGEST:
        raise BadInput(f"a form has at most {LARGEST} bytes")
    if not body:
        return []
    parts = body.decode("utf-8", "replace").split("&")
    if len(parts) > MOST_FIELDS:
        raise BadInput(f"a form has at most {MOST_FIELDS} fields")
    pairs: Pairs = []
    for part in parts:
        if not part:
            continue
        name, _, value = part.partition("=")
        if "%" in part or "+" in part:
            pairs.append((_unquoted(name), _unquoted(value)))
        else:
            pairs.append((name, value))
    return pairs


def as_form(pairs: Pairs) -> Form:
    """Return the fields, once their signature holds: without zero bytes, which not every database takes."""
    return {name: value.replace("\0", "") for name, value in pairs}


_ASCII = {f"{code:02{case}}": chr(code) for code in range(128) for case in "xX"}


def _unquoted(text: str) -> str:
    """Do what `unquote_plus` does, quickly where every escape is of an ASCII character: that is nearly always."""
    if "%" not in text and "+" not in text:
        return text
    first, *escaped = text.replace("+", " ").split("%")
    decoded = [first]
    for piece in escaped:
        letter = _ASCII.get(piece[:2])
        if letter is None:
            return unquote_plus(text)
        decoded += letter, piece[2:]
    return "".join(decoded)
