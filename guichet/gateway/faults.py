"""What may be told of an exception: its kinds, and the places in the code; never its values.

Drivers put the parameters of a statement into the text of their exceptions, and parsers what they could not read. The
text of our own Unavailable is told: it names a dependency and how to mend it. Pure.
"""

import traceback

from guichet.core.errors import Unavailable

PLACES = 8
"""The innermost places told of each exception."""


def told(error: BaseException) -> str:
    """Return the exception and its causes on one line, the outermost first."""
    parts: list[str] = []
    seen: set[int] = set()
    queue: list[BaseException] = [error]
    while queue:
        one = queue.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        parts.append(_one(one))
        following = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        queue += [*getattr(one, "exceptions", ()), *([following] if following else [])]
    return " <- ".join(parts)


def _one(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    text = f" ({error})" if isinstance(error, Unavailable) else ""
    frames = traceback.extract_tb(error.__traceback__, limit=-PLACES)
    places = " > ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{kind}{text}{' at ' if places else ''}{places}"


def _short(path: str) -> str:
    """Return the path from the package on."""
    for mark in ("/site-packages/", "/guichet/gateway/", "/guichet/"):
        _, found, rest = path.rpartition(mark)
        if found:
            return rest if mark == "/site-packages/" else f"{mark[1:]}{rest}"
    return "/".join(path.split("/")[-2:])
