"""A PostgreSQL server of the tests' own, in a temporary folder, on a socket only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """Return the folder of Debian's newest PostgreSQL server, if installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _as_server_user() -> list[str]:
    """PostgreSQL refuses to run as root: become its own user then."""
    if os.geteuid() != 0:
        return []
    pwd.getpwnam("postgres")
    return [shutil.which("runuser") or "/usr/sbin/runuser", "-u", "postgres", "--"]


@contextmanager
def server() -> Iterator[str]:
    """Run a server; yield an SQLAlchemy URL whose database is `postgres`."""
    folder = binaries()
    if folder is None:
        raise RuntimeError("no PostgreSQL server: apt-get install postgresql")
    become = _as_server_user()
    with tempfile.TemporaryDirectory(prefix="guichet-pg-") as home:
        if become:
            shutil.chown(home, "postgres")
        data = f"{home}/data"
        subprocess.run(  # fsync is off: these databases live for a test
            [*become, str(folder / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"],
            check=True,
            capture_output=True,
            cwd="/",
        )
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off -c max_connections=200"
        control = [*become, str(folder / "pg_ctl"), "-D", data, "-w", "-s", "-l", f"{home}/log"]
        subprocess.run([*control, "-o", options, "start"], check=True, capture_output=True, cwd="/")
        try:
            yield f"postgresql+asyncpg://postgres@/postgres?host={home}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd="/")
