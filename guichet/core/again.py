"""Doing a step again that found, on the way, that somebody else had been quicker. Pure.

A step that raises Conflict has changed nothing: its transaction is rolled back. Done again, it sees what the other has
made of it; where many are at the same thing, one of them always gets on.
"""

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from guichet.core.errors import Conflict

TRIES = 5

_P = ParamSpec("_P")
_T = TypeVar("_T")


def again_on_conflict(step: Callable[_P, Awaitable[_T]]) -> Callable[_P, Coroutine[Any, Any, _T]]:
    """Return the step done up to five times, until it raises no Conflict; the last one is raised."""

    @wraps(step)
    async def patient(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        for _ in range(TRIES - 1):
            try:
                return await step(*args, **kwargs)
            except Conflict:
                continue
        return await step(*args, **kwargs)

    return patient
