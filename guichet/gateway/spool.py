"""The spool: texts that came while the database was away, kept as files and taken in once it is back.

A carrier does not send a text twice: what we cannot store must not be answered with an error and lost. Each file is
one webhook's form, written whole before the answer; a file that is taken in twice makes one message (by its id).
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path

import structlog

from guichet.core.errors import BadInput, GuichetError
from guichet.core.ids import new_id

log = structlog.get_logger(__name__)

LOOK_SECONDS = 5.0


class Spool:
    """Forms in files of one folder, oldest first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, form: Mapping[str, str]) -> None:
        """Write a form to disk before returning. Raises OSError when that fails too."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{new_id('sms')}.json"
        partial = path.with_suffix(".part")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(dict(form), file)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)

    def waiting(self) -> list[Path]:
        """Return the files, oldest first."""
        return sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []

    def _forms(self) -> Iterator[tuple[Path, dict[str, str]]]:
        for path in self.waiting():
            try:
                yield path, json.loads(path.read_text("utf-8"))
            except ValueError:
                path.rename(path.with_suffix(".unreadable"))
                log.warning("spooled_form_unreadable")

    async def replay(self, take: Callable[[Mapping[str, str]], Awaitable[None]]) -> int:
        """Take every form in with `take`, in order; stop at the first that cannot be stored yet. Return how many."""
        taken = 0
        for path, form in self._forms():
            try:
                await take(form)
            except BadInput:
                path.rename(path.with_suffix(".refused"))
                continue
            except GuichetError:
                return taken
            path.unlink()
            taken += 1
        return taken

    async def run(self, take: Callable[[Mapping[str, str]], Awaitable[None]]) -> None:
        """Replay whenever something is waiting, for ever."""
        while True:
            if self.waiting():
                taken = await self.replay(take)
                if taken:
                    log.info("spool_replayed", texts=taken)
            await asyncio.sleep(LOOK_SECONDS)
