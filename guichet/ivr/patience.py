"""A time limit for many short tasks: one timer for all of them, where `asyncio.timeout` sets one for each webhook.

    with patience: …      raises TimeoutError in the task that is still in the block after so many seconds

As all have the same patience, whoever comes first is due first: the timer is set for the oldest alone.
"""

import asyncio
from dataclasses import dataclass
from types import TracebackType


@dataclass(slots=True, eq=False)
class _Limit:
    """A task in its block."""

    task: "asyncio.Task[object]"
    due: float
    cancels: int
    """Cancellations that were asked for by others before the block."""
    is_over: bool = False


class Patience:
    """Limits the time of the blocks that it guards; for one event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._limits: dict[asyncio.Task[object], _Limit] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        """Begin; a task has one block at a time."""
        task = asyncio.current_task()
        if task is None or task in self._limits:
            raise RuntimeError("a time limit is set in a task, and once")
        loop = task.get_loop()
        limit = _Limit(task, loop.time() + self._seconds, task.cancelling())
        self._limits[task] = limit
        if self._timer is None:
            self._timer = loop.call_at(limit.due, self._look)

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """End; what was our cancellation becomes TimeoutError, anybody else's stays one."""
        task = asyncio.current_task()
        limit = self._limits.pop(task) if task is not None else None
        if limit is None or not limit.is_over:
            return
        if limit.task.uncancel() <= limit.cancels and kind is not None and issubclass(kind, asyncio.CancelledError):
            raise TimeoutError

    def _look(self) -> None:
        """End the blocks that are due, and set the timer for the next."""
        self._timer = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for limit in self._limits.values():
            if limit.is_over:
                continue
            if limit.due > now:
                self._timer = loop.call_at(limit.due, self._look)
                return
            limit.is_over = True
            limit.task.cancel()
