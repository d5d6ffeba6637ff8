"""The key of the list of erased people: a file of the data folder, apart from the database that holds the digests."""

import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from guichet.citizens.erased import KEY_BYTES, ErasedKey
from guichet.core.errors import BadInput, Unavailable

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


def key_made(data_dir: Path, used: Collection[str] = ()) -> ErasedKey:
    """Return the key, making one where there is none; only we may read it. It is on the disk whole, or not at all.

    `used` are the names of the keys with which people were erased. Raises BadInput where that was another key: with
    two of them nobody could be imported any more. Raises Unavailable where it cannot be written.
    """
    key = read_key(data_dir)
    if set(used) - {key.name if key else ""}:
        raise BadInput(
            f"people were erased before with a key that is not in {data_dir}: copy the file {NAME} from the machine on "
            "which they were erased, or from a backup; nobody is erased now"
        )
    return key or _made(data_dir)


def _made(data_dir: Path) -> ErasedKey:
    """Make a key; where somebody else makes one at the same time, theirs."""
    key = ErasedKey(secrets.token_bytes(KEY_BYTES))
    beside = data_dir / f"{NAME}.{secrets.token_hex(4)}"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_US), "w") as file:
            file.write(key.secret.hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(beside, data_dir / NAME)
    except OSError as error:
        raise Unavailable(f"{beside.parent / NAME}: {error.strerror}; nobody is erased without their key") from error
    finally:
        beside.unlink(missing_ok=True)
    return read_key(data_dir) or key
