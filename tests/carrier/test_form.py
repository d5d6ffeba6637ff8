"""Forms are read as they were sent."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.carrier.form import LARGEST, MOST_FIELDS, decode_form
from guichet.core.errors import BadInput


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        (b"", []),
        (b"a=1&b=", [("a", "1"), ("b", "")]),
        (b"a=1&a=2", [("a", "1"), ("a", "2")]),
        (b"From=%2B33612345678&Body=L%27%C3%A9t%C3%A9+!", [("From", "+33612345678"), ("Body", "L'été !")]),
        (b"a=b=c&&d", [("a", "b=c"), ("d", "")]),
        (b"a%20b=1", [("a b", "1")]),
        (b"a=%zz", [("a", "%zz")]),
        (b"a=%ff&b=\xff", [("a", "\ufffd"), ("b", "\ufffd")]),
    ],
)
def test_a_body_gives_its_pairs(body: bytes, pairs: list[tuple[str, str]]) -> None:
    assert decode_form(body) == pairs


@pytest.mark.parametrize("body", [b"a" * (LARGEST + 1), b"&".join([b"a=1"] * (MOST_FIELDS + 1))])
def test_a_body_beyond_the_limits_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        decode_form(body)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=9), st.text(max_size=20)), max_size=9))
def test_what_was_encoded_is_decoded(pairs: list[tuple[str, str]]) -> None:
    assert decode_form(urlencode(pairs).encode()) == pairs


@given(st.binary(max_size=60))
def test_any_bytes_are_read_as_the_standard_library_reads_them(body: bytes) -> None:
    text = body.decode("utf-8", "replace")
    assert decode_form(body) == parse_qsl(text, keep_blank_values=True, separator="&")
