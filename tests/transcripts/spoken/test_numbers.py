import pytest
from hypothesis import given
from hypothesis import strategies as st
from text_to_num import text2num

from guichet.core.language import Language
from guichet.transcripts.spoken.numbers import LARGEST, in_words, number

FR, EN = Language.FR, Language.EN


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("quatre-vingt-dix-sept", 97),
        ("quatre vingts", 80),
        ("soixante et onze", 71),
        ("soixante-et-onze", 71),
        ("vingt et un", 21),
        ("septante deux", 72),
        ("huitante trois", 83),
        ("octante", 80),
        ("nonante et un", 91),
        ("cent", 100),
        ("deux cents", 200),
        ("dix-neuf cent quatre-vingt-cinq", 1985),
        ("mille neuf cent quatre-vingt-cinq", 1985),
        ("deux mille vingt-six", 2026),
        ("soixante-quinze mille douze", 75012),
        ("3 500", 3500),
        ("Zéro", 0),
    ],
)
def test_a_french_number_is_read(text: str, value: int) -> None:
    assert number(text, FR) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one hundred and five", 105),
        ("a hundred", 100),
        ("nineteen hundred and five", 1905),
        ("two thousand and four", 2004),
        ("forty-two", 42),
        ("three million two hundred thousand and one", 3_200_001),
        ("oh", 0),
    ],
)
def test_an_english_number_is_read(text: str, value: int) -> None:
    assert number(text, EN) == value


@pytest.mark.parametrize(
    "text", ["", "bonjour", "deux dossiers", "deux trois", "vingt zéro", "cent mille mille", "1 2 3"]
)
def test_what_is_not_one_number_is_none(text: str) -> None:
    assert number(text, FR) is None


@given(st.integers(0, LARGEST), st.sampled_from(Language))
def test_every_number_is_read_back_from_its_words(value: int, language: Language) -> None:
    assert number(in_words(value, language), language) == value


@given(st.integers(0, LARGEST), st.sampled_from(Language))
def test_another_reader_of_numbers_agrees(value: int, language: Language) -> None:
    # With hyphens and "et" as this reader wants them.
    assert text2num(in_words(value, language).replace("-et-", " et "), language.value) == value


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (71, "soixante et onze", "seventy-one"),
        (80, "quatre-vingts", "eighty"),
        (81, "quatre-vingt-un", "eighty-one"),
        (99, "quatre-vingt-dix-neuf", "ninety-nine"),
        (200, "deux cents", "two hundred"),
        (80_000, "quatre-vingt mille", "eighty thousand"),
        (200_000, "deux cent mille", "two hundred thousand"),
        (2_000_000, "deux millions", "two million"),
        (1105, "mille cent cinq", "one thousand one hundred and five"),
    ],
)
def test_words_are_those_of_the_schoolbook(value: int, french: str, english: str) -> None:
    assert (in_words(value, FR), in_words(value, EN)) == (french, english)


@pytest.mark.parametrize("value", [-1, LARGEST + 1])
def test_numbers_beyond_the_words_are_refused(value: int) -> None:
    with pytest.raises(ValueError, match="only numbers"):
        in_words(value, FR)
