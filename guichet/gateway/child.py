"""Child processes that die with their parent, even when it is killed with SIGKILL (Linux: PR_SET_PDEATHSIG).

The signal is asked for by a small Python program that then becomes the command, so that no code of ours runs between
fork and exec in a process that has threads. Source: prctl(2).
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_LEASH = (
    "import ctypes,os,sys;"
    "ctypes.CDLL(None).prctl(1,int(sys.argv[1]),0,0,0);"
    "os.getppid()==int(sys.argv[2]) or os._exit(1);"
    "os.execvp(sys.argv[3],sys.argv[3:])"
)


def spawn(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    death: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a command that gets the signal `death` when this process ends, however it ends.

    Call it from the main thread: the kernel ties the child to the thread that made it. The child has a process group
    of its own, so that Ctrl-C reaches the parent alone, which then stops its children in order.
    """
    leash = [sys.executable, "-S", "-E", "-c", _LEASH, str(int(death)), str(os.getpid())]
    return subprocess.Popen(  # noqa: S603  # the command is ours
        [*leash, *map(str, command)],
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
    )


def die_with_parent(parent: int) -> None:
    """Be killed when the parent, whose id is given, ends: for a process that was forked and not spawned here."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def stop(process: subprocess.Popen[bytes], *, seconds: float = 5) -> None:
    """Ask a child to end, and end it with its whole group if it does not."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
