import pytest

from guichet.core.errors import BadInput
from guichet.gateway import logs


def test_what_looks_like_a_number_is_masked_and_ids_are_not() -> None:
    event = logs.mask_numbers(None, "info", {"event": "x 06 12 34 56 78 y +33612345678", "call": "CA12345678901234"})
    assert event == {"event": "x … y …", "call": "CA12345678901234"}


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(BadInput, match="debug, info"):
        logs.set_up("loud")
