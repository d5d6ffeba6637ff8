"""The key of the list of erased people: a file of the data folder, apart from the database that holds the digests."""

import os
import secrets
from pathlib import Path

from guichet.citizens.erased import KEY_BYTES, ErasedKey
from guichet.core.errors import BadInput

NAME = "erased.key"
_ONLY_US = 0o600


def read_key(data_dir: Path) -> ErasedKey | None:
    """Return the key, or None where nobody was ever erased here. Raises BadInput for a file that is none."""
    file = data_dir / NAME
    try:
        secret = bytes.fromhex(file.read_text("ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise BadInput(f"{file}: cannot be read as the key of erased people; take it from a backup") from error
    if len(secret) != KEY_BYTES:
        raise BadInput(f"{file}: is not {KEY_BYTES} bytes in hexadecimal; take it from a backup")
    return ErasedKey(secret)


def key_made(data_dir: Path) -> ErasedKey:
    """Return the key, making one where there is none; only we may read it."""
    known = read_key(data_dir)
    if known is not None:
        return known
    data_dir.mkdir(parents=True, exist_ok=True)
    key = ErasedKey(secrets.token_bytes(KEY_BYTES))
    with os.fdopen(os.open(data_dir / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_US), "w") as file:
        file.write(key.secret.hex() + "\n")
    return key
