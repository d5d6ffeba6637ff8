"""Values out of readings: plainly spoken digits, answers, letters, dates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.heard import (
    Digits,
    Expectation,
    FreeSpeech,
    Heard,
    Letters,
    OneOf,
    Postcode,
    SpokenDate,
    Telephone,
    YesNo,
)
from guichet.transcripts.number_words import DIGITS, below_hundred
from guichet.transcripts.understand import understand


def value(language: str, expects: Expectation, *readings: str) -> str | None:
    return understand(Heard(Language(language), readings[0], alternatives=readings[1:]), expects)


@pytest.mark.parametrize(
    ("language", "said", "number"),
    [
        ("en", "one two three four five six seven eight", "12345678"),
        ("en", "oh seven double three nine triple one", "07339111"),
        ("en", "nineteen eighty five", "1985"),
        ("en", "my number is forty two oh seven", "4207"),
        ("en", "two hundred and five seven hundred", "205700"),
        ("fr", "zéro six vingt-quatre soixante et onze quatre-vingt-dix-sept quatre vingts", "0624719780"),
        ("fr", "deux cent trente un", "2301"),
        ("fr", "septante deux nonante et un", "7291"),
        ("fr", "c'est le 12 34", "1234"),
        ("en", "hello", None),
    ],
)
def test_numbers_are_read_in_digits_and_groups(language: str, said: str, number: str | None) -> None:
    assert value(language, Digits(), said) == number


def test_a_number_of_the_right_length_is_chosen_among_the_readings() -> None:
    assert value("en", Digits(4, 4), "one two three", "one two three four") == "1234"
    assert value("en", Digits(4, 4), "one two three") is None


def test_a_lone_group_among_digits_gives_way_to_the_digits_alone() -> None:
    mixed, single = "eight three one two four zero two thirty", "eight three one two four zero two three"
    assert value("en", Digits(), mixed, single) == "83124023"
    assert value("en", Digits(), mixed) == "831240230"


@given(st.sampled_from(Language), st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_digits_said_one_by_one_come_back(language: Language, numbers: list[int]) -> None:
    said = " ".join(DIGITS[language][number] for number in numbers)
    if language is Language.EN:
        assert value("en", Digits(), said) == "".join(map(str, numbers))
    else:  # in French, neighbours may join ("quatre vingt"): not from digits alone
        assert value("fr", Digits(), said) == "".join(map(str, numbers))


@given(st.sampled_from(Language), st.integers(0, 99))
def test_every_number_below_a_hundred_comes_back(language: Language, number: int) -> None:
    assert value(language.value, Digits(), below_hundred(language)[number]) == str(number)


@pytest.mark.parametrize(
    ("language", "said", "answer"),
    [
        ("en", "yes", "yes"),
        ("en", "yeah that's right", "yes"),
        ("en", "that's not right", "no"),
        ("en", "no thank you", "no"),
        ("en", "well perhaps", None),
        ("en", "yes no", None),
        ("fr", "ouais c'est ça", "yes"),
        ("fr", "tout à fait", "yes"),
        ("fr", "non merci", "no"),
        ("fr", "ah non pas du tout", "no"),
        ("fr", "je ne sais pas", None),
    ],
)
def test_yes_and_no_have_their_everyday_forms(language: str, said: str, answer: str | None) -> None:
    assert value(language, YesNo(), said) == answer


@pytest.mark.parametrize(
    ("language", "said", "spelt"),
    [
        ("en", "a b", "AB"),
        ("en", "m for mike double o zed", "MOOZ"),
        ("en", "b as in papa x ray", "PX"),
        ("en", "sierra mike", "SM"),
        ("fr", "a comme anatole b comme berthe", "AB"),
        ("fr", "double v i grec double l", "WYLL"),
        ("en", "hello", None),
    ],
)
def test_letters_are_read_plain_and_spelt(language: str, said: str, spelt: str | None) -> None:
    assert value(language, Letters(), said) == spelt


@pytest.mark.parametrize(
    ("language", "said", "day"),
    [
        ("en", "the third of march nineteen eighty five", "1985-03-03"),
        ("en", "march third nineteen eighty five", "1985-03-03"),
        ("en", "twenty first of july two thousand and five", "2005-07-21"),
        ("en", "thirty first december twenty ten", "2010-12-31"),
        ("en", "oh three oh three nineteen eighty five", "1985-03-03"),
        ("en", "one two oh four one nine seven six", "1976-04-12"),
        ("en", "thirtieth of february two thousand", None),
        ("en", "the third of march", None),
        ("fr", "le trois mars quatre-vingt-cinq", "1985-03-03"),
        ("fr", "le premier août mille neuf cent soixante-douze", "1972-08-01"),
        ("fr", "vingt et un juillet deux mille cinq", "2005-07-21"),
        ("fr", "deux mars deux mille", "2000-03-02"),
        ("fr", "03031985", "1985-03-03"),
        ("fr", "trois trois dix-neuf quatre-vingt-cinq", "1985-03-03"),
    ],
)
def test_dates_are_read(language: str, said: str, day: str | None) -> None:
    assert value(language, SpokenDate(), said) == day


def test_a_choice_is_taken_when_it_is_near_and_alone() -> None:
    names = OneOf(("Camille Durand", "Alex Durand"))
    assert value("fr", names, "camille durant") == "Camille Durand"
    assert value("fr", names, "durand") is None
    assert value("fr", names, "", "alex durand") == "Alex Durand"


def test_free_speech_is_its_own_value() -> None:
    assert value("fr", FreeSpeech(), "bonjour") == "bonjour"
    assert value("fr", FreeSpeech(), "") is None


@given(st.text(max_size=60), st.sampled_from(Language))
def test_no_text_breaks_it(text: str, language: Language) -> None:
    for expects in (Digits(), YesNo(), Letters(), SpokenDate(), OneOf(("a", "b"))):
        understand(Heard(language, text), expects)


@pytest.mark.parametrize(
    ("language", "said", "number"),
    [
        ("fr", "zéro six trente neuf quatre vingt dix huit dix zéro un", "+33639981001"),
        ("fr", "plus trente trois six trente neuf quatre vingt dix huit dix zéro un", "+33639981001"),
        ("fr", "zéro six trente neuf", None),
        ("en", "oh six three nine nine eight one double oh one", "+33639981001"),
        ("en", "oh seven seven double oh nine double oh one two three", "+447700900123"),
        ("en", "plus four four seven seven double oh nine double oh one two three", "+447700900123"),
    ],
)
def test_a_telephone_number_is_heard_from_here_and_from_abroad(language: str, said: str, number: str | None) -> None:
    assert value(language, Telephone(), said) == number


def test_every_reading_of_a_postcode_is_kept() -> None:
    assert value("fr", Postcode(), "soixante quinze zéro douze", "soixante quinze mille douze") == "75012"
    assert (value("fr", Postcode(), "quatre vingt dix mille", "quatre vingt onze mille") or "").split("\n") == [
        "90000",
        "91000",
    ]
    assert "06200" in (value("fr", Postcode(), "six mille deux cents") or "")
    assert value("en", Postcode(), "seven five oh one two") == "75012"
    assert value("fr", Postcode(), "je ne sais pas") is None
