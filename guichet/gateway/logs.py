"""Structured logs, ours and the libraries': one JSON object a line on stderr, or aligned text on a terminal.

What is logged is ids and outcomes. What a library logs is cut to its first line, and an exception to its kinds and
places (`faults`): values would be a citizen's. A last filter masks anything that still looks like a telephone number.
Nothing is ever written to stdout, which belongs to the commands.
"""

import logging
import re
import sys
import threading
from collections.abc import MutableMapping
from typing import Any

import structlog

from guichet.core.errors import BadInput
from guichet.gateway.faults import told

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_LONG_NUMBER = re.compile(r"\+?\d(?:[ .-]?\d){7,}")
_IDS = frozenset(
    {"call", "contact", "request", "attempt", "message", "agent", "job", "timestamp", "stream", "host", "file"}
)

Event = MutableMapping[str, Any]


def mask_numbers(_logger: Any, _method: str, event: Event) -> Event:
    """Mask runs of eight digits and more outside ids."""
    for name, value in event.items():
        if name not in _IDS and isinstance(value, str):
            event[name] = _LONG_NUMBER.sub("…", value)
    return event


def tell_exceptions(_logger: Any, _method: str, event: Event) -> Event:
    """Replace an exception by what may be told of it."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = told(error)
    return event


def to_stderr(text: str) -> None:
    """Write a line to stderr, whatever stderr is now."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Lines:
    """Where structlog's lines end: one method a level."""

    def msg(self, text: str) -> None:
        """Write a line."""
        to_stderr(text)

    debug = info = warning = error = critical = fatal = failure = exception = msg


class Libraries(logging.Handler):
    """Writes what libraries log, like our own lines and as carefully."""

    def __init__(self, processors: list[Any]) -> None:
        super().__init__()
        self._processors = processors

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record: the first line of its message, its exception without values."""
        try:
            message = record.getMessage().splitlines() or [""]
            event: Any = {"event": message[0], "logger": record.name, "exc_info": record.exc_info}
            for process in self._processors:
                event = process(None, record.levelname.lower(), event)
            to_stderr(event)
        except Exception:  # noqa: BLE001  # logging must never break what is logged
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        """Say that a record was lost; logging's own way would print its values."""
        to_stderr(f"a log record of {record.name} could not be written")


def set_up(level: str) -> None:
    """Send our logs and the libraries' warnings to stderr; safe to repeat. Raises BadInput for an unknown level."""
    number = LEVELS.get(level.lower())
    if number is None:
        raise BadInput(f"settings: LOG_LEVEL is one of {', '.join(LEVELS)}, not '{level}'")
    render: Any = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_exceptions,
        mask_numbers,
        render,
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: Lines(),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in [known for known in root.handlers if isinstance(known, Libraries)]:
        root.removeHandler(handler)
    root.addHandler(Libraries(processors))
    # Even at debug, libraries only warn: they would log statements with their values, and frames with their words.
    root.setLevel(max(number, logging.WARNING))


def catch_the_rest() -> None:
    """Log what nobody catches, in this process, as carefully as the rest: Python itself would print the values."""
    log = structlog.get_logger("guichet")
    sys.excepthook = lambda _kind, error, _trace: log.error("uncaught", exc_info=error)
    threading.excepthook = lambda args: log.error("uncaught_in_thread", exc_info=args.exc_value)
    sys.unraisablehook = lambda args: log.error("unraisable", exc_info=args.exc_value)
