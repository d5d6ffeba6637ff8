"""The threads of the recogniser process: whoever is waited for goes first.

A turn whose caller has stopped speaking is about to end, and somebody waits for its answer; who still speaks waits for
nothing yet. When there is more to decode than the threads can, those who speak are put off.
"""

from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

Go = Callable[[], None]
"""A piece of work; it must not raise."""


class Lanes:
    """Two queues worked off by some threads: the second only when nothing is in the first."""

    def __init__(self, threads: int) -> None:
        self._first: deque[Go] = deque()
        self._second: deque[Go] = deque()
        self._has_work = Condition()
        for _ in range(threads):
            # They end with the process: nothing of a turn outlives its caller's gateway.
            Thread(target=self._work, daemon=True).start()

    def submit(self, go: Go, *, is_waited_for: bool) -> None:
        """Queue a piece of work."""
        with self._has_work:
            (self._first if is_waited_for else self._second).append(go)
            self._has_work.notify()

    def _work(self) -> None:
        while True:
            with self._has_work:
                while not (self._first or self._second):
                    self._has_work.wait()
                go = (self._first or self._second).popleft()
            go()
