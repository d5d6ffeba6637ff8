import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from guichet.core.errors import BadInput, Unavailable
from guichet.gateway import logs
from guichet.gateway.faults import told


@pytest.fixture
def set_up(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    level = logging.getLogger().level
    logs.set_up("debug")
    yield
    structlog.reset_defaults()
    root = logging.getLogger()
    root.setLevel(level)
    for handler in [known for known in root.handlers if isinstance(known, logs.Libraries)]:
        root.removeHandler(handler)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    shown = capsys.readouterr()
    assert shown.out == ""
    return [json.loads(line) for line in shown.err.splitlines()]


def broken(value: str) -> None:
    try:
        int(value)
    except ValueError as error:
        raise Unavailable("the database does not answer") from error


def test_what_looks_like_a_number_is_masked_and_ids_are_not() -> None:
    event = logs.mask_numbers(None, "info", {"event": "x 06 12 34 56 78 y +33612345678", "call": "CA12345678901234"})
    assert event == {"event": "x … y …", "call": "CA12345678901234"}


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(BadInput, match="debug, info"):
        logs.set_up("loud")


def test_an_exception_is_told_by_its_kinds_and_places_without_its_values(
    set_up: None, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        broken("Camille Durand")
    except Unavailable:
        structlog.get_logger().exception("failed", call="CA1")
    (line,) = lines(capsys)
    assert line["call"] == "CA1"
    assert "Unavailable (the database does not answer)" in line["exception"]
    assert "<- ValueError at" in line["exception"]
    assert "test_logs.py" in line["exception"]
    assert "Durand" not in str(line)


def test_the_exceptions_of_a_group_are_told_and_a_circle_ends() -> None:
    first, second = ValueError("0612345678"), KeyError("Durand")
    first.__context__, second.__context__ = second, first
    text = told(ExceptionGroup("several", [first, second]))
    assert text == "ExceptionGroup <- ValueError <- KeyError"


def test_libraries_log_on_one_line_too_and_only_when_something_is_wrong(
    set_up: None, capsys: pytest.CaptureFixture[str]
) -> None:
    library = logging.getLogger("library")
    library.debug("Durand")
    library.info("Durand")
    try:
        broken("Durand")
    except Unavailable:
        library.exception("job %s failed\n%s", 7, "Durand")
    (ours,) = [known for known in logging.getLogger().handlers if isinstance(known, logs.Libraries)]
    ours.emit(logging.LogRecord("library", logging.WARNING, "", 0, "%d", ("Durand",), None))
    first, second = capsys.readouterr().err.splitlines()
    assert json.loads(first)["event"] == "job 7 failed"
    assert json.loads(first)["logger"] == "library"
    assert second == "a log record of library could not be written"
    assert "Durand" not in first


def test_it_may_be_set_up_again(set_up: None, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("error")
    logging.getLogger("library").warning("quiet")
    logging.getLogger("library").error("loud")
    structlog.get_logger().warning("quiet")
    assert [line["event"] for line in lines(capsys)] == ["loud"]
