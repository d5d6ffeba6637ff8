"""The gateway's side of a recogniser process: starting it, talking to it, seeing it die."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import guichet
from guichet.core.errors import BadInput, Unavailable
from guichet.transcripts.engine_wire import Answer, Question, Unpacker, pack

BACKLOG = 4 << 20
"""Bytes waiting for the process: with more, it hangs and is killed."""
GOODBYE_SECONDS = 2.0
"""How long a process may take to end when its socket is closed."""

Command = Callable[[int], Sequence[str]]
"""Returns the command of the process, given the descriptor of its end of the socket."""


def engine_command(models_dir: Path, threads: int) -> Command:
    """Return the command of the recogniser process."""
    module = "guichet.transcripts.engine_process"
    return lambda descriptor: (sys.executable, "-P", "-m", module, str(descriptor), str(models_dir), str(threads))


class EngineLink:
    """A running recogniser process. Not safe between event loops."""

    def __init__(
        self, process: asyncio.subprocess.Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, command: Command) -> Self:
        """Start a process. Raises Unavailable when the system does not let us."""
        ours, theirs = socket.socketpair()
        root = str(Path(guichet.__file__).parent.parent)
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        with theirs:
            try:
                process = await asyncio.create_subprocess_exec(
                    *command(theirs.fileno()),
                    pass_fds=[theirs.fileno()],
                    env={**os.environ, "PYTHONPATH": path},
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                )
            except OSError as error:
                ours.close()
                raise Unavailable(f"the speech recogniser cannot be started: {error.strerror}") from error
        reader, writer = await asyncio.open_connection(sock=ours)
        return cls(process, reader, writer)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, question: Question) -> None:
        """Queue a message; never blocks. A process that takes no more messages is killed."""
        if self._writer.is_closing():
            return
        self._writer.write(pack(question))
        if self._writer.transport.get_write_buffer_size() > BACKLOG:
            self.kill()

    async def answers(self) -> AsyncIterator[Answer]:
        """Give the answers until the process dies; one that talks nonsense is killed."""
        unpacker: Unpacker[Answer] = Unpacker(Answer)  # type: ignore[arg-type]  # a union is no type for mypy
        with suppress(ConnectionError, BadInput):
            while data := await self._reader.read(1 << 16):
                for answer in unpacker.messages(data):
                    yield answer

    def kill(self) -> None:
        """End the process now."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def close(self) -> None:
        """End the process: by closing its socket, or by force."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()
        try:
            await asyncio.wait_for(self._process.wait(), GOODBYE_SECONDS)
        except TimeoutError:
            self.kill()
            await self._process.wait()
