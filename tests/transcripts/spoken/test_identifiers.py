from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.fr import nir

from guichet.core.language import Language
from guichet.transcripts.spoken.identifiers import NIR_SHAPE, Check, Shape, choose, identifier, is_valid
from guichet.transcripts.spoken.numbers import in_words

FR, EN = Language.FR, Language.EN


def dictated(number: str, sizes: tuple[int, ...]) -> str:
    """Say a number in groups of these sizes, leading zeros one by one."""
    words, place = [], 0
    for size in sizes:
        group = number[place : place + size]
        place += size
        words += ["zéro"] * (len(group) - len(group.lstrip("0")))
        if group.strip("0"):
            words.append(in_words(int(group), FR))
    return " ".join(words)


numbers = st.builds(
    "{}{:02}{:02}{:02}{:03}{:03}".format,
    st.sampled_from([1, 2]),
    st.integers(0, 99),
    st.integers(1, 12),
    st.integers(1, 95).filter(lambda department: department != 20),
    st.integers(1, 990),
    st.integers(1, 999),
).map(lambda number: number + nir.calc_check_digits(number))


@given(numbers)
def test_a_dictated_nir_is_found_by_its_key(number: str) -> None:
    found = identifier([dictated(number, (1, 2, 2, 2, 3, 3, 2))], FR, NIR_SHAPE)
    # Another way to write it down may have a right key too, once in a hundred: then the record decides.
    assert found is not None
    assert is_valid(found, Check.NIR)
    shape = Shape(15, 15, Check.NIR, lambda written: written == number)
    assert identifier([dictated(number, (1, 2, 2, 2, 3, 3, 2))], FR, shape) == number


def test_a_corsican_nir_has_its_letter() -> None:
    number = "185052a004005"
    key = nir.calc_check_digits(number.upper())
    heard = f"un quatre-vingt-cinq zéro cinq deux a zéro zéro quatre zéro zéro cinq {dictated(key, (2,))}"
    assert identifier([heard], FR, NIR_SHAPE) == f"{number.upper()}{key}"


def test_a_wrong_key_is_refused() -> None:
    assert identifier(["un 85 03 75 116 185 38"], FR, NIR_SHAPE) is None
    assert identifier(["un 85 03 75 116 185 37"], FR, NIR_SHAPE) == "185037511618537"


def test_the_length_chooses_among_segmentations() -> None:
    heard = ["soixante dix-huit vingt deux"]
    assert identifier(heard, FR, Shape(4, 4)) == "7822"
    assert identifier(heard, FR, Shape(7, 7)) == "6018202"
    assert identifier(heard, FR, Shape(9, 9)) is None


def test_a_later_reading_of_the_right_length_wins() -> None:
    heard = ["five two six oh one eight one", "five two six oh one eight one five"]
    assert identifier(heard, EN, Shape(8, 8)) == "52601815"


def test_the_record_outweighs_naturalness() -> None:
    known: Callable[[str], bool] = {"6018"}.__contains__
    assert identifier(["soixante dix-huit"], FR, Shape(2, 5, is_known=known)) == "6018"
    assert identifier(["soixante dix-neuf"], FR, Shape(2, 5, is_known=known)) == "79"


@pytest.mark.parametrize(
    ("written", "check"),
    [
        ("732829320", Check.SIREN),
        ("73282932000074", Check.SIRET),
        ("0701987765493", Check.FISCAL),
        ("79927398713", Check.LUHN),
        ("185037511618537", Check.NIR),
    ],
)
def test_keys_are_those_of_the_official_examples(written: str, check: Check) -> None:
    assert is_valid(written, check)
    wrong = written[:-1] + str((int(written[-1]) + 1) % 10)
    assert not is_valid(wrong, check)


@given(st.lists(st.text("0123456789", min_size=1, max_size=6), max_size=6))
def test_what_is_chosen_fits_and_was_read(written: list[str]) -> None:
    found = choose(written, Shape(3, 5, Check.LUHN))
    assert (found is None) == (not any(3 <= len(one) <= 5 and luhn.is_valid(one) for one in written))
    assert found is None or found in written
