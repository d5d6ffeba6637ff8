"""A child process that is kept: looked at every second, started again when it has died, less and less eagerly."""

import subprocess
import time
from collections.abc import Callable

import structlog

from guichet.gateway import child

PAUSES = (0.0, 1.0, 2.0, 5.0, 15.0)
"""Seconds before a new start, by the number of early deaths in a row."""
STEADY_SECONDS = 30.0
"""Who has lived so long has not died early."""

log = structlog.get_logger(__name__)


class Kept:
    """A child by its name and how it is started. Use it in the main thread: see `child.spawn`."""

    def __init__(
        self, name: str, start: Callable[[], subprocess.Popen[bytes]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._start = start
        self._clock = clock
        self._died_early = 0
        self._again_at: float | None = None
        self._is_over = False
        self._begin()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The present process, dead or alive."""
        return self._process

    def _begin(self) -> None:
        self._process = self._start()
        self._started_at = self._clock()
        self._again_at = None

    def look(self) -> None:
        """Start it again if it is gone: at once the first time, later when that does not help. Not after `stop`."""
        code = self._process.poll()
        if code is None or self._is_over:
            return
        now = self._clock()
        if self._again_at is None:
            early = now - self._started_at < STEADY_SECONDS
            self._died_early = self._died_early + 1 if early else 0
            pause = PAUSES[min(self._died_early, len(PAUSES) - 1)]
            self._again_at = now + pause
            log.warning("child_died", child=self._name, exit_code=code, again_in_seconds=pause)
            # What it has left behind in its group would be in the way of the new one.
            child.stop(self._process)
        if now >= self._again_at:
            self._begin()
            log.info("child_started_again", child=self._name)

    def stop(self) -> None:
        """End it, for good."""
        self._is_over = True
        child.stop(self._process)
