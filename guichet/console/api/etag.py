"""Names of states, for `If-Match`: whoever has read one state does not write over another. Pure."""

import hashlib

import msgspec


def etag_of(value: object) -> str:
    """Return the name of a state: a digest of all that counts in it."""
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:32]
