import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.errors import BadInput
from guichet.core.phone import PhoneNumber


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("0033 6 12 34 56 78", "+33612345678"),
        ("+44 7911 123456", "+447911123456"),
        ("06 39 98 10 01", "+33639981001"),
        ("0692 12 34 56", "+262692123456"),
        ("0690 12 34 56", "+590690123456"),
        ("0696 12 34 56", "+596696123456"),
    ],
)
def test_a_number_is_read_as_people_write_it(written: str, e164: str) -> None:
    assert PhoneNumber.parse(written).e164 == e164


@pytest.mark.parametrize("text", ["anonymous", "client:desk", "sip:a@b.example", "", "123", "+1234"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        PhoneNumber.parse(text)
    assert PhoneNumber.maybe(text) is None


def test_a_number_never_prints_itself() -> None:
    number = PhoneNumber.parse("0612345678")
    assert "123456" not in f"{number} {number!r}"


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_bad_input(text: str) -> None:
    number = PhoneNumber.maybe(text)
    assert number is None or PhoneNumber.parse(number.e164) == number


@given(st.from_regex(r"\+33[0-9]{8,10}", fullmatch=True))
def test_french_numbers_of_the_carrier_are_read_as_the_library_reads_them(text: str) -> None:
    number = phonenumbers.parse(text)
    found = PhoneNumber.maybe(text)
    assert (found is not None) == phonenumbers.is_possible_number(number)
    if found is not None:
        assert found.e164 == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def test_mobiles_can_receive_texts_and_landlines_cannot() -> None:
    assert PhoneNumber.parse("0612345678").can_receive_texts
    assert not PhoneNumber.parse("0142345678").can_receive_texts
