from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.console.api.cursor import read_cursor, write_cursor
from guichet.core.errors import BadInput

AT = datetime(2026, 3, 3, 9, 0, 0, 123456, tzinfo=UTC)


def test_a_cursor_is_read_as_it_was_written() -> None:
    text = write_cursor("place", [-3, AT, "req_1"])
    assert read_cursor(text, "place", (int, datetime, str)) == (-3, AT, "req_1")


@pytest.mark.parametrize(
    "values", [["place", -3, "x", "req_1"], ["newest", 1, AT, "req_1"], ["place", 1, AT], ["place", 2**40, AT, "r"]]
)
def test_what_was_no_cursor_of_this_order_is_refused(values: list[object]) -> None:
    text = write_cursor(str(values[0]), values[1:])
    with pytest.raises(BadInput, match="begin again"):
        read_cursor(text, "place", (int, datetime, str))


@given(st.text())
def test_any_text_is_refused_or_read(text: str) -> None:
    try:
        read_cursor(text, "place", (str,))
    except BadInput:
        return
