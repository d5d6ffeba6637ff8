from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.citizens.birth_date import (
    DAY_AND_MONTH,
    LONE_PART,
    NO_PART,
    DateReading,
    date_readings,
    date_similarity,
    possible_dates,
)

DATES = [date(1985, 3, 3), date(1979, 9, 27), date(1960, 12, 10), date(1995, 3, 3), date(2004, 6, 22)]


@pytest.mark.parametrize(
    ("heard", "place"),
    [
        ("27th of the 9th 1979", 1),
        ("the twenty-seventh of September nineteen seventy nine", 1),
        ("27 9 1970 9", 1),
        ("27/09/1979", 1),
        ("vingt-sept septembre mille neuf cent soixante-dix-neuf", 1),
        ("le vingt-sept neuf soixante dix neuf", 1),
        ("le trois mars quatre-vingt-cinq", 0),
        ("3 mars 1985", 0),
        ("03 03 85", 0),
        ("dix décembre soixante", 2),
        ("22nd of June 2000 and 4", 4),
        ("27th of September 1970 9th", 1),
        ("O3 o3 1985", 0),
    ],
)
def test_a_date_is_known_however_it_is_said(heard: str, place: int) -> None:
    found = date_similarity([heard], DATES)
    assert found is not None
    assert found.argmax() == place
    assert found[place] > 0.9


def test_a_swap_of_day_and_month_is_close_but_not_the_same() -> None:
    found = date_similarity(["12 10 1960"], DATES)
    assert found is not None
    assert 0.85 < found[2] < 0.99


def test_a_wrong_century_is_close_but_not_the_same() -> None:
    found = date_similarity(["27 septembre 2079"], DATES)
    assert found is not None
    assert found.argmax() == 1
    assert 0.7 < found[1] < 0.99


def test_a_lone_day_or_month_helps_a_little_and_harms_nobody() -> None:
    found = date_similarity(["2nd May", "second"], [date(1964, 8, 2), date(1964, 8, 3)])
    lone = date_similarity(["septembre"], DATES)
    assert found is not None
    assert lone is not None
    assert lone.argmax() == 1
    assert lone.min() >= 0.8


def test_what_holds_no_date_is_no_evidence() -> None:
    assert date_similarity(["euh je ne sais pas", ""], DATES) is None


def test_a_reading_may_stand_for_several_dates() -> None:
    assert possible_dates(DateReading(0, "1121960")) == {date(1960, 2, 11), date(1960, 12, 1), date(1960, 1, 12)} | {
        date(1960, 11, 2)
    }
    assert possible_dates(DateReading(3, "385")) == {date(1985, 3, 3), date(2085, 3, 3)}
    assert possible_dates(DateReading(2, "301999")) == set()


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.sampled_from(["{:%d/%m/%Y}", "{:%d %m %Y}", "{:%Y-%m-%d}"]))
def test_every_date_agrees_with_itself(born: date, form: str) -> None:
    found = date_similarity([form.format(born)], [born])
    assert found is not None
    assert found[0] >= 0.97


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    found = date_similarity([text], DATES)
    assert found is None or ((found >= 0) & (found <= 1)).all()
    assert all(reading.digits.isdigit() for reading in date_readings(text))


def test_a_day_and_month_without_the_year_help_and_never_speak_against() -> None:
    dates = [date(1978, 10, 9), date(1978, 10, 8), date(1978, 4, 9), date(1978, 4, 8)]
    found = date_similarity(["October 9th"], dates)
    assert found is not None
    assert list(found) == [DAY_AND_MONTH, LONE_PART, LONE_PART, NO_PART]
    french = date_similarity(["le neuf octobre"], dates)
    assert french is not None
    assert list(french) == list(found)


def test_beside_a_fuller_reading_a_date_cut_short_says_nothing() -> None:
    dates = [date(1978, 10, 9), date(1951, 10, 9)]
    alone, both = (date_similarity(heard, dates) for heard in (["9 octobre 1978"], ["9 octobre 1978", "9 octobre"]))
    assert alone is not None
    assert both is not None
    assert list(alone) == list(both)
