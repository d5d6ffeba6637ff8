"""Structured logs: one JSON object a line on stderr, or aligned text on a terminal.

What is logged is ids and outcomes. A last filter masks anything that still looks like a citizen's number, and drops
the text of exceptions that are not ours: drivers put values into theirs.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from guichet.core.errors import BadInput

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_LONG_NUMBER = re.compile(r"\+?\d(?:[ .-]?\d){7,}")
_IDS = frozenset({"call", "contact", "request", "attempt", "message", "agent", "job", "timestamp", "stream"})


def mask_numbers(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask runs of eight digits and more outside ids."""
    for name, value in event.items():
        if name not in _IDS and isinstance(value, str):
            event[name] = _LONG_NUMBER.sub("…", value)
    return event


def set_up(level: str) -> None:
    """Send our logs and the libraries' warnings to stderr. Raises BadInput for an unknown level."""
    number = LEVELS.get(level.lower())
    if number is None:
        raise BadInput(f"settings: LOG_LEVEL is one of {', '.join(LEVELS)}, not '{level}'")
    render: Any = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask_numbers,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=max(number, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
