"""Things that are slow when new and fast when used: kept for the next user, and some made ready beforehand.

    take ──> in use ──give──> idle ──take──> …          spares are made while nobody waits for them

Whoever was used last is taken first: it is the warmest, and those below it stay small. Safe from several threads.
"""

import os
import sys
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

LOWEST_PRIORITY = 19


class WarmPool(Generic[T]):
    """Keeps at most so many idle; `make` makes one when none is left."""

    def __init__(self, make: Callable[[], T], most: int) -> None:
        self._make = make
        self._most = most
        self._idle: list[T] = []
        self._changed = threading.Condition()

    @property
    def idle(self) -> int:
        """How many are ready."""
        with self._changed:
            return len(self._idle)

    def take(self) -> T:
        """Return the one that was used last, or a new one."""
        with self._changed:
            found = self._idle.pop() if self._idle else None
            self._changed.notify_all()
        return self._make() if found is None else found

    def give(self, item: T) -> None:
        """Keep one for the next user, unless there are enough."""
        with self._changed:
            if len(self._idle) < self._most:
                self._idle.append(item)

    def keep_spares(self, number: int, make: Callable[[], T]) -> None:
        """From now on, have so many made ready by `make`, one by one, in a thread that yields to all others."""
        threading.Thread(target=self._keep_spares, args=(min(number, self._most), make), daemon=True).start()

    def _keep_spares(self, number: int, make: Callable[[], T]) -> None:
        if sys.platform == "linux":
            # On Linux this is the priority of the one thread (setpriority(2), notes).
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)
        while True:
            with self._changed:
                self._changed.wait_for(lambda: len(self._idle) < number)
            spare = make()
            with self._changed:
                # Below those that were used: they are taken first.
                self._idle.insert(0, spare)
