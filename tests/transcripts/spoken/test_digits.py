import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.spoken.digits import digit_readings, digit_strings, groups, stray_groups
from guichet.transcripts.spoken.lattice import Bounds
from guichet.transcripts.spoken.numbers import in_words

FR, EN = Language.FR, Language.EN
RIGMAROLE = ("un", "deux", "quatre", "six", "dix", "vingt", "soixante", "cent", "mille", "et", "double", "zéro", "onze")


@pytest.mark.parametrize(
    ("text", "language", "readings"),
    [
        ("zéro six douze trente-quatre", FR, ("061234", "0612304")),
        ("soixante dix-huit", FR, ("78", "6018", "708", "60108")),
        ("quatre vingt", FR, ("80", "420")),
        ("vingt deux", FR, ("22", "202")),
        ("soixante et onze", FR, ("71", "6011")),
        ("trente un", FR, ("301", "31")),
        ("quatre vingt un", FR, ("81", "801", "4201", "421")),
        ("septante huitante nonante", FR, ("708090",)),
        ("double zéro sept", FR, ("007",)),
        ("trois fois le sept", FR, ("777", "37")),
        ("06 12 34", FR, ("061234",)),
        ("double three", EN, ("33",)),
        ("triple oh", EN, ("000",)),
        ("oh seven", EN, ("07",)),
        ("nineteen eighty-five", EN, ("1985", "19805")),
        ("06 twelve", EN, ("0612",)),
    ],
)
def test_every_way_to_write_it_is_kept_the_natural_one_first(
    text: str, language: Language, readings: tuple[str, ...]
) -> None:
    assert digit_strings(text, language) == readings


def test_a_hyphen_ties_what_it_joins() -> None:
    tied, loose = (digit_readings(text, FR)[1].cost for text in ("trente-quatre", "trente quatre"))
    assert tied > loose


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("alors euh c'est le douze trente-quatre", FR),
        ("mon numéro de dossier est le 12 34 merci", FR),
        ("it's um twelve thirty four please", EN),
        ("non pardon douze trente-quatre", FR),
        ("five six no sorry twelve thirty four", EN),
        ("[unk] twelve thirty four", EN),
    ],
)
def test_what_stands_around_a_number_is_passed_over(text: str, language: Language) -> None:
    assert digit_strings(text, language)[0] == "1234"


def test_a_word_that_sounds_like_a_number_counts_beside_numbers() -> None:
    assert digit_strings("four five to seven", EN) == ("4527", "457")
    assert digit_strings("i want to talk for free", EN) == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [("je voudrais parler à un agent", FR), ("i have two children at school", EN), ("", FR), ("euh", FR)],
)
def test_a_sentence_is_no_number(text: str, language: Language) -> None:
    assert digit_strings(text, language) == ()


def test_a_ten_and_a_unit_that_were_written_apart_may_be_one_number() -> None:
    assert digit_strings("20 2", FR) == ("202", "22")


@given(st.lists(st.integers(0, 99), min_size=1, max_size=8), st.sampled_from(Language))
def test_numbers_said_in_groups_are_among_the_readings(numbers: list[int], language: Language) -> None:
    meant = "".join(map(str, numbers))
    said = " ".join(in_words(value, language) for value in numbers)
    found = digit_readings(said, language, Bounds(len(meant), len(meant), 2048))
    assert meant in {reading.written for reading in found}


@given(st.text("0123456789", min_size=1, max_size=20), st.sampled_from(Language))
def test_digits_said_one_by_one_without_a_ten_read_only_as_themselves(digits: str, language: Language) -> None:
    said = " ".join(in_words(int(digit), language) for digit in digits)
    assert digit_strings(said, language) == (digits,)


@given(st.text(max_size=60), st.sampled_from(Language))
def test_any_text_gives_few_distinct_strings_of_digits_in_order(text: str, language: Language) -> None:
    found = digit_readings(text, language)
    assert len({reading.written for reading in found}) == len(found) <= Bounds().kept
    assert all(reading.written.isdigit() and 1 <= len(reading.written) <= 20 for reading in found)


@given(st.lists(st.sampled_from(RIGMAROLE), max_size=25))
def test_a_long_rigmarole_stays_bounded(words: list[str]) -> None:
    assert len(digit_strings(" ".join(words), FR, 1, 40)) <= Bounds().kept


def test_groups_are_the_longest_numbers() -> None:
    assert groups("twenty one oh six", EN) == ("21", "0", "6")


def test_longer_numbers_among_digits_are_stray() -> None:
    assert stray_groups("one two thirty four five six", EN) == 1
    assert stray_groups("eighty three one two four zero two thirty", EN) == 2
    assert stray_groups("twelve thirty four fifty six", EN) == 0
    assert stray_groups("one two three four five six", EN) == 0
    assert stray_groups("un quatre deux trois soixante cinq", FR) == 0
