import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.heard import FileNumber, Heard
from guichet.transcripts.number_words import DIGITS
from guichet.transcripts.spoken.file_numbers import file_numbers
from guichet.transcripts.understand import MOST_READINGS, understand


@pytest.mark.parametrize(
    ("language", "said", "number"),
    [
        ("fr", "deux mille vingt-quatre L O G zéro zéro cent vingt-trois", "2024log00123"),
        ("fr", "mon numéro de dossier c'est le 2024 elle o gé 00 123", "2024log00123"),
        ("fr", "B comme Berthe un deux trois quatre cinq", "b12345"),
        ("fr", "quatre-vingt-dix-sept douze trente et un", "971231"),
        ("en", "two oh two four L for Lima double oh one two three", "2024l00123"),
        ("en", "twenty twenty four dash oh one two", "2024012"),
        ("en", "my file number is 4 5 6 7 8 9", "456789"),
    ],
)
def test_digits_and_letters_are_read(language: str, said: str, number: str) -> None:
    assert number in file_numbers(said, Language(language))


@pytest.mark.parametrize("said", ["je ne sais pas", "un agent", "douze", "", "une place en crèche pour mon fils"])
def test_what_is_no_number_gives_none(said: str) -> None:
    assert file_numbers(said, Language.FR) == ()


def test_the_value_has_the_readings_of_all_that_was_heard_one_a_line() -> None:
    heard = Heard(Language.FR, "soixante-dix-huit douze trente", alternatives=("soixante-dix-huit douze trois",))
    value = understand(heard, FileNumber())
    assert value is not None
    assert {"781230", "78123"} <= set(value.split("\n"))
    assert len(value.split("\n")) <= MOST_READINGS
    assert understand(Heard(Language.FR, "je ne sais pas"), FileNumber()) is None


@given(st.sampled_from(Language), st.lists(st.integers(0, 9), min_size=4, max_size=12))
def test_digits_said_one_by_one_come_back(language: Language, numbers: list[int]) -> None:
    said = " ".join(DIGITS[language][number] for number in numbers)
    assert "".join(map(str, numbers)) in file_numbers(said, language)
