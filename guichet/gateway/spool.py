"""The spool: texts that came while the database was away, kept as files and taken in once it is back.

A carrier does not send a text twice: what we cannot store must not be answered with an error and lost. Each file is
one webhook's form, written whole before the answer; a file that is taken in twice makes one message (by its id).
"""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path

import structlog

from guichet.core.errors import BadInput, Unavailable
from guichet.core.ids import new_id

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0


class Spool:
    """Forms in files of one folder, oldest first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._set_aside: set[str] = set()
        """Files that met a fault of ours: they wait for the next start, which may be of a mended version."""

    def keep(self, form: Mapping[str, str]) -> None:
        """Write a form to disk before returning. Raises OSError when that fails too."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Ids made in one millisecond have no order; the texts of one person have.
        path = self._folder / f"{time.time_ns():020d}-{new_id('sms')}.json"
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
            if path.name in self._set_aside:
                continue
            try:
                yield path, json.loads(path.read_text("utf-8"))
            except FileNotFoundError:
                continue  # another process of this folder has taken it in
            except ValueError:
                path.rename(path.with_suffix(".unreadable"))
                log.warning("spooled_form_unreadable", file=path.name)

    async def replay(self, take: Callable[[Mapping[str, str]], Awaitable[None]]) -> int:
        """Take every form in with `take`, in order; stop when the database is away again. Return how many."""
        taken = 0
        for path, form in self._forms():
            try:
                await take(form)
            except BadInput:
                path.rename(path.with_suffix(".refused"))
                log.warning("spooled_form_refused", file=path.name)
                continue
            except Unavailable:
                return taken
            except Exception:
                self._set_aside.add(path.name)
                log.exception("spooled_form_failed", file=path.name)
                continue
            path.unlink(missing_ok=True)
            taken += 1
        return taken

    async def run(self, take: Callable[[Mapping[str, str]], Awaitable[None]]) -> None:
        """Replay whenever something is waiting, for ever."""
        while True:
            try:
                taken = await self.replay(take)
            except OSError as error:
                log.error("spool_failed", error=error.strerror)  # noqa: TRY400  # what it says is all there is
            else:
                if taken:
                    log.info("spool_replayed", texts=taken)
            await asyncio.sleep(LOOK_SECONDS)
