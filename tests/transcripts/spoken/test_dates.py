from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.transcripts.spoken.calendar_words import month_names
from guichet.transcripts.spoken.dates import birth_date, birth_dates
from guichet.transcripts.spoken.numbers import in_words

FR, EN = Language.FR, Language.EN
TODAY = date(2026, 7, 15)
DAYS = st.dates(date(1910, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("le trois mars quatre-vingt-cinq", "1985-03-03"),
        ("le 3 mars 85", "1985-03-03"),
        ("3/3/85", "1985-03-03"),
        ("03.03.1985", "1985-03-03"),
        ("03031985", "1985-03-03"),
        ("1985-03-03", "1985-03-03"),
        ("né le premier avril mille neuf cent soixante et onze", "1971-04-01"),
        ("le 1er avril 1971", "1971-04-01"),
        ("lundi vingt-deux août dix-neuf cent quarante-quatre", "1944-08-22"),
        ("vingt deux trois quatre vingt cinq", "1985-03-22"),
        ("zéro trois zéro trois dix neuf cent quatre vingt cinq", "1985-03-03"),
        ("le dix-sept mai mille neuf cent nonante-sept", "1997-05-17"),
        ("onze deux deux mille quatre", "2004-02-11"),
        ("je suis née le vingt et un juin vingt", "2020-06-21"),
    ],
)
def test_a_french_birth_date_is_read(text: str, iso: str) -> None:
    assert birth_date(text, FR, TODAY) == date.fromisoformat(iso)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("the third of March nineteen eighty five", "1985-03-03"),
        ("march third nineteen eighty five", "1985-03-03"),
        ("March 3rd 1985", "1985-03-03"),
        ("3rd of the 3rd 1985", "1985-03-03"),
        ("oh three oh three eighty five", "1985-03-03"),
        ("zero three zero three one nine eight five", "1985-03-03"),
        ("twenty first of june two thousand and four", "2004-06-21"),
        ("june the thirtieth twenty twelve", "2012-06-30"),
        ("three twenty five eighty five", "1985-03-25"),
        ("twenty sixth of april nineteen oh nine", "1909-04-26"),
        ("26th of April 1920 9", "1929-04-26"),
        ("i was born on the second of may nineteen fifty two", "1952-05-02"),
    ],
)
def test_an_english_birth_date_is_read(text: str, iso: str) -> None:
    assert birth_date(text, EN, TODAY) == date.fromisoformat(iso)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("march of nineteen eighty five", EN),
        ("march twenty five", EN),
        ("fort march nineteen eighty five", EN),
        ("the third of march", EN),
        ("30/02/1985", FR),
        ("mars quatre-vingt-cinq", FR),
        ("le 3 mars 2027", FR),
        ("le 3 mars 1885", FR),
        ("mars avril 85", FR),
        ("demain", FR),
        ("", FR),
    ],
)
def test_what_is_no_birth_date_is_none(text: str, language: Language) -> None:
    assert birth_dates(text, language, TODAY) == ()


def test_a_short_year_is_of_this_century_unless_it_would_be_in_the_future() -> None:
    assert birth_dates("14/7/26", FR, TODAY)[0] == date(2026, 7, 14)
    assert birth_dates("16/7/26", FR, TODAY) == (date(1926, 7, 16),)


def test_both_centuries_and_both_orders_are_kept_the_likelier_first() -> None:
    assert birth_dates("three four twelve", EN, TODAY)[:2] == (date(2012, 4, 3), date(1912, 4, 3))
    assert date(2012, 3, 4) in birth_dates("three four twelve", EN, TODAY)


@given(DAYS)
def test_every_date_said_in_french_is_read(born: date) -> None:
    day = "premier" if born.day == 1 else in_words(born.day, FR)
    said = f"{day} {month_names(FR)[born.month - 1]} {in_words(born.year, FR)}"
    assert birth_date(said, FR, TODAY) == born


@given(DAYS)
def test_every_date_said_in_english_is_read(born: date) -> None:
    short = born.year % 100
    year = f"{in_words(born.year // 100, EN)} {in_words(short, EN)}" if short > 9 else in_words(born.year, EN)
    said = f"{month_names(EN)[born.month - 1]} the {in_words(born.day, EN)} {year}"
    assert born in birth_dates(said, EN, TODAY)
    said = f"the {in_words(born.day, EN)} of {month_names(EN)[born.month - 1]} {year}"
    assert birth_date(said, EN, TODAY) == born


@given(DAYS, st.sampled_from(["{:%d/%m/%Y}", "{:%d%m%Y}", "{:%Y-%m-%d}", "{:%d %m %Y}"]), st.sampled_from(Language))
def test_every_written_date_is_read(born: date, form: str, language: Language) -> None:
    assert birth_date(form.format(born), language, TODAY) == born


@given(st.text(max_size=50), st.sampled_from(Language))
def test_any_text_gives_dates_of_the_living_or_nothing(text: str, language: Language) -> None:
    found = birth_dates(text, language, TODAY)
    assert all(TODAY - timedelta(days=366 * 121) < born <= TODAY for born in found)
    assert len(set(found)) == len(found)
