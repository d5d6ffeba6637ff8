"""Codes of the carrier: who must do what."""

import pytest

from guichet.carrier import codes
from guichet.core.errors import GuichetError, InDoubt, OptedOut, Refused, Unavailable


@pytest.mark.parametrize(
    ("status", "code", "changes", "expected"),
    [
        (400, 21610, True, OptedOut),
        (400, 21211, True, Refused),
        (404, 20404, True, Refused),
        (400, 99999, True, Refused),
        (400, None, False, Refused),
        (401, 20003, True, Unavailable),
        (403, None, True, Unavailable),
        (408, None, True, Unavailable),
        (429, 20429, True, Unavailable),
        (429, None, True, Unavailable),
        (400, 21611, True, Unavailable),
        (302, None, True, Unavailable),
        (500, 20500, True, InDoubt),
        (503, None, True, InDoubt),
        (503, None, False, Unavailable),
    ],
)
def test_a_status_and_a_code_say_what_to_do(
    status: int, code: int | None, *, changes: bool, expected: type[GuichetError]
) -> None:
    assert type(codes.error_of(status, code, changes=changes)) is expected


def test_only_what_was_never_processed_may_be_retried_blindly() -> None:
    for status in (429, 500, 400, 401):
        error = codes.error_of(status, None, changes=True)
        assert error.retryable is isinstance(error, Unavailable)


def test_a_refusal_carries_the_code_and_a_reason_of_ours() -> None:
    error = codes.error_of(400, 21211, changes=True)
    assert isinstance(error, Refused)
    assert error.code == 21211
    assert str(error) == "the number is not valid (HTTP 400, code 21211)"


@pytest.mark.parametrize("code", [20404, 21220, 404])
def test_a_call_that_is_over_is_no_failure(code: int) -> None:
    assert codes.has_ended(Refused("over", code))
    assert not codes.has_ended(Refused("other", 21211))


def test_undelivered_texts_say_why_and_whether_to_try_again() -> None:
    assert codes.is_transient(30003)
    assert codes.is_transient(30008)
    assert not codes.is_transient(30005)
    assert not codes.is_transient(30007)
    assert not codes.is_transient(None)
    assert codes.why_undelivered(30007) == "the message was filtered"
    assert codes.why_undelivered(30999) == "error 30999 of the carrier"
    assert codes.why_undelivered(None) == "no reason given"
    assert set(codes.UNDELIVERED) >= codes.TRANSIENT
